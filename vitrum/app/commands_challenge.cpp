#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/json_measures.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/validation/challenge/challenge_make.hpp"
#include "vitrum/validation/challenge/challenge_score.hpp"

namespace vitrum::app {

namespace fs = std::filesystem;
namespace v = validation;

namespace {

std::string rank_text(const v::RankedMethod& r) {
    return r.best == r.worst ? fmt::format("{}", r.best) : fmt::format("{}-{}", r.best, r.worst);
}

Json as_json(const v::Ranking& ranking, const std::vector<v::ChallengeMethod>& methods) {
    Json order = Json::array();
    for (const auto& r : ranking.order)
        order.push_back({{"method", methods[r.method].method},
                         {"rank", {r.best, r.worst}},
                         {"mean", number(r.mean)},
                         {"mcse", number(r.mcse)},
                         {"data_sets", r.data_sets}});
    Json pairs = Json::array();
    for (const auto& p : ranking.pairs)
        pairs.push_back({{"methods", {methods[p.a].method, methods[p.b].method}},
                         {"difference", number(p.difference)},
                         {"mcse", number(p.mcse)},
                         {"p", p.p},
                         {"common", p.common},
                         {"decided", p.decided}});
    return {{"order", order}, {"pairs", pairs}};
}

Json as_json(const v::QuantityScore& q) {
    Json methods = Json::array();
    for (const auto& m : q.methods) {
        Json one{{"method", m.method},
                 {"asked", m.asked},
                 {"missing", m.missing},
                 {"failed", m.failed},
                 {"without_interval", m.without_interval},
                 {"own_successes", measures_as_json(m.own)},
                 {"common_successes", measures_as_json(m.common)}};
        if (!m.not_ranked.empty()) one["not_ranked"] = m.not_ranked;
        if (!m.not_ranked_by_interval.empty()) one["not_ranked_by_interval_score"] = m.not_ranked_by_interval;
        methods.push_back(one);
    }
    Json settings = Json::array();
    for (const auto& s : q.settings) {
        Json of = Json::object();
        for (std::size_t m = 0; m < s.methods.size(); ++m) of[q.methods[m].method] = measures_as_json(s.methods[m]);
        settings.push_back({{"setting", s.setting}, {"asked", s.asked}, {"methods", of}});
    }
    return {{"quantity", q.quantity},
            {"unit", q.relative ? "" : q.unit},
            {"relative_to_truth", q.relative},
            {"asked", q.asked},
            {"common", q.common},
            {"methods", methods},
            {"ranking",
             {{"squared_error", as_json(q.by_squared_error, q.methods)},
              {"interval_score", as_json(q.by_interval_score, q.methods)}}},
            {"settings", settings}};
}

std::string with_error(const std::vector<v::Measure>& rows, const std::string& name) {
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& m) { return m.name == name; });
    return at == rows.end() ? "-" : fmt::format("{:.4g} +- {:.2g}", at->value, at->mcse);
}

void print_counts(const v::QuantityScore& q) {
    print("  {:<20} {:>7} {:>6} {:>11}  {:<20} {:<20} {:<18} {}\n", "method", "missing", "failed", "no interval",
          "bias", "rmse", "coverage", "pull width");
    for (const auto& m : q.methods)
        print("  {:<20} {:>7} {:>6} {:>11}  {:<20} {:<20} {:<18} {}\n", m.method, m.missing, m.failed,
              m.without_interval, with_error(m.own, "bias"), with_error(m.own, "rmse"), with_error(m.own, "coverage"),
              with_error(m.own, "pull_width"));
}

void print_ranking(const char* title, const v::QuantityScore& q, const v::Ranking& ranking,
                   std::string v::ChallengeMethod::*why) {
    print("  by {}\n", title);
    for (const auto& r : ranking.order)
        print("    {:<6} {:<20} mean {:.4g} +- {:.2g}, {} values\n", rank_text(r), q.methods[r.method].method, r.mean,
              r.mcse, r.data_sets);
    for (const auto& m : q.methods)
        if (!(m.*why).empty()) print("    {:<6} {:<20} {}\n", "none", m.method, m.*why);
    for (const auto& p : ranking.pairs) {
        const bool first = p.difference > 0;
        const auto& better = q.methods[first ? p.a : p.b].method;
        const auto& worse = q.methods[first ? p.b : p.a].method;
        print("      {}: {:.3g} +- {:.2g} on {} common, p = {:.2g}\n",
              p.decided ? fmt::format("{} is better than {}", better, worse)
                        : fmt::format("{} and {} are tied", q.methods[p.a].method, q.methods[p.b].method),
              std::abs(p.difference), p.mcse, p.common, p.p);
    }
}

fs::path seal_of(const std::string& folder, const ChallengeOptions& options) {
    return options.seal.empty() ? v::seal_beside(folder) : fs::path(options.seal);
}

}  // namespace

int challenge_make(const std::string& file, const ChallengeOptions& options, const Common& common) {
    const auto challenge = v::read_challenge(file);
    const std::string folder = common.output.empty() ? challenge.name + "_challenge" : common.output;
    const fs::path seal = seal_of(folder, options);
    v::make_challenge(challenge, v::draw_secret(), folder, seal, {common.threads, common.quiet, common.force});
    if (!common.quiet)
        print("data    {}  for all who take part\nseal    {}  keep it to yourself, and keep a copy\n", folder,
              seal.string());
    return 0;
}

int challenge_score(const std::string& folder, const std::vector<std::string>& submissions,
                    const ChallengeOptions& options, bool json) {
    const auto score = v::score_challenge(folder, seal_of(folder, options), {submissions.begin(), submissions.end()});
    if (json) {
        Json all = Json::array();
        for (const auto& q : score.quantities) all.push_back(as_json(q));
        print_json({{"title", score.title},
                    {"seal", score.hash},
                    {"data_sets", score.data_sets},
                    {"level", score.level},
                    {"quantities", all}});
        return 0;
    }
    print("{}\nseal and {} data sets verified: {}\n", score.title, score.data_sets, score.hash);
    for (const auto& q : score.quantities) {
        const std::string unit = q.relative       ? "in parts of the truth"
                                 : q.unit.empty() ? ""
                                                  : fmt::format("[{}]", q.unit);
        print("\n{}{}: {} true values, {} answered by every method\n", q.quantity, unit, q.asked, q.common);
        print_counts(q);
        print_ranking("squared error", q, q.by_squared_error, &v::ChallengeMethod::not_ranked);
        print_ranking("interval score", q, q.by_interval_score, &v::ChallengeMethod::not_ranked_by_interval);
    }
    print(
        "\nA span such as 1-2 is a tie: the data sets do not tell these methods apart. The spans of a ranking hold\n"
        "all true ranks at once with 95 %.\n");
    return 0;
}

}  // namespace vitrum::app
