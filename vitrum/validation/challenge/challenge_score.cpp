#include "vitrum/validation/challenge/challenge_score.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/validation/challenge/challenge_make.hpp"
#include "vitrum/validation/challenge/challenge_table.hpp"
#include "vitrum/validation/challenge/submission.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;

namespace {

// The hash that README.txt carries.
std::string published_hash(const fs::path& folder) {
    const bool there = fs::is_directory(folder) && fs::is_regular_file(folder / readme_name);
    std::ifstream in(there ? folder / readme_name : fs::path());
    if (!there || !in)
        throw InputError(fmt::format("'{}' is no folder of a challenge: it has no {}", folder.string(), readme_name));
    const std::string mark = hash_line;
    for (std::string line; std::getline(in, line);)
        if (line.rfind(mark, 0) == 0) return line.substr(mark.size());
    throw InputError(fmt::format("'{}' carries no hash of a seal; it was changed", (folder / readme_name).string()));
}

// The numbers of one quantity that one method gave, in the unit in which errors are judged; NaN where it gave none.
struct Column {
    std::vector<double> estimate, error, lower, upper, truth;

    void add(const std::optional<Answer>& answer, double true_value, bool relative, double z) {
        const double unit = relative ? true_value : 1;
        const Answer a = answer.value_or(Answer{});
        double low = a.lower;
        double high = a.upper;
        if (std::isnan(low)) {
            low = a.estimate - z * a.standard_error;
            high = a.estimate + z * a.standard_error;
        }
        if (unit < 0) std::swap(low, high);
        estimate.push_back(a.estimate / unit);
        error.push_back(a.standard_error / std::abs(unit));
        lower.push_back(low / unit);
        upper.push_back(high / unit);
        truth.push_back(true_value / unit);
    }

    template <class Keep>
    [[nodiscard]] Replicates where(Keep&& keep) const {
        Replicates r;
        for (std::size_t i = 0; i < estimate.size(); ++i) {
            if (!std::isfinite(estimate[i]) || !keep(i)) continue;
            r.estimate.push_back(estimate[i]);
            r.standard_error.push_back(error[i]);
            r.lower.push_back(lower[i]);
            r.upper.push_back(upper[i]);
            r.truth.push_back(truth[i]);
        }
        return r;
    }

    [[nodiscard]] std::vector<double> squared_errors() const {
        std::vector<double> loss;
        for (std::size_t i = 0; i < estimate.size(); ++i) loss.push_back(std::pow(estimate[i] - truth[i], 2));
        return loss;
    }

    [[nodiscard]] std::vector<double> interval_scores(double level) const {
        std::vector<double> loss;
        for (std::size_t i = 0; i < estimate.size(); ++i)
            loss.push_back(std::isfinite(estimate[i]) && std::isfinite(upper[i] - lower[i])
                               ? interval_score(lower[i], upper[i], truth[i], level)
                               : not_a_number);
        return loss;
    }
};

std::size_t numbers_in(const std::vector<double>& values) {
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](double v) { return std::isfinite(v); }));
}

// A method that leaves out too much is taken out of a ranking, with the reason.
std::string enough(std::vector<double>& loss, double most_missing, const char* what) {
    const std::size_t have = numbers_in(loss);
    const std::size_t out = loss.size() - have;
    if (have > 0 && static_cast<double>(out) <= most_missing * static_cast<double>(loss.size())) return "";
    std::fill(loss.begin(), loss.end(), not_a_number);
    if (have == 0) return fmt::format("no {}", what);
    return fmt::format("no {} for {} of {}, more than {:g} %", what, out, loss.size(), 100 * most_missing);
}

void add_settings(const SealContents& contents, const std::vector<const Asked*>& items,
                  const std::vector<Column>& columns, QuantityScore& q) {
    std::vector<std::string> names;
    for (const auto* a : items)
        if (const auto& s = contents.sets[a->set].setting; std::find(names.begin(), names.end(), s) == names.end())
            names.push_back(s);
    if (names.size() < 2) return;
    std::sort(names.begin(), names.end());
    for (const auto& setting : names) {
        const auto here = [&](std::size_t i) { return contents.sets[items[i]->set].setting == setting; };
        SettingScore s;
        s.setting = setting;
        for (std::size_t i = 0; i < items.size(); ++i) s.asked += here(i) ? 1 : 0;
        for (const auto& column : columns) s.methods.push_back(performance(column.where(here), contents.level));
        q.settings.push_back(std::move(s));
    }
}

QuantityScore judge(const std::string& name, const SealContents& contents, const std::vector<Asked>& asked,
                    const std::vector<Submission>& submissions) {
    QuantityScore q;
    q.quantity = name;
    q.relative = std::find(contents.relative.begin(), contents.relative.end(), name) != contents.relative.end();
    const double z = normal_factor(contents.level);
    std::vector<const Asked*> items;
    std::vector<Column> columns(submissions.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
        if (asked[i].quantity != name) continue;
        items.push_back(&asked[i]);
        for (std::size_t m = 0; m < submissions.size(); ++m)
            columns[m].add(submissions[m].answers[i], asked[i].truth, q.relative, z);
    }
    q.asked = items.size();
    q.unit = items.front()->unit;

    std::vector<char> everywhere(items.size(), 1);
    for (const auto& column : columns)
        if (numbers_in(column.estimate) > 0)
            for (std::size_t i = 0; i < items.size(); ++i)
                everywhere[i] = everywhere[i] && std::isfinite(column.estimate[i]) ? 1 : 0;
    q.common = static_cast<std::size_t>(std::count(everywhere.begin(), everywhere.end(), 1));

    std::vector<std::vector<double>> squares;
    std::vector<std::vector<double>> intervals;
    for (std::size_t m = 0; m < submissions.size(); ++m) {
        ChallengeMethod method;
        method.method = submissions[m].method;
        method.asked = items.size();
        for (std::size_t i = 0; i < asked.size(); ++i)
            if (asked[i].quantity == name) method.missing += submissions[m].answers[i] ? 0 : 1;
        const std::size_t have = numbers_in(columns[m].estimate);
        method.failed = items.size() - method.missing - have;
        squares.push_back(columns[m].squared_errors());
        intervals.push_back(columns[m].interval_scores(contents.level));
        method.without_interval = have - numbers_in(intervals.back());
        method.own = performance(columns[m].where([](std::size_t) { return true; }), contents.level);
        if (q.common < items.size())
            method.common =
                performance(columns[m].where([&](std::size_t i) { return everywhere[i] != 0; }), contents.level);
        method.not_ranked = enough(squares.back(), contents.most_missing, "estimate");
        method.not_ranked_by_interval = enough(intervals.back(), contents.most_missing, "interval");
        q.methods.push_back(std::move(method));
    }
    q.by_squared_error = rank_by_loss(squares);
    q.by_interval_score = rank_by_loss(intervals);
    add_settings(contents, items, columns, q);
    return q;
}

}  // namespace

SealContents open_challenge(const fs::path& folder, const fs::path& seal_file) {
    const std::string published = published_hash(folder);
    const Seal seal = read_seal(seal_file);
    if (seal.hash() != published)
        throw InputError(
            fmt::format("'{}' is the seal of another challenge, or its truth was changed: its hash is "
                        "{:.12}..., '{}' carries {:.12}...",
                        seal_file.string(), seal.hash(), (folder / readme_name).string(), published));
    SealContents contents = contents_of(seal, seal_file.string());
    for (const auto& set : contents.sets) {
        const fs::path file = folder / set.file();
        if (!fs::is_regular_file(file))
            throw InputError(fmt::format("'{}' is missing; score where all data of the challenge are", file.string()));
        if (seal_of(file) != published)
            throw InputError(
                fmt::format("'{}' is of another challenge: it carries the hash of another seal", file.string()));
        if (data_hash_of(file) != set.data_hash)
            throw InputError(
                fmt::format("'{}' was changed after the challenge was made: its data hash is not the sealed "
                            "one",
                            file.string()));
    }
    return contents;
}

ChallengeScore score_challenge(const fs::path& folder, const fs::path& seal, const std::vector<fs::path>& submissions) {
    const SealContents contents = open_challenge(folder, seal);
    const auto asked = asked_of(contents);
    const auto answers = read_submissions(submissions, contents, asked);
    ChallengeScore score;
    score.title = contents.title;
    score.hash = published_hash(folder);
    score.level = contents.level;
    score.data_sets = contents.sets.size();
    for (const auto& name : contents.quantities) score.quantities.push_back(judge(name, contents, asked, answers));
    return score;
}

}  // namespace vitrum::validation
