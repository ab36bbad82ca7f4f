#include "vitrum/analysis/speckle/photon_statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/analysis/correlation/errors/group_lag_sums.hpp"
#include "vitrum/analysis/correlation/products/active_pixels.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/numerics/statistics.hpp"

namespace vitrum::analysis {

namespace {

constexpr std::size_t fewest_pixels = 40;

// Sums over one group of pixels; sums over groups are those of all pixels.
struct Counts {
    double pixels = 0;
    std::array<double, 3> seen{};  // pixel frames with 0, 1, 2 photons
    double pairs = 0;              // sum of k (k-1)
    double squares = 0;            // sum of k^2
    std::vector<double> frame;     // S(t)
};

void add(Counts& to, const Counts& other, double sign) {
    to.pixels += sign * other.pixels;
    for (std::size_t k = 0; k < 3; ++k) to.seen.at(k) += sign * other.seen.at(k);
    to.pairs += sign * other.pairs;
    to.squares += sign * other.squares;
    for (std::size_t f = 0; f < to.frame.size(); ++f) to.frame[f] += sign * other.frame[f];
}

void add_photons(Counts& c, std::size_t frame, double k) {
    if (k < 0 || k != std::floor(k))
        throw InputError(fmt::format("photon statistics need counts; frame {} holds the intensity {}", frame, k));
    c.frame[frame] += k;
    c.squares += k * k;
    c.pairs += k * (k - 1);
    // Empty pixels are counted as the rest: sparse data do not list them.
    if (k > 0) c.seen[0] -= 1;
    if (k == 1) c.seen[1] += 1;
    if (k == 2) c.seen[2] += 1;
}

std::vector<Counts> counts_by_group(const SpeckleSeries& s, const std::vector<std::uint32_t>& active) {
    const std::size_t groups = jackknife_patches(s, active).groups;
    const auto pixels = in_patches(s, active, groups);
    std::vector<Counts> result(groups);
    std::vector<std::size_t> group_of(pixels.size());
    for (std::size_t g = 0; g < groups; ++g) {
        const std::size_t begin = g * pixels.size() / groups;
        const std::size_t end = (g + 1) * pixels.size() / groups;
        for (std::size_t i = begin; i < end; ++i) group_of[i] = g;
        result[g].pixels = static_cast<double>(end - begin);
        result[g].seen[0] = result[g].pixels * static_cast<double>(s.known_frames());
        result[g].frame.assign(s.frames, 0.0);
    }
    if (s.sparse()) {
        const auto place = positions(s, pixels);
        for (std::size_t f = 0; f < s.frames; ++f)
            for (std::size_t e = s.frame_ptr[f]; e < s.frame_ptr[f + 1] && !s.is_lost(f); ++e)
                if (const auto i = place[s.index[e]]; i >= 0)
                    add_photons(result[group_of[static_cast<std::size_t>(i)]], f, s.intensity[e]);
    } else {
        for (std::size_t f = 0; f < s.frames; ++f)
            for (std::size_t i = 0; i < pixels.size() && !s.is_lost(f); ++i)
                add_photons(result[group_of[i]], f, static_cast<double>(s.counts[f * s.pixels() + pixels[i]]));
    }
    return result;
}

double by_probabilities(const Counts& c) { return 2 * c.seen[0] * c.seen[2] / (c.seen[1] * c.seen[1]) - 1; }

double by_factorial_moment(const Counts& c) {
    double others = -c.squares;  // sum over t of pairs of different pixels
    for (const double sum : c.frame) others += sum * sum;
    return c.pairs * (c.pixels - 1) / others - 1;
}

Counts total_of(const std::vector<Counts>& groups) {
    Counts total = groups.front();
    for (std::size_t g = 1; g < groups.size(); ++g) add(total, groups[g], 1);
    return total;
}

double error_over(const std::vector<Counts>& groups, const Counts& total, double (*value)(const Counts&)) {
    std::vector<double> left_out;
    for (const auto& group : groups) {
        Counts rest = total;
        add(rest, group, -1);
        left_out.push_back(value(rest));
    }
    return jackknife_error(left_out);
}

}  // namespace

PhotonStatistics photon_statistics(const SpeckleSeries& s, const std::vector<std::uint32_t>& pixels) {
    PhotonStatistics out;
    out.pixels = static_cast<double>(pixels.size());
    if (pixels.size() < 2) return out;
    const auto groups = counts_by_group(s, pixels);
    const Counts total = total_of(groups);
    double photons = 0;
    for (const double v : total.frame) photons += v;
    out.mean = photons / (out.pixels * static_cast<double>(s.known_frames()));
    if (!(total.pairs > 0)) return out;
    out.contrast = by_factorial_moment(total);
    if (pixels.size() >= fewest_pixels) out.contrast_error = error_over(groups, total, by_factorial_moment);
    return out;
}

std::vector<Estimate> contrast_from_photons(const SpeckleSeries& s, std::int32_t region) {
    expect_consistent(s);
    const auto pixels = active_pixels(s, region);
    constexpr double fewest_pairs = 10;
    std::vector<Estimate> rows;
    struct Form {
        const char* quantity;
        double (*value)(const Counts&);
    };
    if (pixels.size() < fewest_pixels) {
        for (const char* what : {"contrast_probabilities", "contrast_factorial"})
            rows.push_back(make_estimate(what, {}, not_a_number, not_a_number, 1, Status::no_data,
                                         fmt::format("{} pixels; {} are needed", pixels.size(), fewest_pixels)));
        return rows;
    }
    const auto groups = counts_by_group(s, pixels);
    const Counts total = total_of(groups);
    for (const Form& form :
         {Form{"contrast_probabilities", by_probabilities}, Form{"contrast_factorial", by_factorial_moment}}) {
        const bool first = form.value == by_probabilities;
        const double pairs = first ? total.seen[2] : total.pairs;
        const bool nothing = !(pairs > 0) || (first && !(total.seen[1] > 0));
        const double value = nothing ? not_a_number : form.value(total);
        const double error = nothing ? not_a_number : error_over(groups, total, form.value);
        const Status status = nothing ? Status::no_data : pairs < fewest_pairs ? Status::not_resolved : Status::ok;
        const auto freedom = static_cast<double>(groups.size() - 1);
        Estimate row = make_estimate(form.quantity, {}, value, error, freedom, status,
                                     fmt::format("{} pixels, {} frames, {:.0f} pixels with two photons; leaving out "
                                                 "each of {} groups of pixels",
                                                 pixels.size(), s.known_frames(), total.seen[2], groups.size()));
        if (value > -1) {  // symmetric in ln(1 + contrast), the ratio of pairs seen to pairs by chance
            const double half = student_factor(freedom) * error / (1 + value);
            row.lower = (1 + value) * std::exp(-half) - 1;
            row.upper = (1 + value) * std::exp(half) - 1;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace vitrum::analysis
