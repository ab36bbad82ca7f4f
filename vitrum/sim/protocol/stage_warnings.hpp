// Whether a finished stage did what it was asked to.
#pragma once

#include <string>
#include <vector>

#include "vitrum/sim/protocol/protocol.hpp"

namespace vitrum::sim {

// "stage 'hold': ...": a mean temperature or pressure more than 4 standard errors from its target; at the end of a ramp
// also more than what a ramp of this rate lags by (rate times thermostat or barostat time, at most a tenth of the
// ramp); a melt that does not flow; a conserved energy whose drift amounts to a change of 1 % in temperature; a
// minimisation that stopped early.
[[nodiscard]] std::vector<std::string> stage_warnings(const Protocol& protocol, const ProtocolRun& run,
                                                      std::size_t stage);

}  // namespace vitrum::sim
