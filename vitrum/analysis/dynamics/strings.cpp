#include "vitrum/analysis/dynamics/strings.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/parallel.hpp"

namespace vitrum::analysis {

namespace {

struct Mobile {
    double r2;
    std::size_t place;
    Vector3 from, to;  // fractional
};

// The most mobile atoms, fastest first; of equals the first in order.
std::vector<Mobile> mobile_atoms(const Paths& paths, std::size_t origin, std::size_t lag, std::size_t count) {
    std::vector<Mobile> all;
    all.reserve(paths.atoms);
    for (std::size_t b = 0; b < paths.blocks(); ++b)
        for (std::size_t l = 0; l < paths.members[b]; ++l) {
            Mobile m{0, b * path_lanes + l, {}, {}};
            Vector3 ds{};
            for (std::size_t k = 0; k < 3; ++k) {
                m.from[k] = paths.at(b, origin)[k * path_lanes + l];
                m.to[k] = paths.at(b, origin + lag)[k * path_lanes + l];
                ds[k] = m.to[k] - m.from[k];
            }
            const Vector3 r = product(paths.reference, ds);
            m.r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
            all.push_back(m);
        }
    const auto faster = [](const Mobile& a, const Mobile& b) { return a.r2 != b.r2 ? a.r2 > b.r2 : a.place < b.place; };
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end(), faster);
    all.resize(count);
    return all;
}

// Number of strings of each length; index 0 is not used.
std::vector<double> strings_of(const CellMatrix& box, const std::vector<Mobile>& mobile, double reach) {
    std::vector<std::size_t> root(mobile.size());
    std::iota(root.begin(), root.end(), std::size_t{0});
    const auto find = [&](std::size_t i) {
        while (root[i] != i) i = root[i] = root[root[i]];
        return i;
    };
    const auto near = [&](const Vector3& a, const Vector3& b) {
        const Vector3 r = product(box, nearest_image({a[0] - b[0], a[1] - b[1], a[2] - b[2]}));
        return r[0] * r[0] + r[1] * r[1] + r[2] * r[2] < reach * reach;
    };
    for (std::size_t i = 0; i < mobile.size(); ++i)
        for (std::size_t j = i + 1; j < mobile.size(); ++j)
            if (near(mobile[i].from, mobile[j].to) || near(mobile[j].from, mobile[i].to)) root[find(i)] = find(j);
    std::vector<std::size_t> size(mobile.size(), 0);
    for (std::size_t i = 0; i < mobile.size(); ++i) ++size[find(i)];
    std::vector<double> count(2, 0.0);
    for (const std::size_t s : size) {
        if (s >= count.size()) count.resize(s + 1, 0.0);
        if (s > 0) ++count[s];
    }
    return count;
}

}  // namespace

Findings string_motion(const Paths& paths, const StringOptions& options) {
    const std::size_t lag = options.lag > 0 ? options.lag : std::max<std::size_t>(1, paths.frames / 10);
    if (lag >= paths.frames)
        throw InputError(
            fmt::format("lag = {} frames in a run of {}: at most {}", lag, paths.frames, paths.frames - 1));
    if (!(options.mobile_share > 0) || !(options.mobile_share <= 1))
        throw InputError(fmt::format("mobile_share = {}: above 0, at most 1", options.mobile_share));
    const Vector3 faces = face_distances(paths.reference);
    if (!(options.reach > 0) || !(options.reach < *std::min_element(faces.begin(), faces.end()) / 2))
        throw InputError(fmt::format("reach = {} angstrom: above 0, below half the cell", options.reach));
    if (options.origins == 0) throw InputError("origins: at least 1");
    const auto count = std::max<std::size_t>(
        1, static_cast<std::size_t>(std::llround(options.mobile_share * static_cast<double>(paths.atoms))));
    const std::size_t available = paths.frames - lag;
    const std::size_t origins = std::min(options.origins, available);
    std::vector<std::vector<double>> found(origins);
    for_each_block(origins, 1, [&](std::size_t o, std::size_t, std::size_t) {
        found[o] = strings_of(paths.reference, mobile_atoms(paths, o * available / origins, lag, count), options.reach);
    });
    const std::size_t groups = std::min<std::size_t>(10, origins);
    std::vector<double> all(2, 0.0);
    std::vector<double> group(groups, 0.0);  // strings of each group of origins
    std::vector<double> atoms(groups, 0.0);
    for (std::size_t o = 0; o < origins; ++o) {
        if (found[o].size() > all.size()) all.resize(found[o].size(), 0.0);
        for (std::size_t n = 1; n < found[o].size(); ++n) {
            all[n] += found[o][n];
            group[o * groups / origins] += found[o][n];
        }
        atoms[o * groups / origins] += static_cast<double>(count);
    }
    const double strings = std::accumulate(all.begin(), all.end(), 0.0);
    Findings result;
    Curve curve = make_curve("string_length_distribution", "atoms", "", "share of strings", "");
    for (std::size_t n = 1; n < all.size(); ++n) {
        curve.x.push_back(static_cast<double>(n));
        curve.y.push_back(all[n] / strings);
    }
    const double total = std::accumulate(atoms.begin(), atoms.end(), 0.0);
    double sum = 0;
    double square = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        const double left = (total - atoms[g]) / (strings - group[g]);
        sum += left;
        square += left * left;
    }
    const auto n = static_cast<double>(groups);
    const double error = groups > 1 ? std::sqrt(std::max(0.0, square - sum * sum / n) * (n - 1) / n) : not_a_number;
    const double chance = 2 * 4 * std::numbers::pi / 3 * std::pow(options.reach, 3) / volume(paths.reference);
    result.estimates.push_back(make_estimate(
        "string_length", {}, total / strings, error, n - 1, Status::ok,
        fmt::format("{} mobile atoms, lag {} frames, {} origins; at random {:.3f} links per atom; jackknife over {} "
                    "blocks of origins",
                    count, lag, origins, chance * (static_cast<double>(count) - 1) / 2, groups)));
    result.curves.push_back(std::move(curve));
    return result;
}

Findings string_motion(const Trajectory& trajectory, const StringOptions& options) {
    return string_motion(paths_of(trajectory, options.paths), options);
}

}  // namespace vitrum::analysis
