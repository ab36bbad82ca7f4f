#include "vitrum/validation/study/shapes.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "vitrum/core/numerics/least_squares.hpp"
#include "vitrum/validation/study/study_keys.hpp"

namespace vitrum::validation {

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

Settings without(const Settings& settings, const std::string& key) {
    Settings rest;
    for (const auto& s : settings)
        if (s.first != key) rest.push_back(s);
    return rest;
}

const std::string* value_of(const Cell& cell, const std::string& key) {
    for (const auto& [name, value] : cell.settings)
        if (name == key) return &value;
    return nullptr;
}

// A verdict of this score that is outside its margin beyond the Monte Carlo error; "" if there is none.
std::string broken(const Assessment& a, std::uint32_t cell, std::uint32_t estimand) {
    for (const auto& v : a.verdicts)
        if (v.cell == cell && v.estimand == estimand && v.p_inside < 0.025) return v.measure;
    return "";
}

Slope fit_slope(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& error) {
    const auto n = static_cast<Eigen::Index>(x.size());
    Eigen::MatrixXd columns = Eigen::MatrixXd::Ones(n, 2);
    columns.col(1) = Eigen::Map<const Eigen::VectorXd>(x.data(), n);
    const LinearFit fit = fit_linear(columns, Eigen::Map<const Eigen::VectorXd>(y.data(), n), error);
    Slope s;
    s.points = x.size();
    s.slope = fit.parameters(1);
    s.error = std::sqrt(fit.covariance(1, 1));
    if (x.size() < 3) return s;
    s.chi2_per_degree = fit.chi_square / static_cast<double>(x.size() - 2);
    s.error *= std::sqrt(std::max(1.0, s.chi2_per_degree));
    return s;
}

}  // namespace

std::string Family::title() const {
    const std::string place = abscissa.label();
    return fmt::format("{}{}{}", quantity, series.empty() ? "" : " of " + series, place.empty() ? "" : " at " + place);
}

std::string Family::slug() const {
    std::string text = quantity + (series.empty() ? "" : "_" + series);
    for (const auto& c : abscissa) text += fmt::format("_{}_{}", c.name, c.index);
    for (char& c : text)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return text;
}

std::vector<Family> families_of(const Outcomes& outcomes) {
    std::vector<Family> families;
    for (std::uint32_t i = 0; i < outcomes.estimands.size(); ++i) {
        const Estimand& e = outcomes.estimands[i];
        auto at = std::find_if(families.begin(), families.end(), [&](const Family& f) {
            return f.quantity == e.quantity && f.series == e.series && same_place(f.abscissa, e.abscissa);
        });
        if (at == families.end()) at = families.insert(families.end(), {e.quantity, e.series, e.abscissa, {}});
        at->estimands.push_back(i);
    }
    return families;
}

std::vector<std::string> numeric_axes(const Study& study) {
    std::vector<std::string> keys;
    std::map<std::string, std::vector<double>> values;
    for (const auto& cell : study.cells)
        for (const auto& [key, value] : cell.settings) {
            if (values.find(key) == values.end()) keys.push_back(key);
            auto& all = values[key];
            const double x = number_in(value);
            if (std::find(all.begin(), all.end(), x) == all.end()) all.push_back(x);
        }
    std::erase_if(keys, [&](const std::string& key) {
        const auto& all = values.at(key);
        return all.size() < 2 || std::any_of(all.begin(), all.end(), [](double x) { return !std::isfinite(x); });
    });
    return keys;
}

std::vector<Line> lines_along(const Study& study, const std::string& axis) {
    std::vector<Line> lines;
    std::vector<Settings> rests;
    for (std::uint32_t c = 0; c < study.cells.size(); ++c) {
        const std::string* value = value_of(study.cells[c], axis);
        if (!value) continue;
        const Settings rest = without(study.cells[c].settings, axis);
        const auto at = static_cast<std::size_t>(std::find(rests.begin(), rests.end(), rest) - rests.begin());
        if (at == rests.size()) {
            rests.push_back(rest);
            lines.push_back({rest.empty() ? "" : label_of(rest), {}, {}});
        }
        Line& line = lines[at];
        const double x = number_in(*value);
        const auto place = std::upper_bound(line.x.begin(), line.x.end(), x) - line.x.begin();
        line.x.insert(line.x.begin() + place, x);
        line.cells.insert(line.cells.begin() + place, c);
    }
    std::erase_if(lines, [](const Line& line) { return line.cells.size() < 2; });
    return lines;
}

std::vector<Slope> slopes_of(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::vector<Slope> slopes;
    for (const auto& axis : study.axes)
        for (const auto& line : lines_along(study, axis))
            for (std::uint32_t e = 0; e < outcomes.estimands.size(); ++e) {
                std::vector<double> x;
                std::vector<double> y;
                std::vector<double> error;
                for (std::size_t i = 0; i < line.cells.size(); ++i) {
                    const Score* score = a.score(line.cells[i], e);
                    const Measure* rmse = score ? score->find("rmse") : nullptr;
                    if (!rmse || !(rmse->value > 0) || !(rmse->mcse > 0) || !(line.x[i] > 0)) continue;
                    x.push_back(std::log(line.x[i]));
                    y.push_back(std::log(rmse->value));
                    error.push_back(rmse->mcse / rmse->value);
                }
                if (x.size() < 2) continue;
                Slope slope = fit_slope(x, y, error);
                slope.estimand = e;
                slope.axis = axis;
                slope.elsewhere = line.elsewhere;
                slopes.push_back(std::move(slope));
            }
    return slopes;
}

std::vector<Breakdown> breakdowns_of(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::vector<Breakdown> all;
    if (study.contamination.empty()) return all;
    for (const auto& line : lines_along(study, study.contamination))
        for (std::uint32_t e = 0; e < outcomes.estimands.size(); ++e) {
            Breakdown b;
            b.estimand = e;
            b.elsewhere = line.elsewhere;
            bool seen = false;
            for (std::size_t i = 0; i < line.cells.size(); ++i) {
                if (!a.score(line.cells[i], e)) continue;
                seen = true;
                b.why = broken(a, line.cells[i], e);
                if (!b.why.empty()) {
                    b.first_bad = line.x[i];
                    break;
                }
                b.last_good = line.x[i];
            }
            if (seen) all.push_back(std::move(b));
        }
    return all;
}

Calibration calibration_of(const Score& score) {
    std::vector<double> needed;  // level at which the interval just holds the truth
    const Replicates& r = score.successes;
    for (std::size_t i = 0; i < r.truth.size(); ++i) {
        const double se = r.standard_error[i];
        if (!(se > 0) || !std::isfinite(se)) continue;
        needed.push_back(std::erf(std::abs(r.estimate[i] - r.truth[i]) / se / std::sqrt(2.0)));
    }
    Calibration c;
    c.replicates = needed.size();
    if (needed.size() < 2) return c;
    std::sort(needed.begin(), needed.end());
    const auto n = static_cast<double>(needed.size());
    constexpr int levels = 99;
    for (int k = 1; k <= levels; ++k) {
        const double level = k / 100.0;
        const auto held = std::upper_bound(needed.begin(), needed.end(), level) - needed.begin();
        c.level.push_back(level);
        c.excess.push_back(static_cast<double>(held) / n - level);
    }
    c.band = std::sqrt(std::log(2 / 0.05) / (2 * n));
    return c;
}

}  // namespace vitrum::validation
