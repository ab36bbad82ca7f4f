// What a finished stage says: means with blocked errors, drift of the conserved energy, and whether it was on target.
#pragma once

#include <string>
#include <vector>

#include "vitrum/core/numerics/statistics.hpp"
#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::sim {

struct StageSummary {
    // Of hold and anneal over their second half, of a sample over all of it, of a melt over its second half, of a
    // minimised copy its one value without error. Ramps have none: their curves say more.
    bool has_means = false;
    std::size_t rows = 0;          // behind each mean
    BlockedMean temperature;       // [K]
    BlockedMean pressure;          // [GPa] virial and kinetic; of a minimised copy virial alone
    BlockedMean potential_energy;  // [eV] per atom
    BlockedMean enthalpy;          // [eV] per atom: kinetic + potential + P V, P the target, or the mean in a sample
    BlockedMean volume;            // [angstrom^3] per atom
    BlockedMean density;           // [g/cm^3]

    // Change of the conserved energy over the stage, last quarter less first quarter times 4/3 [eV per atom]: of hold,
    // anneal and melt with what thermostat and barostat took. Without a value for ramps and minimised copies.
    bool has_drift = false;
    BlockedMean drift;

    std::vector<std::string> warnings;  // "stage 'hold': ..."
};

// Warnings: a mean temperature or pressure more than 4 standard errors from its target; at the end of a ramp also more
// than what a ramp of this rate lags by (rate times thermostat or barostat time, at most a tenth of the ramp); a melt
// that does not flow; a drift that amounts to a change of 1 % in temperature; a minimisation that stopped early.
[[nodiscard]] StageSummary summarise(const Protocol& protocol, const ProtocolRun& run, std::size_t stage);

}  // namespace vitrum::sim
