#include "vitrum/analysis/correlation/two_time.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/analysis/correlation/products/pixel_products.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::array normalisation_names{"symmetric", "static_map", "static_map_time", "boost_corr",
                                         "global",    "pearson",    "asymmetric"};
constexpr std::array diagonal_names{"raw", "factorial", "neighbour_mean", "excluded"};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Of frame sums; lost frames add nothing and do not count.
double mean_of(const std::vector<double>& values, const SpeckleSeries& s) {
    double sum = 0;
    for (const double v : values) sum += v;
    return sum / static_cast<double>(s.known_frames());
}

std::vector<double> scaled(std::vector<double> values, double factor) {
    for (double& v : values) v *= factor;
    return values;
}

// value(i, j) of every entry of the upper triangle, in place of the sum that stood there.
template <class Value>
void replace(TwoTimeMap& map, Value&& value) {
    for_each_block(map.frames, 64, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i)
            for (std::size_t j = i; j < map.frames; ++j) map(i, j) = value(i, j, map(i, j));
    });
}

// The lower triangle from the upper one, in squares that stay in cache.
void mirror(TwoTimeMap& map) {
    constexpr std::size_t side = 32;
    for_each_block(map.frames, side, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t column = first; column < map.frames; column += side)
            for (std::size_t j = column; j < std::min(column + side, map.frames); ++j)
                for (std::size_t i = first; i < std::min(last, j); ++i) map(j, i) = map(i, j);
    });
}

void subtract_shot_noise(TwoTimeMap& products, const std::vector<double>& sums) {
    for (std::size_t i = 0; i < products.frames; ++i) products(i, i) -= sums[i];
}

// All forms that need no static map, from P and the frame sums of the region.
void normalise(TwoTimeMap& map, const SpeckleSeries& s, const std::vector<double>& sums, double n,
               const TwoTimeOptions& options) {
    switch (options.normalisation) {
        case Normalisation::global: {
            const double level = mean_of(sums, s);
            return replace(map, [&](std::size_t, std::size_t, double p) { return n * p / (level * level); });
        }
        case Normalisation::asymmetric:
            return replace(map, [&](std::size_t i, std::size_t j, double p) {
                return sums[i] > 0 && sums[j] > 0 ? n * p / (sums[i] * sums[i]) : nan;
            });
        case Normalisation::pearson: {
            std::vector<double> width(map.frames);  // N times the standard deviation over pixels
            for (std::size_t i = 0; i < map.frames; ++i)
                width[i] = std::sqrt(std::max(0.0, n * map(i, i) - sums[i] * sums[i]));
            if (options.diagonal == Diagonal::factorial) subtract_shot_noise(map, sums);
            return replace(map, [&](std::size_t i, std::size_t j, double p) {
                return width[i] > 0 && width[j] > 0 ? (n * p - sums[i] * sums[j]) / (width[i] * width[j]) : nan;
            });
        }
        default:  // one pixel alone is 1 by its own normalisation, whatever it counts
            return replace(map, [&](std::size_t i, std::size_t j, double p) {
                return n > 1 && sums[i] > 0 && sums[j] > 0 ? n * p / (sums[i] * sums[j]) : nan;
            });
    }
}

// sum over static regions of P_s(i,j) / (g_s(i) g_s(j)), then the mean that the normalisation asks for.
void static_map_products(const SpeckleSeries& s, const TwoTimeOptions& options,
                         const std::vector<std::vector<std::uint32_t>>& parts,  // of the region, by static region
                         const std::vector<std::vector<std::uint32_t>>& whole,  // all unmasked, by static region
                         TwoTimeMap& map) {
    const bool over_time = options.normalisation == Normalisation::static_map_time;
    const bool boost = options.normalisation == Normalisation::boost_corr;
    std::vector<std::vector<double>> level(parts.size());  // g_s(t)
    std::vector<std::vector<double>> share(parts.size());  // sum of x over the part: its pixels / g_s where inside
    TwoTimeMap part;
    part.frames = s.frames;
    for (std::size_t k = 0; k < parts.size(); ++k) {
        level[k] = scaled(frame_sums(s, whole[k]), 1 / static_cast<double>(whole[k].size()));
        if (over_time) level[k].assign(s.frames, mean_of(level[k], s));
        if (boost) share[k] = frame_sums(s, parts[k]);
        part.values.assign(s.frames * s.frames, 0.0);
        add_pixel_products(s, parts[k], part);
        if (options.diagonal == Diagonal::factorial) subtract_shot_noise(part, frame_sums(s, parts[k]));
        replace(map, [&](std::size_t i, std::size_t j, double sum) {
            const double g = level[k][i] * level[k][j];
            return g > 0 ? sum + part(i, j) / g : sum;
        });
    }
    replace(map, [&](std::size_t i, std::size_t j, double sum) {
        double n = 0;
        double x = 0;
        double y = 0;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            if (!(level[k][i] * level[k][j] > 0)) continue;
            n += static_cast<double>(parts[k].size());
            if (!boost) continue;
            x += share[k][i] / level[k][i];
            y += share[k][j] / level[k][j];
        }
        if (boost) return x > 0 && y > 0 ? n * sum / (x * y) : nan;
        return n > 0 ? sum / n : nan;
    });
}

void set_diagonal(TwoTimeMap& map, Diagonal policy) {
    const std::size_t n = map.frames;
    if (policy == Diagonal::excluded)
        for (std::size_t i = 0; i < n; ++i) map(i, i) = nan;
    if (policy == Diagonal::neighbour_mean)
        for (std::size_t i = 0; i < n; ++i) {
            const double before = i > 0 ? map(i - 1, i) : nan;
            const double after = i + 1 < n ? map(i, i + 1) : nan;
            map(i, i) = between(before, after);
        }
    map.diagonal_valid = policy == Diagonal::factorial;
}

std::vector<std::vector<std::uint32_t>> by_static_region(const std::vector<std::uint32_t>& pixels,
                                                         const std::vector<std::int32_t>& region, std::int32_t most) {
    std::vector<std::vector<std::uint32_t>> lists(static_cast<std::size_t>(most));
    for (const auto p : pixels)
        if (region[p] > 0) lists[static_cast<std::size_t>(region[p]) - 1].push_back(p);
    return lists;
}

}  // namespace

void check_factorial(const SpeckleSeries& s) {
    const auto whole = [](float v) { return v >= 0 && v == std::floor(v); };
    if (!std::all_of(s.counts.begin(), s.counts.end(), whole))
        throw InputError("diagonal = factorial needs photon counts; these intensities are not whole numbers");
}

double between(double before, double after) {
    return std::isnan(before) ? after : std::isnan(after) ? before : (before + after) / 2;
}

bool uses_static_map(Normalisation n) {
    return n == Normalisation::static_map || n == Normalisation::static_map_time || n == Normalisation::boost_corr;
}

std::string_view name(Normalisation n) { return normalisation_names.at(static_cast<std::size_t>(n)); }
std::string_view name(Diagonal d) { return diagonal_names.at(static_cast<std::size_t>(d)); }

TwoTimeMap two_time_without(const SpeckleSeries& s, const TwoTimeOptions& options,
                            const std::vector<std::uint8_t>& left_out) {
    expect_consistent(s);
    const auto kept = [&](std::int32_t region) {
        auto list = active_pixels(s, region);
        if (!left_out.empty()) std::erase_if(list, [&](std::uint32_t p) { return left_out[p] != 0; });
        return list;
    };
    const auto pixels = kept(options.region);
    const auto sums = lit_frame_sums(s, pixels, options.region);
    if (options.diagonal == Diagonal::factorial) check_factorial(s);
    TwoTimeMap map;
    map.frames = s.frames;
    map.frame_time = s.frame_time;
    map.time_unit = s.time_unit;
    expect_memory(map_bytes(s.frames), fmt::format("a two-time map of {} frames", s.frames));
    map.values.assign(s.frames * s.frames, 0.0);
    if (uses_static_map(options.normalisation)) {
        if (options.static_region.size() != s.pixels())
            throw InputError(fmt::format("normalisation = {} needs a static region of each of the {} pixels; {} given",
                                         name(options.normalisation), s.pixels(), options.static_region.size()));
        const std::int32_t most = *std::max_element(options.static_region.begin(), options.static_region.end());
        auto parts = by_static_region(pixels, options.static_region, std::max(most, 0));
        auto whole = by_static_region(kept(0), options.static_region, std::max(most, 0));
        for (std::size_t k = parts.size(); k-- > 0;)
            if (parts[k].empty()) {
                parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(k));
                whole.erase(whole.begin() + static_cast<std::ptrdiff_t>(k));
            }
        if (parts.empty())
            throw InputError(fmt::format("no pixel of region {} lies in a static region", options.region));
        static_map_products(s, options, parts, whole, map);
    } else {
        add_pixel_products(s, pixels, map);
        if (options.diagonal == Diagonal::factorial && options.normalisation != Normalisation::pearson)
            subtract_shot_noise(map, sums);
        normalise(map, s, sums, static_cast<double>(pixels.size()), options);
    }
    if (!s.lost.empty())
        replace(map, [&](std::size_t i, std::size_t j, double c) { return s.lost[i] || s.lost[j] ? nan : c; });
    set_diagonal(map, options.diagonal);
    mirror(map);
    return map;
}

TwoTimeMap two_time(const SpeckleSeries& s, const TwoTimeOptions& options) { return two_time_without(s, options, {}); }

}  // namespace vitrum::analysis
