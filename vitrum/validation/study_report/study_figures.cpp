#include "vitrum/validation/study_report/study_figures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/validation/study/shapes.hpp"
#include "vitrum/validation/study/study_keys.hpp"

namespace vitrum::validation {

namespace {

constexpr std::size_t most_curves = 12;  // of one figure
constexpr std::size_t most_intervals = 400;

struct Context {
    const Study& study;
    const Outcomes& outcomes;
    const Assessment& assessment;
};

std::string last_word(const std::string& key) { return key.substr(key.rfind('.') + 1); }

std::string unit_of(const Study& study, const std::string& axis) {
    for (const auto& cell : study.cells)
        for (const auto& [key, value] : cell.settings)
            if (const auto space = value.find(' '); key == axis && value.front() == '"' && space != std::string::npos)
                return value.substr(space + 1, value.size() - space - 2);
    return "";
}

// One kind of number that a figure shows of a score.
struct Shown {
    std::string name, title, axis, caption, unit;
    bool log_y = false;
    std::function<const Measure*(const Score&)> measure;
    std::function<double(const Score&)> scale;  // factor
    std::vector<double> guides;
};

double relative(const Score& s) { return 100 / std::abs(s.mean_truth()); }
double plain(const Score&) { return 1; }

std::vector<Shown> shown_of(const Judge& judge, const std::string& unit, bool by_truth) {
    const auto measure = [](const char* name) { return [name](const Score& s) { return s.find(name); }; };
    const auto margin = [&](double value) { return std::vector<double>{-value, 0, value}; };
    std::vector<double> bias_guides{0};
    if (judge.bias && judge.bias->of == Margin::Of::truth && by_truth) bias_guides = margin(100 * judge.bias->value);
    if (judge.bias && judge.bias->of == Margin::Of::unit && !by_truth) bias_guides = margin(judge.bias->value);
    const std::string in = by_truth ? "% of the truth" : unit;
    const auto scale = by_truth ? relative : plain;
    std::vector<Shown> all{
        {"bias", "Bias", "bias",
         "Mean of estimate - truth; bars are 95 % Monte Carlo intervals, grey lines the margin.", in, false,
         measure("bias"), scale, bias_guides},
        {"rmse", "Root mean square error", "RMSE", "Bias and spread together.", in, true, measure("rmse"), scale, {}},
        {"coverage", "Coverage of the 95 % intervals", "coverage",
         "Share of replicates whose interval holds the truth; bars are Wilson's 95 % intervals.", "", false,
         measure("coverage"), plain,
         judge.coverage ? std::vector<double>{judge.coverage->first, 0.95, judge.coverage->second}
                        : std::vector<double>{0.95}},
        {"error_ratio",
         "Error of the reported standard error",
         "reported/spread - 1",
         "100 (root mean square reported error / spread - 1); -50 means errors half as large as they should be.",
         "%",
         false,
         measure("model_se_error"),
         plain,
         {0}},
        {"rejections", "Share of p-values below the threshold", "share", "Bars are Wilson's 95 % intervals.", "", false,
         measure("rejections"), plain,
         judge.rejections ? std::vector<double>{judge.threshold, judge.rejections->first, judge.rejections->second}
                          : std::vector<double>{}},
        {"power",
         "Share of intervals that leave out 0",
         "share",
         "Bars are Wilson's 95 % intervals.",
         "",
         false,
         measure("power"),
         plain,
         {}},
        {"failures", "Share of replicates without an estimate", "share failed", "Bars are Wilson's 95 % intervals.", "",
         false, measure("failures"), plain,
         judge.failures ? std::vector<double>{0, *judge.failures} : std::vector<double>{}},
        {"efficiency",
         "Efficiency",
         "bound/variance",
         "Cramer-Rao bound over the variance of the estimates; the kind of bound stands in the table of all measures.",
         "",
         false,
         measure("efficiency"),
         plain,
         {1}},
        {"empirical_se",
         "Spread of the estimates",
         "spread",
         "Standard deviation of estimate - truth.",
         in,
         true,
         measure("empirical_se"),
         scale,
         {}}};
    return all;
}

std::string curve_label(const Context& c, std::uint32_t estimand, const std::string& elsewhere, bool methods) {
    std::string label = methods ? c.outcomes.estimands[estimand].method : "";
    if (!elsewhere.empty()) label += (label.empty() ? "" : ", ") + elsewhere;
    return label;
}

// Measure against the axis: one curve for each method and setting of the rest.
void add_against_axis(const Context& c, const Family& family, const Shown& shown, const std::string& axis,
                      std::vector<StudyFigure>& figures) {
    StudyFigure f;
    f.name = fmt::format("{}_{}_against_{}", shown.name, family.slug(), last_word(axis));
    f.title = fmt::format("{} of {}", shown.title, family.title());
    f.caption = shown.caption;
    f.guides = shown.guides;
    f.log_y = shown.log_y;
    double smallest = INFINITY;
    double largest = 0;
    std::size_t left_out = 0;
    for (const auto& line : lines_along(c.study, axis))
        for (const std::uint32_t e : family.estimands) {
            Curve curve;
            curve.name = curve_label(c, e, line.elsewhere, family.estimands.size() > 1);
            curve.x_name = last_word(axis);
            curve.x_unit = unit_of(c.study, axis);
            curve.y_name = shown.axis;
            curve.y_unit = shown.unit;
            std::vector<double> lower;
            std::vector<double> upper;
            for (std::size_t i = 0; i < line.cells.size(); ++i) {
                const Score* score = c.assessment.score(line.cells[i], e);
                const Measure* m = score ? shown.measure(*score) : nullptr;
                if (!m || !std::isfinite(m->value)) continue;
                const double scale = shown.scale(*score);
                curve.x.push_back(line.x[i]);
                curve.y.push_back(scale * m->value);
                curve.y_error.push_back(scale * (m->upper - m->lower) / gaussian_width(0.95));
                lower.push_back(scale * m->lower);
                upper.push_back(scale * m->upper);
                smallest = std::min(smallest, line.x[i]);
                largest = std::max(largest, line.x[i]);
            }
            if (curve.size() < 2) continue;
            if (f.curves.size() == most_curves) {
                ++left_out;
                continue;
            }
            f.curves.push_back(std::move(curve));
            f.lower.push_back(std::move(lower));
            f.upper.push_back(std::move(upper));
        }
    const auto nothing = [](const Curve& curve) {
        return std::all_of(curve.y.begin(), curve.y.end(), [](double y) { return y == 0; });
    };
    if (f.curves.empty() || std::all_of(f.curves.begin(), f.curves.end(), nothing)) return;
    f.log_x = smallest > 0 && largest >= 5 * smallest;
    if (left_out > 0) f.caption += fmt::format(" {} more curves are in the tables.", left_out);
    figures.push_back(std::move(f));
}

// Intervals by how far they are from the truth: those above the line at 95 % should be the ones that miss it.
void add_zip(const Context& c, const Score& score, std::vector<StudyFigure>& figures) {
    const Replicates& r = score.successes;
    const Estimand& what = c.outcomes.estimands[score.estimand];
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < r.truth.size(); ++i)
        if (i < r.lower.size() && std::isfinite(r.upper[i] - r.lower[i]) && r.upper[i] > r.lower[i]) order.push_back(i);
    if (order.size() < 20) return;
    const auto distance = [&](std::size_t i) {
        return std::abs(r.estimate[i] - r.truth[i]) / (r.upper[i] - r.lower[i]);
    };
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return distance(a) < distance(b); });
    StudyFigure f;
    f.kind = StudyFigure::Kind::zip;
    f.name = fmt::format("zip_{}_{}_cell_{}", Family{what.quantity, what.series, what.abscissa, {}}.slug(), what.method,
                         score.cell + 1);
    f.title = fmt::format("Intervals of {} by {}", what.quantity, what.method);
    f.caption = fmt::format(
        "{}. Each line is one interval less its truth, sorted by distance in units of its width; blue intervals hold "
        "the truth. Honest intervals turn orange at 95 %.",
        c.study.cells[score.cell].label);
    Curve low;
    low.name = "lower limit - truth";
    low.x_name = "share of replicates";
    low.x_unit = "%";
    low.y_name = what.quantity + " - truth";
    low.y_unit = what.unit;
    Curve high = low;
    high.name = "upper limit - truth";
    const std::size_t stride = (order.size() + most_intervals - 1) / most_intervals;
    for (std::size_t k = 0; k < order.size(); k += stride) {
        const std::size_t i = order[k];
        const double share = 100 * (static_cast<double>(k) + 0.5) / static_cast<double>(order.size());
        low.x.push_back(share);
        low.y.push_back(r.lower[i] - r.truth[i]);
        high.x.push_back(share);
        high.y.push_back(r.upper[i] - r.truth[i]);
    }
    f.curves = {std::move(low), std::move(high)};
    figures.push_back(std::move(f));
}

void add_calibration(const Context& c, const Family& family, std::uint32_t cell, std::vector<StudyFigure>& figures) {
    StudyFigure f;
    f.name = fmt::format("calibration_{}_cell_{}", family.slug(), cell + 1);
    f.title = "Coverage against level: " + family.title();
    double band = 0;
    for (const std::uint32_t e : family.estimands) {
        const Score* score = c.assessment.score(cell, e);
        if (!score) continue;
        const Calibration found = calibration_of(*score);
        if (found.level.empty()) continue;
        Curve curve;
        curve.name = c.outcomes.estimands[e].method;
        curve.x_name = "level";
        curve.y_name = "coverage - level";
        curve.x = found.level;
        curve.y = found.excess;
        band = std::max(band, found.band);
        f.curves.push_back(std::move(curve));
    }
    if (f.curves.empty()) return;
    f.guides = {-band, 0, band};
    f.caption = fmt::format(
        "{}. Share of intervals at each level that hold the truth, less the level; grey lines are the simultaneous "
        "95 % band of honest errors.",
        c.study.cells[cell].label);
    figures.push_back(std::move(f));
}

// A measure over two axes, one map for each method and setting of the rest.
void add_heat(const Context& c, const Family& family, const Shown& shown, const std::string& x_axis,
              const std::string& y_axis, std::vector<StudyFigure>& figures) {
    for (const std::uint32_t e : family.estimands) {
        StudyFigure f;
        f.kind = StudyFigure::Kind::heat;
        f.name = fmt::format("map_{}_{}_{}", shown.name, family.slug(), c.outcomes.estimands[e].method);
        f.title = fmt::format("{} of {}, {}", shown.title, family.title(), c.outcomes.estimands[e].method);
        f.caption = shown.caption;
        Curve x;
        x.x_name = last_word(x_axis);
        x.x_unit = unit_of(c.study, x_axis);
        x.y_name = last_word(y_axis);
        x.y_unit = unit_of(c.study, y_axis);
        x.name = shown.axis + (shown.unit.empty() ? "" : " [" + shown.unit + "]");
        for (const auto& line : lines_along(c.study, x_axis))
            for (std::size_t i = 0; i < line.cells.size(); ++i) {
                const auto& settings = c.study.cells[line.cells[i]].settings;
                const auto at =
                    std::find_if(settings.begin(), settings.end(), [&](const auto& s) { return s.first == y_axis; });
                const Score* score = c.assessment.score(line.cells[i], e);
                const Measure* m = score ? shown.measure(*score) : nullptr;
                if (at == settings.end() || !m || settings.size() != 2) continue;
                x.x.push_back(line.x[i]);
                x.y.push_back(number_in(at->second));
                x.weight.push_back(shown.scale(*score) * m->value);
            }
        if (x.size() < 4 || std::all_of(x.weight.begin(), x.weight.end(), [](double w) { return w == 0; })) continue;
        f.curves.push_back(std::move(x));
        figures.push_back(std::move(f));
    }
}

// The cell whose intervals are shown: where the fewest replicates fail, the first such; confirmatory if there is one.
std::uint32_t shown_cell(const Study& study, const Assessment& a) {
    std::vector<std::size_t> accepted(study.cells.size(), 0);
    for (const auto& s : a.scores) accepted[s.cell] += s.counts.accepted;
    std::uint32_t best = 0;
    const auto rank = [&](std::uint32_t c) { return std::pair(study.cells[c].confirmatory, accepted[c]); };
    for (std::uint32_t c = 1; c < study.cells.size(); ++c)
        if (rank(c) > rank(best)) best = c;
    return best;
}

}  // namespace

std::vector<StudyFigure> figures_of(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    const Context c{study, outcomes, a};
    std::vector<StudyFigure> figures;
    auto axes = study.axes;
    for (const auto& axis : numeric_axes(study))
        if (std::find(axes.begin(), axes.end(), axis) == axes.end()) axes.push_back(axis);
    if (!study.contamination.empty()) {
        std::erase(axes, study.contamination);
        axes.insert(axes.begin(), study.contamination);
    }
    const std::uint32_t cell = shown_cell(study, a);
    for (const auto& family : families_of(outcomes)) {
        const std::size_t before = figures.size();
        const Judge* judge = study.judge(family.quantity);
        const std::string& unit = outcomes.estimands[family.estimands.front()].unit;
        const auto all_of_mine = [&](auto&& holds) {
            return std::all_of(a.scores.begin(), a.scores.end(), [&](const Score& s) {
                const auto& mine = family.estimands;
                return std::find(mine.begin(), mine.end(), s.estimand) == mine.end() || holds(s);
            });
        };
        const bool by_truth = all_of_mine([](const Score& s) { return std::abs(s.mean_truth()) > 0; });
        // Of a quantity that is far from 0 in all cells the power says nothing.
        const bool far_from_zero = all_of_mine([](const Score& s) {
            const Measure* m = s.find("power");
            return !m || m->value == 1;
        });
        for (const auto& shown : shown_of(*judge, unit, by_truth)) {
            if (shown.name == "power" && far_from_zero) continue;
            if (shown.name == "empirical_se" &&
                std::any_of(a.scores.begin(), a.scores.end(), [](const Score& s) { return s.find("rmse"); }))
                continue;
            if (!axes.empty()) add_against_axis(c, family, shown, axes.front(), figures);
            if (axes.size() >= 2 && (shown.name == "bias" || shown.name == "coverage" || shown.name == "failures"))
                add_heat(c, family, shown, axes[0], axes[1], figures);
        }
        for (const auto& axis : study.axes)
            if (axis != axes.front())
                for (const auto& shown : shown_of(*judge, unit, by_truth))
                    if (shown.name == "rmse") add_against_axis(c, family, shown, axis, figures);
        add_calibration(c, family, cell, figures);
        for (const std::uint32_t e : family.estimands)
            if (const Score* score = a.score(cell, e)) add_zip(c, *score, figures);
        for (std::size_t i = before; i < figures.size(); ++i) figures[i].about = family.title();
    }
    return figures;
}

}  // namespace vitrum::validation
