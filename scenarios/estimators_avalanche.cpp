#include <cmath>

#include <fmt/format.h>

#include "analysis/avalanche/power_law.hpp"
#include "core/error.hpp"
#include "core/event_catalogue.hpp"
#include "scenarios/analysis_options.hpp"
#include "scenarios/estimator_input.hpp"
#include "scenarios/estimator_rows.hpp"

namespace vitrum::scenarios {

EstimatorOutput estimate_power_law(const std::filesystem::path& path, Section& options) {
    analysis::PowerLawOptions o;
    o.x_min = options.number("x_min");
    o.bias_corrected = options.flag("bias_corrected", false);
    o.level = options.number("level", o.level);
    o.rejection_level = read_rejection_level(options);
    const io::CsvTable table = io::read_csv(path);
    const auto* size = column(table, options, "x", {"size", "S", "s", "energy", "x"}, 0, true);
    options.finish();
    for (std::size_t i = 0; i < size->values.size(); ++i)
        if (const double x = size->values[i]; !(x > 0) || !std::isfinite(x))
            throw InputError(
                fmt::format("'{}': size {} in row {}; a size is positive and finite", path.string(), x, i + 1));
    EventCatalogue events;
    events.name = path.stem().string();
    events.unit = size->unit;
    events.size = size->values;
    return {analysis::power_law(events, o), {}, {}};
}

}  // namespace vitrum::scenarios
