// Thermodynamics that a simulation wrote: columns.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "vitrum/analysis/thermo/thermo_log.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/pipeline/estimators/column_choice.hpp"
#include "vitrum/pipeline/estimators/rows.hpp"

namespace vitrum::pipeline {

namespace {

// Columns that are there, by their names; energies per atom.
analysis::ThermoLog log_from(const Columns& table) {
    const auto values = [&](const std::vector<std::string>& names) {
        const Column* column = table.find(names);
        return column ? column->values : std::vector<double>{};
    };
    const auto in = [&](const std::vector<std::string>& names, Dimension dimension) {
        const Column* column = table.find(names);
        return column ? native(*column, dimension) : std::vector<double>{};
    };
    analysis::ThermoLog log;
    log.temperature = in({"temperature", "T"}, Dimension::temperature);
    log.pressure = in({"pressure", "P"}, Dimension::pressure);
    log.potential_energy = in({"potential_energy", "U"}, Dimension::energy);
    log.total_energy = in({"total_energy", "E"}, Dimension::energy);
    log.conserved_energy = in({"conserved_energy"}, Dimension::energy);
    log.volume = in({"volume", "V"}, Dimension::volume);
    log.mass = values({"mass"});
    log.target_temperature = in({"target_temperature"}, Dimension::temperature);
    log.target_pressure = in({"target_pressure"}, Dimension::pressure);
    log.inherent_energy = in({"inherent_energy"}, Dimension::energy);
    log.inherent_pressure = in({"inherent_pressure"}, Dimension::pressure);
    log.inherent_volume = in({"inherent_volume"}, Dimension::volume);
    return log;
}

}  // namespace

Estimator read_thermo_log(Section& options, DataKind) {
    analysis::ThermoLogOptions o;
    o.discard = options.optional_number("discard");
    if (o.discard && !(*o.discard >= 0 && *o.discard < 1))
        options.fail("discard", "is a share of the rows, from 0 to below 1");
    o.long_ramp = options.quantity("long_ramp", Dimension::temperature, o.long_ramp);
    return on<Columns>([o](const Columns& table) {
        const analysis::ThermoLog log = log_from(table);
        if (log.rows() == 0)
            throw InputError(
                fmt::format("'{}' has none of the columns temperature, pressure, potential_energy, "
                            "total_energy, volume, inherent_energy",
                            table.file.string()));
        return with_remarks(analysis::thermo_log(log, o), table.remarks);
    });
}

}  // namespace vitrum::pipeline
