#include "vitrum/pipeline/estimators/analysis_options.hpp"

#include <array>

#include <fmt/format.h>

namespace vitrum::pipeline {

namespace {

const std::vector<std::string> weight_names{"scatter", "pairs", "errors", "equal", "covariance", "model"};
constexpr std::array normalisations{analysis::Normalisation::symmetric,  analysis::Normalisation::global,
                                    analysis::Normalisation::pearson,    analysis::Normalisation::asymmetric,
                                    analysis::Normalisation::static_map, analysis::Normalisation::static_map_time,
                                    analysis::Normalisation::boost_corr};
constexpr std::array diagonals{analysis::Diagonal::raw, analysis::Diagonal::factorial,
                               analysis::Diagonal::neighbour_mean, analysis::Diagonal::excluded};
constexpr std::array error_kinds{analysis::G2Errors::automatic, analysis::G2Errors::pixels,
                                 analysis::G2Errors::formula,   analysis::G2Errors::bootstrap,
                                 analysis::G2Errors::frames,    analysis::G2Errors::independent};

template <class Kinds, class Kind>
Kind read_named(Section& section, const std::string& key, const Kinds& kinds, Kind fallback) {
    std::vector<std::string> names;
    for (const auto kind : kinds) names.emplace_back(name(kind));
    const std::string chosen = section.choice(key, names, std::string(name(fallback)));
    for (const auto kind : kinds)
        if (name(kind) == chosen) return kind;
    return fallback;
}

void record_lag(Section& section, const std::string& key, const analysis::Lag& lag) {
    section.record(key,
                   lag.in_frames ? fmt::format("{}", lag.value) : toml_text(with_unit(lag.value, Dimension::time)));
}

}  // namespace

std::optional<analysis::Lag> read_lag(Section& section, const std::string& key) {
    const auto lag = section.lag(key);
    if (!lag) return std::nullopt;
    return analysis::Lag{lag->first, lag->second};
}

double read_rejection_level(Section& section, double fallback) {
    const double level = section.number("rejection_level", fallback);
    if (!(level >= 0 && level < 1))
        section.fail("rejection_level", fmt::format("is {}; a probability below 1, 0 to reject nothing", level));
    return level;
}

void read_map_options(Section& section, analysis::ChainOptions& options, bool static_map) {
    options.normalisation = read_named(section, "normalisation", normalisations, options.normalisation);
    // Options of a data file that may bring such a map; without one in it the map itself is refused.
    const bool named = section.has("static_regions") || section.has("qmap");
    if (analysis::uses_static_map(options.normalisation) && !static_map && !named)
        section.fail("normalisation",
                     fmt::format("'{}' needs a map of static regions: 'vitrum analyze' takes one with --static-regions "
                                 "PATH, 'vitrum estimate' with --set static_regions=PATH; the sources of a scenario "
                                 "have none",
                                 name(options.normalisation)));
    options.diagonal = read_named(section, "diagonal", diagonals, options.diagonal);
    options.errors = read_named(section, "errors", error_kinds, options.errors);
    if (const auto block = read_lag(section, "block_length")) {
        if (options.errors != analysis::G2Errors::bootstrap)
            section.fail("block_length", "belongs to errors = \"bootstrap\"");
        options.block_length = block;
    } else if (options.block_length) {
        record_lag(section, "block_length", *options.block_length);
    }
}

analysis::ChainOptions read_chain(Section& section, const analysis::ChainOptions& fallback, bool static_map) {
    analysis::ChainOptions o = fallback;
    if (const auto lag = read_lag(section, "min_lag"))
        o.min_lag = *lag;
    else
        record_lag(section, "min_lag", o.min_lag);
    if (const auto lag = read_lag(section, "max_lag")) {
        o.max_lag = lag;
        if (o.max_lag->in_frames == o.min_lag.in_frames && o.max_lag->value <= o.min_lag.value)
            section.fail("max_lag", fmt::format("is {}, not beyond min_lag = {}", o.max_lag->value, o.min_lag.value));
    } else if (o.max_lag) {
        record_lag(section, "max_lag", *o.max_lag);
    }
    const std::string weights =
        section.choice("weights", weight_names, weight_names.at(static_cast<std::size_t>(o.weights)));
    for (std::size_t i = 0; i < weight_names.size(); ++i)
        if (weight_names[i] == weights) o.weights = static_cast<analysis::KwwWeights>(i);
    if (const auto value = section.optional_number("baseline"))
        o.baseline = value;
    else if (o.baseline)
        section.record("baseline", toml_number(*o.baseline));
    if (const auto value = section.optional_number("beta")) {
        if (!(*value > 0)) section.fail("beta", fmt::format("is {}; an exponent is positive", *value));
        o.beta = value;
    } else if (o.beta) {
        section.record("beta", toml_number(*o.beta));
    }
    o.profile = section.choice("intervals", {"linear", "profile"}, o.profile ? "profile" : "linear") == "profile";
    read_map_options(section, o, static_map);
    if (section.has("shift_window"))
        o.shift_window = section.count("shift_window", 1);
    else if (o.shift_window > 0)
        section.record("shift_window", fmt::format("{}", o.shift_window));
    const bool formula = o.noise == analysis::NoiseSource::formula;
    o.noise = section.choice("noise", {"split", "formula"}, formula ? "formula" : "split") == "formula"
                  ? analysis::NoiseSource::formula
                  : analysis::NoiseSource::split;
    o.heterogeneity = section.flag("heterogeneity", o.heterogeneity);
    const std::int64_t ages = section.integer("ages", static_cast<std::int64_t>(o.ages));
    if (ages < 0) section.fail("ages", fmt::format("is {}; 0 = none", ages));
    o.ages = static_cast<std::size_t>(ages);
    const bool forward = o.cut == analysis::AgeCut::forward;
    o.cut = section.choice("cut", {"centred", "forward"}, forward ? "forward" : "centred") == "forward"
                ? analysis::AgeCut::forward
                : analysis::AgeCut::centred;
    o.rejection_level = read_rejection_level(section, o.rejection_level);
    return o;
}

}  // namespace vitrum::pipeline
