#include "vitrum/validation/challenge/challenge_text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/quantities/quantity.hpp"
#include "vitrum/validation/study/study_keys.hpp"

namespace vitrum::validation {

namespace {

bool has_regions(const std::vector<Asked>& asked) {
    return std::any_of(asked.begin(), asked.end(), [](const Asked& a) { return !a.region.empty(); });
}

// Numbers in a text, as they are written.
std::vector<std::string> numbers_in(const std::string& text) {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!std::isdigit(static_cast<unsigned char>(text[i]))) continue;
        double value = 0;
        const auto end = std::from_chars(text.data() + i, text.data() + text.size(), value).ptr;
        found.emplace_back(text.data() + i, end);
        i = static_cast<std::size_t>(end - text.data());
    }
    return found;
}

}  // namespace

std::string readme_of(const SealContents& c, const std::string& hash) {
    const auto asked = asked_of(c);
    std::string text = c.title + "\n" + std::string(c.title.size(), '=') + "\n\n";
    if (!c.question.empty()) text += c.question + "\n\n";
    text += fmt::format(
        "{} data sets, set_*, made by vitrum {}. Their truth is known and sealed. Their order says nothing.\n",
        c.sets.size(), c.provenance.empty() ? "" : c.provenance.front().second);
    const auto any = [&](std::string_view ending) {
        return std::any_of(c.sets.begin(), c.sets.end(), [&](const SealedSet& s) { return s.ending == ending; });
    };
    if (any(".h5"))
        text +=
            "Frames, .h5: /entry/instrument/detector/data (frames, rows, columns) or /entry/sparse_frames; frame_time "
            "and\n"
            "pixel_mask (0 = good) stand beside the detector's data.\n";
    if (any(".csv")) text += "Columns of numbers, .csv: the first line without # names them, units in brackets.\n";
    text += "\n";
    text += "Asked for, of every data set:\n";
    for (const auto& name : c.quantities) {
        const Quantity& q = quantity(name);
        text += fmt::format("  {}{}: {}\n", name, q.unit.empty() ? "" : fmt::format(" [{}]", q.unit), q.definition);
    }
    text += fmt::format(
        "\nFill in {}: estimate and, where you have them, standard_error or the limits lower and upper of an\n"
        "interval at {:g} %. Limits go before a standard error; an interval from a standard error is the Gaussian one. "
        "Leave a\n"
        "row empty where your program finds nothing: it counts as a failure. A row that is missing is a failure as "
        "well. A\n"
        "column `method` allows several methods in one file; without it the file's name is the method.\n",
        template_name, 100 * c.level);
    if (has_regions(asked))
        text +=
            "The column region is the number of the q region in /entry/instrument/detector/region; empty: the whole "
            "data set.\n";
    text +=
        "\nJudged: failures first; then bias, spread, coverage; methods are ranked, each quantity apart, by squared "
        "error and by\n"
        "the interval score (Gneiting and Raftery 2007), pair by pair on common data sets. ";
    text += c.relative.empty()
                ? "Errors are in the quantity's unit.\n"
                : fmt::format("Errors of {} are taken in parts of the truth.\n", fmt::join(c.relative, ", "));
    text += fmt::format("A method that leaves out more than {:g} % of the rows of a quantity gets no rank there.\n\n",
                        100 * c.most_missing);
    text += fmt::format("{}{}\n", hash_line, hash);
    text += "Every data file carries it too, as the attribute " + std::string(hash_attribute) +
            " of its root or in its first line. When the seal is opened, the SHA-256\n"
            "of its salt followed by its contents must give this, or the truth was changed.\n";
    return text;
}

std::string template_of(const SealContents& c, const std::vector<Asked>& asked) {
    const bool regions = has_regions(asked);
    std::string text =
        fmt::format("dataset,quantity,{}estimate,standard_error,lower,upper\n", regions ? "region," : "");
    for (const auto& a : asked)
        text += fmt::format("{},{},{},,,\n", c.sets[a.set].name, a.quantity, regions ? a.region + "," : "");
    return text;
}

std::string truth_told_by(const SealContents& c, const std::vector<Asked>& asked) {
    std::vector<double> secrets;
    for (const auto& a : asked) secrets.push_back(a.truth);
    for (const auto& set : c.sets)
        for (const auto& [key, value] : set.settings) secrets.push_back(number_in(value));
    for (const auto& text : {c.title, c.question})
        for (const auto& written : numbers_in(text))
            if (std::find(secrets.begin(), secrets.end(), number_in(written)) != secrets.end()) return written;
    return "";
}

}  // namespace vitrum::validation
