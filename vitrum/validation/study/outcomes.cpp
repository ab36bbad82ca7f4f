#include "vitrum/validation/study/outcomes.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace vitrum::validation {

std::string Estimand::key() const {
    std::string text = fmt::format("{}\x1f{}\x1f{}", quantity, series, method);
    for (const auto& c : abscissa) text += fmt::format("\x1f{}\x1f{:012}", c.name, c.index);
    return text;
}

std::uint32_t Outcomes::index_of(const Estimand& estimand) {
    const std::string key = estimand.key();
    const auto at = std::lower_bound(known_.begin(), known_.end(), key,
                                     [](const auto& entry, const std::string& k) { return entry.first < k; });
    if (at != known_.end() && at->first == key) return at->second;
    const auto index = static_cast<std::uint32_t>(estimands.size());
    known_.insert(at, {key, index});
    estimands.push_back(estimand);
    return index;
}

void Outcomes::sort() {
    std::vector<std::uint32_t> order(estimands.size());
    std::iota(order.begin(), order.end(), 0U);
    std::vector<std::string> keys;
    for (const auto& e : estimands) keys.push_back(e.key());
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
    std::vector<std::uint32_t> place(order.size());
    std::vector<Estimand> sorted;
    known_.clear();
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        place[order[i]] = i;
        sorted.push_back(std::move(estimands[order[i]]));
        known_.emplace_back(keys[order[i]], i);
    }
    estimands = std::move(sorted);
    for (auto& r : replicates) {
        for (auto& row : r.rows) row.estimand = place[row.estimand];
        std::stable_sort(r.rows.begin(), r.rows.end(),
                         [](const Row& a, const Row& b) { return a.estimand < b.estimand; });
    }
    std::stable_sort(replicates.begin(), replicates.end(),
                     [](const auto& a, const auto& b) { return a.place() < b.place(); });
    replicates.erase(std::unique(replicates.begin(), replicates.end(),
                                 [](const auto& a, const auto& b) { return a.place() == b.place(); }),
                     replicates.end());
}

}  // namespace vitrum::validation
