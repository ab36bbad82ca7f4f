#include "vitrum/core/estimate/fit_quality.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <fmt/format.h>

#include "vitrum/core/quantities/quantity.hpp"

namespace vitrum {

namespace {

FitQuality untested(double chi2, double degrees_of_freedom, std::string why) {
    FitQuality q;
    q.chi2 = chi2;
    q.degrees_of_freedom = degrees_of_freedom;
    q.errors = std::move(why);
    return q;
}

}  // namespace

FitQuality chi_square_quality(double chi2, double degrees_of_freedom, std::string errors) {
    if (!(degrees_of_freedom > 0))
        return untested(chi2, degrees_of_freedom, std::move(errors) + ": as many parameters as points");
    if (std::isnan(chi2)) return untested(chi2, degrees_of_freedom, std::move(errors));
    FitQuality q = untested(chi2, degrees_of_freedom, std::move(errors));
    // An infinite chi^2 (a misfit of points without error) has probability 0.
    q.p = std::isinf(chi2) ? 0.0
                           : boost::math::cdf(boost::math::complement(boost::math::chi_squared(degrees_of_freedom),
                                                                      std::max(0.0, chi2)));
    return q;
}

FitQuality hotelling_quality(double t2, double n, double m, std::string errors) {
    if (!std::isfinite(m)) return chi_square_quality(t2, n, std::move(errors));
    if (!(n > 0)) return untested(t2, n, std::move(errors) + ": as many parameters as points");
    if (m < 2 * n) return untested(t2, n, std::move(errors) + ": fewer than two replicates for each degree of freedom");
    FitQuality q = untested(t2, n, std::move(errors));
    if (std::isinf(t2))
        q.p = 0;
    else if (!std::isnan(t2))
        q.p = boost::math::cdf(
            boost::math::complement(boost::math::fisher_f(n, m - n + 1), std::max(0.0, t2) * (m - n + 1) / (m * n)));
    return q;
}

std::string describe(const FitQuality& q) {
    if (!std::isfinite(q.p)) return "no test of the law: " + q.errors;
    const double whole = std::round(q.degrees_of_freedom);
    return fmt::format("chi^2 = {:.4g} for {:.4g} degree{} of freedom, p = {:.2g} (errors: {})", q.chi2,
                       q.degrees_of_freedom, whole == 1 && whole == q.degrees_of_freedom ? "" : "s", q.p, q.errors);
}

bool is_law_p(std::string_view quantity) {
    const auto laws = law_quantities();
    return std::any_of(laws.begin(), laws.end(), [&](const Quantity& q) { return q.name == quantity; });
}

Estimate quality_row(std::string_view quantity, Abscissa abscissa, const FitQuality& quality) {
    return make_estimate(quantity, std::move(abscissa), quality.p, not_a_number, 0,
                         std::isfinite(quality.p) ? Status::ok : Status::no_data, describe(quality));
}

void judge_by(const FitQuality& quality, double level, std::vector<Estimate>& rows) {
    const std::string text = describe(quality);
    for (Estimate& row : rows) {
        row.status = judged_by(quality, level, row.status);
        row.note += (row.note.empty() ? "" : "; ") + text;
    }
}

Status judged_by(const FitQuality& quality, double level, Status status) {
    return status == Status::ok && quality.rejected(level) ? Status::law_rejected : status;
}

}  // namespace vitrum
