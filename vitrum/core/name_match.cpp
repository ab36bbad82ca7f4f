#include "vitrum/core/name_match.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace vitrum {

namespace {

// "G2 error", "g2-error" and "g2_error" are one name; single letters keep their case: t is no T.
std::string plain(std::string_view name) {
    if (name.size() < 2) return std::string(name);
    std::string out(name);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == ' ' || c == '-' || c == '.'; }, '_');
    return out;
}

// A letter too many, too few or another one, or two neighbours the wrong way round, behind the first.
bool one_slip(std::string a, std::string b) {
    if (a.size() < b.size()) std::swap(a, b);
    if (a == b || a.front() != b.front() || a.size() > b.size() + 1) return false;
    const auto at = static_cast<std::size_t>(std::mismatch(b.begin(), b.end(), a.begin()).first - b.begin());
    if (a.size() > b.size()) return a.substr(at + 1) == b.substr(at);
    if (a.substr(at + 1) == b.substr(at + 1)) return true;
    return at + 1 < a.size() && a[at] == b[at + 1] && a[at + 1] == b[at] && a.substr(at + 2) == b.substr(at + 2);
}

}  // namespace

std::optional<std::size_t> find_name(const std::vector<std::string>& names, const std::vector<std::string>& usual) {
    for (const bool exact : {true, false})
        for (const auto& wanted : usual)
            for (std::size_t i = 0; i < names.size(); ++i)
                if (exact ? names[i] == wanted : plain(names[i]) == plain(wanted)) return i;
    return std::nullopt;
}

std::optional<std::string> misspelled(const std::string& name, const std::vector<std::string>& usual) {
    constexpr std::size_t shortest = 4;  // below, every name is near
    for (const auto& wanted : usual)
        if (name.size() >= shortest && wanted.size() >= shortest && one_slip(plain(name), plain(wanted))) return wanted;
    return std::nullopt;
}

}  // namespace vitrum
