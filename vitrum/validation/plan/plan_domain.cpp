#include "vitrum/validation/plan/plan_domain.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <variant>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/validation/measures/named_table.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_near = 3;
constexpr double factor_beyond = 2;

// In the order of the axes.
using Place = std::vector<double>;

Place place_of(const Experiment& e) {
    return {e.tau / e.run_time(), e.mean_count, e.contrast, e.pixels,
            std::max({1.0, e.grain_radial, e.grain_transverse})};
}

// Empty if the cell is no plain speckle.
Place place_of(const Cell& cell) {
    for (const auto& source : cell.scenario.sources)
        for (const auto& unit : source.units)
            if (const auto* s = std::get_if<pipeline::PlainSpeckle>(&unit.law))
                return {s->tau / (static_cast<double>(s->frames) * s->frame_time), s->mean_count, 1.0 / s->modes,
                        static_cast<double>(s->pixels), 1};
    return {};
}

double distance(const Place& a, const Place& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(std::log2(a[i] / b[i]), 2);
    return std::sqrt(sum);
}

}  // namespace

bool DomainAxis::outside() const { return value < low / factor_beyond || value > high * factor_beyond; }

bool Domain::inside() const {
    return !axes.empty() && std::none_of(axes.begin(), axes.end(), [](const DomainAxis& a) { return a.outside(); });
}

Domain domain_of(const Experiment& e, const Study& study) {
    Domain d;
    d.study = study.title;
    const Place here = place_of(e);
    const std::vector<std::string> names{"tau/T", "photons per pixel and frame", "contrast", "pixels",
                                         "speckle size [pixels]"};
    constexpr double far = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < names.size(); ++i) d.axes.push_back({names[i], here[i], far, 0});
    for (const auto& cell : study.cells) {
        const Place there = place_of(cell);
        if (there.empty()) continue;
        for (std::size_t i = 0; i < there.size(); ++i) {
            d.axes[i].low = std::min(d.axes[i].low, there[i]);
            d.axes[i].high = std::max(d.axes[i].high, there[i]);
        }
        d.nearest.push_back({cell.label, distance(here, there), {}});
    }
    if (d.nearest.empty()) return {};
    std::stable_sort(d.nearest.begin(), d.nearest.end(),
                     [](const NearCell& a, const NearCell& b) { return a.distance < b.distance; });
    d.nearest.resize(std::min(most_near, d.nearest.size()));
    return d;
}

void quote(Domain& domain, const fs::path& measures) {
    const NamedTable table(measures);
    const auto cell = table.column("cell", {});
    const auto quantity = table.column("quantity", {});
    const auto measure = table.column("measure", {});
    const auto truth = table.column("truth", {});
    const auto value = table.column("value", {});
    for (auto& near : domain.nearest)
        for (const char* wanted : {"tau", "beta", "contrast"}) {
            std::map<std::string, double> found;
            for (const auto& row : table.rows()) {
                if (row.fields[cell] != near.label || row.fields[quantity] != wanted) continue;
                found[row.fields[measure]] = table.number(row, value);
                found["truth"] = table.number(row, truth);
            }
            if (!found.count("bias") || !found.count("coverage")) continue;
            near.stored.push_back(fmt::format("{}: bias {:+.2g} % of the truth, coverage {:.3f}", wanted,
                                              100 * found["bias"] / found["truth"], found["coverage"]));
        }
    domain.result = measures.string();
}

Domain delivered_domain(const Experiment& e) {
    const auto known = known_studies();
    const auto at = std::find_if(known.begin(), known.end(), [](const auto& s) { return s.name == "kww"; });
    if (at == known.end()) return {};
    Domain domain = domain_of(e, read_study(at->path, {}));
    const fs::path folder = at->path.parent_path();
    for (const auto& file : {folder / "results" / "kww.csv", folder.parent_path() / "docs" / "studies" / "kww.csv"})
        if (fs::is_regular_file(file)) {
            quote(domain, file);
            break;
        }
    return domain;
}

}  // namespace vitrum::validation
