#include "vitrum/validation/study/assess.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "vitrum/core/data/map_entry_variance.hpp"
#include "vitrum/validation/study/cell_bounds.hpp"

namespace vitrum::validation {

namespace {

// Rows of one cell by estimand: one entry a replicate, null where it gave none.
using Columns = std::map<std::uint32_t, std::vector<const Row*>>;

bool good(const Row* row, bool at_bound_counts) {
    return row && (row->status == Status::ok || (at_bound_counts && row->status == Status::at_bound)) &&
           std::isfinite(row->estimate);
}

Counts count(const std::vector<const Row*>& column, bool at_bound_counts) {
    Counts c;
    c.attempted = column.size();
    for (const Row* row : column) {
        if (!row) {
            ++c.missing;
            continue;
        }
        const bool number = row->status != Status::ok || std::isfinite(row->estimate);
        ++c.by_status.at(static_cast<std::size_t>(number ? row->status : Status::no_data));
        c.accepted += good(row, at_bound_counts) ? 1 : 0;
        c.without_error +=
            good(row, at_bound_counts) && !std::isfinite(row->standard_error) && !std::isfinite(row->lower) ? 1 : 0;
    }
    return c;
}

// The best fit of a law that is rejected has a number too.
bool rejected(const Row* row) { return row && row->status == Status::law_rejected && std::isfinite(row->estimate); }

// Of the replicates whose row is good, or rejected, and that `keep` wants.
template <class Keep>
Replicates successes(const std::vector<const Row*>& column, bool at_bound_counts, Keep&& keep) {
    Replicates r;
    for (std::size_t i = 0; i < column.size(); ++i) {
        const Row* row = column[i];
        if (!(good(row, at_bound_counts) || rejected(row)) || !keep(i)) continue;
        const auto comparable = [&](double value) { return row->origin != Origin::reference ? value : not_a_number; };
        r.add(row->estimate, comparable(row->standard_error), comparable(row->lower), comparable(row->upper),
              row->truth);
    }
    r.complete();
    return r;
}

// Estimands of the same thing by the other methods.
std::vector<std::uint32_t> rivals(const Outcomes& outcomes, std::uint32_t estimand) {
    const Estimand& mine = outcomes.estimands[estimand];
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < outcomes.estimands.size(); ++i) {
        const Estimand& e = outcomes.estimands[i];
        if (e.series == mine.series && e.quantity == mine.quantity && same_place(e.abscissa, mine.abscissa))
            all.push_back(i);
    }
    return all;
}

std::vector<Measure> compare(const std::vector<const Row*>& reference, const std::vector<const Row*>& mine,
                             bool at_bound_counts) {
    std::vector<double> a;
    std::vector<double> b;
    for (std::size_t i = 0; i < mine.size(); ++i) {
        if (!good(reference[i], at_bound_counts) || !good(mine[i], at_bound_counts)) continue;
        const double truth = std::isfinite(mine[i]->truth) ? mine[i]->truth : 0;
        a.push_back(reference[i]->estimate - truth);
        b.push_back(mine[i]->estimate - truth);
    }
    return against(a, b);
}

// Coverage with the fits whose law is rejected, where there are any: without them it is that of the successes.
void add_coverage_with_rejected(const std::vector<const Row*>& column, bool at_bound_counts, double level,
                                std::vector<Measure>& own) {
    if (std::none_of(column.begin(), column.end(), rejected)) return;
    const auto all = performance(successes(column, at_bound_counts, [](std::size_t) { return true; }), level);
    const auto coverage = std::find_if(all.begin(), all.end(), [](const Measure& m) { return m.name == "coverage"; });
    if (coverage == all.end()) return;
    own.push_back(*coverage);
    own.back().name = "coverage_with_rejected";
}

Measure share_below(const std::vector<const Row*>& column, double threshold) {
    std::size_t known = 0;
    std::size_t below = 0;
    for (const Row* row : column) {
        if (!good(row, false)) continue;
        ++known;
        below += row->estimate < threshold ? 1 : 0;
    }
    return share("rejections", below, known);
}

Columns columns_of(const Outcomes& outcomes, std::uint32_t cell, std::size_t replicates) {
    const auto first = std::lower_bound(outcomes.replicates.begin(), outcomes.replicates.end(), cell,
                                        [](const ReplicateRows& r, std::uint32_t c) { return r.cell < c; });
    auto last = first;
    while (last != outcomes.replicates.end() && last->cell == cell && last->replicate < replicates) ++last;
    const auto n = static_cast<std::size_t>(last - first);
    Columns columns;
    for (std::size_t i = 0; i < n; ++i)
        for (const Row& row : (first + static_cast<std::ptrdiff_t>(i))->rows) {
            auto& column = columns[row.estimand];
            column.resize(n, nullptr);
            if (!column[i]) column[i] = &row;
        }
    return columns;
}

double spread_of(const Score& score) {
    const Measure* sd = score.find("empirical_se");
    return sd ? sd->value : not_a_number;
}

// Verdicts that the study asks of one score, not yet decided.
std::vector<Verdict> asked(const Judge& judge, const Score& score) {
    std::vector<Verdict> all;
    const auto add = [&](Verdict v) {
        v.cell = score.cell;
        v.estimand = score.estimand;
        all.push_back(std::move(v));
    };
    if (const Measure* bias = score.find("bias"); bias && judge.bias) {
        const double margin = judge.bias->absolute(score.mean_truth(), spread_of(score));
        add(judge_mean(*bias, -margin, margin));
    }
    if (const Measure* coverage = score.find("coverage"); coverage && judge.coverage)
        add(judge_share(*coverage, judge.coverage->first, judge.coverage->second));
    if (judge.failures) add(judge_share(*score.find("failures"), 0, *judge.failures));
    if (const Measure* p = score.find("rejections"); p && judge.rejections)
        add(judge_share(*p, judge.rejections->first, judge.rejections->second));
    return all;
}

// Errors of the score without their bias, around the truth.
Replicates without_bias(const Score& score) {
    const Measure* bias = score.find("bias");
    Replicates r;
    for (std::size_t i = 0; i < score.successes.estimate.size(); ++i) {
        r.estimate.push_back(score.successes.estimate[i] - (bias ? bias->value : 0));
        r.truth.push_back(score.successes.truth[i]);
    }
    return r;
}

const Measure* find_in(const std::vector<Measure>& rows, std::string_view name) {
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const Measure& m) { return m.name == name; });
    return at == rows.end() ? nullptr : &*at;
}

std::vector<Control> controls_of(const Judge& judge, const Score& score) {
    std::vector<Control> all;
    if (score.successes.truth.empty() || score.successes.estimate.size() < 2) return all;
    const double spread = spread_of(score);
    const auto add = [&](const char* defect, const Replicates& planted, const char* measure, double low, double high) {
        const auto rows = performance(planted);
        const Measure* found = find_in(rows, measure);
        if (!found) return;
        std::vector<Verdict> one{measure == std::string_view("bias") ? judge_mean(*found, low, high)
                                                                     : judge_share(*found, low, high)};
        one.front().cell = score.cell;
        one.front().estimand = score.estimand;
        decide(one, false);
        all.push_back({defect, one.front()});
    };
    if (judge.bias) {
        const double margin = judge.bias->absolute(score.mean_truth(), spread);
        Replicates planted = without_bias(score);
        for (double& x : planted.estimate) x += 3 * margin;
        add("bias of three margins", planted, "bias", -margin, margin);
    }
    if (judge.coverage) {
        Replicates planted = without_bias(score);
        planted.standard_error.assign(planted.estimate.size(), spread / 2);
        add("standard errors halved", planted, "coverage", judge.coverage->first, judge.coverage->second);
    }
    return all;
}

// Bound over the variance of the estimates; their bias stays out of it. Of the successes of an estimator that fails
// often a bound says nothing.
void add_efficiency(const Cell& cell, const Estimand& what, std::map<std::string, std::vector<Bound>>& known,
                    Score& score) {
    if (what.series.empty()) return;
    if (known.find(what.series) == known.end()) known[what.series] = bounds_of(cell, what.series);
    for (const auto& bound : known[what.series])
        if (bound.quantity == what.quantity) score.bound = bound;
    constexpr std::size_t one_in = 20;
    if (score.bound.kind == BoundKind::none || one_in * score.counts.failed() > score.counts.attempted) return;
    Measure m = efficiency(score.bound, score.successes.estimate);
    if (std::isfinite(m.value)) score.own.push_back(std::move(m));
}

}  // namespace

const Measure* Score::find(std::string_view measure) const { return find_in(own, measure); }

double Score::mean_truth() const {
    double sum = 0;
    for (const double t : successes.truth) sum += t;
    return successes.truth.empty() ? not_a_number : sum / static_cast<double>(successes.truth.size());
}

const Score* Assessment::score(std::uint32_t cell, std::uint32_t estimand) const {
    const auto at = std::find_if(scores.begin(), scores.end(),
                                 [&](const Score& s) { return s.cell == cell && s.estimand == estimand; });
    return at == scores.end() ? nullptr : &*at;
}

std::vector<Score> score_cell(const Study& study, const Outcomes& outcomes, std::uint32_t cell,
                              std::size_t replicates) {
    const Columns columns = columns_of(outcomes, cell, replicates);
    std::vector<Score> scores;
    for (const auto& [estimand, column] : columns) {
        const Estimand& what = outcomes.estimands[estimand];
        const auto all = rivals(outcomes, estimand);
        const Judge* judge = study.judge(what.quantity);
        const bool at_bound = judge && judge->at_bound_counts;
        const auto everywhere = [&](std::size_t i) {
            return std::all_of(all.begin(), all.end(), [&](std::uint32_t e) {
                const auto at = columns.find(e);
                return at == columns.end() || good(at->second[i], at_bound);
            });
        };
        Score s;
        s.cell = cell;
        s.estimand = estimand;
        s.counts = count(column, at_bound);
        for (const Row* row : column)
            s.reference_truth = s.reference_truth || (row && row->origin == Origin::reference);
        s.successes = successes(column, at_bound, [&](std::size_t i) { return good(column[i], at_bound); });
        s.own = performance(s.successes, what.level);
        add_coverage_with_rejected(column, at_bound, what.level, s.own);
        s.own.push_back(share("failures", s.counts.failed(), s.counts.attempted));
        if (judge && judge->rejections && s.counts.ok() > 0) s.own.push_back(share_below(column, judge->threshold));
        bool differs = false;
        for (std::size_t i = 0; i < column.size(); ++i)
            differs = differs || (good(column[i], at_bound) && !everywhere(i));
        if (differs)
            s.common = performance(
                successes(column, at_bound, [&](std::size_t i) { return good(column[i], at_bound) && everywhere(i); }),
                what.level);
        for (const std::uint32_t rival : all)
            if (!study.reference.empty() && rival != estimand && outcomes.estimands[rival].method == study.reference)
                if (const auto at = columns.find(rival); at != columns.end())
                    s.against_reference = compare(at->second, column, at_bound);
        scores.push_back(std::move(s));
    }
    return scores;
}

std::vector<std::string> never_given(const Study& study, const Outcomes& outcomes) {
    std::vector<std::string> missing;
    for (const auto& judge : study.judges)
        if (std::none_of(outcomes.estimands.begin(), outcomes.estimands.end(),
                         [&](const Estimand& e) { return e.quantity == judge.quantity; }))
            missing.push_back(judge.quantity);
    return missing;
}

bool precise_enough(const Study& study, const Outcomes& outcomes, std::uint32_t cell, std::size_t replicates) {
    const auto scores = score_cell(study, outcomes, cell, replicates);
    return std::all_of(scores.begin(), scores.end(), [&](const Score& s) {
        const Judge* judge = study.judge(outcomes.estimands[s.estimand].quantity);
        const Measure* bias = s.find("bias");
        const Measure* coverage = s.find("coverage");
        if (judge->mcse_bias && bias && !(bias->mcse <= judge->mcse_bias->absolute(s.mean_truth(), spread_of(s))))
            return false;
        // Half of Wilson's interval: the plain error of a share of 0 or 1 is 0.
        return !judge->mcse_coverage || !coverage ||
               (coverage->upper - coverage->lower) / gaussian_width(0.95) <= *judge->mcse_coverage;
    });
}

Assessment assess(const Study& study, const Outcomes& outcomes) {
    Assessment a;
    std::vector<Verdict> confirmatory;
    std::vector<Verdict> exploratory;
    for (std::uint32_t c = 0; c < study.cells.size(); ++c) {
        std::map<std::string, std::vector<Bound>> bounds;  // of each data set
        for (auto& score : score_cell(study, outcomes, c, static_cast<std::size_t>(-1))) {
            add_efficiency(study.cells[c], outcomes.estimands[score.estimand], bounds, score);
            const Judge* judge = study.judge(outcomes.estimands[score.estimand].quantity);
            auto& verdicts = study.cells[c].confirmatory ? confirmatory : exploratory;
            for (auto& v : asked(*judge, score)) verdicts.push_back(std::move(v));
            if (study.cells[c].confirmatory)
                for (auto& control : controls_of(*judge, score)) a.controls.push_back(std::move(control));
            a.scores.push_back(std::move(score));
        }
    }
    for (auto& v : confirmatory)
        for (const auto& c : a.controls)
            if (c.verdict.cell == v.cell && c.verdict.estimand == v.estimand && c.verdict.measure == v.measure &&
                c.verdict.decision != Decision::fail)
                v.decision = Decision::withheld;
    decide(confirmatory, true);
    a.verdicts = std::move(confirmatory);
    for (auto& v : exploratory) a.verdicts.push_back(std::move(v));
    a.is_void = !a.controls.empty() && std::none_of(a.controls.begin(), a.controls.end(), [](const Control& c) {
        return c.verdict.decision == Decision::fail;
    });
    return a;
}

}  // namespace vitrum::validation
