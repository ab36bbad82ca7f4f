#include "vitrum/pipeline/read/pixel_choice.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/analysis/speckle/hot_pixels.hpp"
#include "vitrum/analysis/speckle/pixel_regions.hpp"
#include "vitrum/core/data/detector_geometry.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/io/text/poni_file.hpp"

namespace vitrum::pipeline {

namespace {

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

// Of the pixels as they are in the series, after adding.
DetectorGeometry geometry_of(const PixelChoice& choice, const io::FrameChoice& frames, const Beamline& b) {
    const auto rows = static_cast<double>(frames.bin_rows);
    const auto columns = static_cast<double>(frames.bin_columns);
    DetectorGeometry g;
    if (!choice.poni.empty()) g = io::read_poni(choice.poni);
    const auto fill = [](double& to, double value) {
        if (!std::isfinite(to)) to = value;
    };
    fill(g.pixel_1, b.pixel_size / columns);  // the reader made it that of added pixels
    fill(g.pixel_2, b.pixel_size / columns);
    fill(g.distance, b.distance);
    fill(g.wavelength, kev_angstrom / b.energy);
    if (choice.pixel) g.pixel_1 = g.pixel_2 = *choice.pixel;
    if (choice.distance) g.distance = *choice.distance;
    if (choice.energy) g.wavelength = kev_angstrom / *choice.energy;
    fill(g.poni_1, b.beam_center_y * rows * g.pixel_1);
    fill(g.poni_2, b.beam_center_x * columns * g.pixel_2);
    if (choice.centre) {
        g.poni_1 = choice.centre->at(1) * g.pixel_1;
        g.poni_2 = choice.centre->at(0) * g.pixel_2;
    }
    g.pixel_1 *= rows;
    g.pixel_2 *= columns;
    return g;
}

std::string unknown_in(const DetectorGeometry& g) {
    std::vector<std::string> missing;
    const auto ask = [&](double value, const char* what, const char* option) {
        if (!std::isfinite(value)) missing.push_back(fmt::format("the {} ({})", what, option));
    };
    ask(g.wavelength, "photon energy", "--energy \"8 keV\"");
    ask(g.distance, "distance", "--distance \"5 m\"");
    ask(g.pixel_1, "pixel size", "--pixel \"75 um\"");
    ask(std::isfinite(g.pixel_1) ? g.poni_1 + g.poni_2 : 0, "beam centre", "--centre X,Y");
    return missing.empty() ? "" : fmt::format("{}", fmt::join(missing, ", "));
}

void keep_geometry(const DetectorGeometry& g, Beamline& b) {
    b.pixel_size = g.pixel_2;
    b.distance = g.distance;
    b.energy = kev_angstrom / g.wavelength;
    // Of a detector that is turned, where its normal goes through the sample is not where the beam hits it.
    const bool straight = g.rotation_1 == 0 && g.rotation_2 == 0;
    b.beam_center_x = straight ? g.poni_2 / g.pixel_2 : std::numeric_limits<double>::quiet_NaN();
    b.beam_center_y = straight ? g.poni_1 / g.pixel_1 : std::numeric_limits<double>::quiet_NaN();
}

void set_regions(const PixelChoice& choice, const io::FrameChoice& frames, DataSet& set, SpeckleSeries& series) {
    const DetectorGeometry g = geometry_of(choice, frames, set.beamline);
    const std::string unknown = unknown_in(g);
    std::vector<double> azimuth;
    if (unknown.empty() && (choice.geometry() || series.q.empty() || choice.sectors > 1)) {
        auto places = analysis::pixel_places(g, series.rows, series.columns);
        series.q = std::move(places.q);
        azimuth = std::move(places.azimuth);
        keep_geometry(g, set.beamline);
    } else if (!unknown.empty() && choice.regions() && (series.q.empty() || choice.sectors > 1)) {
        throw InputError(fmt::format("'{}': {} are wanted, and the file does not say {}; or give --poni FILE", set.name,
                                     choice.sectors > 1 ? "sectors" : "rings", unknown));
    } else if (!unknown.empty() && choice.geometry()) {
        throw InputError(fmt::format("'{}': q is not known without {}; or give --poni FILE", set.name, unknown));
    }
    if (!choice.regions()) return;
    const auto edges =
        choice.q_edges.empty() ? analysis::equal_rings(series.q, series.used, choice.rings) : choice.q_edges;
    series.region = analysis::ring_regions(series.q, azimuth, edges, choice.sectors);
    for (std::size_t p = 0; p < series.pixels(); ++p)
        if (!series.used.empty() && !series.used[p]) series.region[p] = 0;
    if (std::all_of(series.region.begin(), series.region.end(), [](auto r) { return r == 0; }))
        throw InputError(fmt::format("'{}': no pixel in use has a q of {:.4g} to {:.4g} 1/angstrom", set.name,
                                     edges.front(), edges.back()));
}

void keep_roi(const std::array<std::size_t, 4>& roi, const std::string& name, SpeckleSeries& series) {
    if (roi[0] >= series.rows || roi[2] >= series.columns || (roi[1] != unlimited && roi[1] > series.rows) ||
        (roi[3] != unlimited && roi[3] > series.columns))
        throw InputError(fmt::format("--roi: '{}' has {} rows and {} columns", name, series.rows, series.columns));
    std::vector<std::size_t> outside;
    for (std::size_t p = 0; p < series.pixels(); ++p) {
        const std::size_t row = p / series.columns;
        const std::size_t column = p % series.columns;
        if (row < roi[0] || row >= roi[1] || column < roi[2] || column >= roi[3]) outside.push_back(p);
    }
    analysis::mask_pixels(series, outside);
}

void look_for_hot(bool mask, SpeckleSeries& series, std::vector<std::string>& notes) {
    constexpr double worth_a_note = 0.01;
    const auto hot = analysis::find_hot_pixels(series);
    if (hot.pixels.empty() || (!mask && hot.share < worth_a_note)) return;
    const char* plural = hot.pixels.size() == 1 ? "pixel holds" : "pixels hold";
    const std::string share = fmt::format("{} {} {:.3g} % of the counts", hot.pixels.size(), plural, 100 * hot.share);
    if (!mask) {
        notes.push_back(share + ", more than speckle can; is a mask missing? --mask-hot leaves them out.");
        return;
    }
    analysis::mask_pixels(series, hot.pixels);
    notes.push_back(share +
                    ", more than speckle can, and are left out as hot; the mask is /xpcs/qmap/mask of the result "
                    "(1 = used).");
}

std::size_t whole(const std::string& text, std::size_t empty, const std::string& all) {
    if (text.empty()) return empty;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw InputError(fmt::format("--roi {}: write FIRST:LAST,FIRST:LAST of rows and columns", all));
    return value;
}

}  // namespace

std::array<std::size_t, 4> parse_roi(const std::string& text) {
    const auto comma = text.find(',');
    const auto refuse = [&] {
        throw InputError(
            fmt::format("--roi {}: write FIRST:LAST,FIRST:LAST of rows and columns, LAST not taken", text));
    };
    if (comma == std::string::npos) refuse();
    std::array<std::size_t, 4> roi{};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::string part = axis == 0 ? text.substr(0, comma) : text.substr(comma + 1);
        const auto colon = part.find(':');
        if (colon == std::string::npos) refuse();
        roi.at(2 * axis) = whole(part.substr(0, colon), 0, text);
        roi.at(2 * axis + 1) = whole(part.substr(colon + 1), unlimited, text);
        if (roi.at(2 * axis) >= roi.at(2 * axis + 1)) refuse();
    }
    return roi;
}

std::vector<double> parse_edges(const std::string& text) {
    std::vector<double> edges;
    std::istringstream in(text);
    std::string word;
    while (std::getline(in, word, ',')) {
        double value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(value) ||
            (!edges.empty() && value <= edges.back()))
            throw InputError(
                fmt::format("--q-edges {}: write ascending numbers [1/angstrom], as 0.01,0.02,0.04", text));
        edges.push_back(value);
    }
    if (edges.size() < 2) throw InputError(fmt::format("--q-edges {}: a ring has two edges", text));
    return edges;
}

void choose_pixels(const PixelChoice& choice, const io::FrameChoice& frames, DataSet& set,
                   std::vector<std::string>& said) {
    auto* series = std::get_if<SpeckleSeries>(&set.data);
    if (!series) {
        if (choice.geometry() || choice.regions() || choice.roi || choice.mask_hot)
            throw InputError(fmt::format("'{}' is a two-time map: it has no pixels to choose", set.name));
        return;
    }
    std::vector<std::string> notes;
    if (choice.roi) keep_roi(*choice.roi, set.name, *series);
    look_for_hot(choice.mask_hot, *series, notes);
    if (choice.geometry() || choice.regions()) set_regions(choice, frames, set, *series);
    if (!series->used.empty() && std::none_of(series->used.begin(), series->used.end(), [](auto u) { return u != 0; }))
        throw InputError(fmt::format("'{}': no pixel is left", set.name));
    said.insert(said.end(), notes.begin(), notes.end());
    for (auto& note : notes) set.notes.push_back(std::move(note));
}

}  // namespace vitrum::pipeline
