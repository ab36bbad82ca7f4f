#include <algorithm>

#include <fmt/format.h>

#include "vitrum/validation/study_report/study_report.hpp"

namespace vitrum::validation {

std::string summary_text(const Study& study, const Outcomes& outcomes, const Assessment& a) {
    std::size_t failures = 0;
    for (const auto& r : outcomes.replicates) failures += r.failure.empty() ? 0 : 1;
    std::string text = fmt::format("{}: {} cells, {} replicates, in {} of them a source died\n", study.title,
                                   study.cells.size(), outcomes.replicates.size(), failures);
    for (const auto& line : study.deviations) text += "deviation from the plan: " + line + "\n";
    for (const auto& quantity : never_given(study, outcomes))
        text += fmt::format("{}: judged, but no replicate gave it\n", quantity);
    for (const auto& s : a.scores) {
        if (s.counts.failed() == 0) continue;
        const Estimand& e = outcomes.estimands[s.estimand];
        text += fmt::format("{} | {} {}: {} of {} replicates without an estimate\n", study.cells[s.cell].label,
                            e.method, e.quantity, s.counts.failed(), s.counts.attempted);
    }
    if (a.is_void) text += "VOID: no planted defect was found; more replicates, or wider margins, are needed\n";
    for (const auto& v : a.verdicts) {
        if (v.decision == Decision::none) continue;
        const Estimand& e = outcomes.estimands[v.estimand];
        const std::string place = e.abscissa.label();
        text += fmt::format("{:<9} {} of {}{}, {}: {:.4g} [{:.4g}, {:.4g}], margin [{:.4g}, {:.4g}] | {}{}\n",
                            name(v.decision), v.measure, e.quantity, place.empty() ? "" : " at " + place, e.method,
                            v.found.value, v.found.lower, v.found.upper, v.low, v.high, study.cells[v.cell].label,
                            v.decision == Decision::undecided && v.replicates_to_decide > 0
                                ? fmt::format("; {:.0f} replicates would decide", v.replicates_to_decide)
                                : "");
    }
    return text;
}

}  // namespace vitrum::validation
