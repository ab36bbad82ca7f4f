#include "vitrum/report/page/number_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/quantities/quantity.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/report/page/html.hpp"

namespace vitrum::report {

namespace {

constexpr int digits_without_error = 4;
constexpr int most_decimals = 10;

// Decimal exponent of |x| after rounding to `digits` significant digits: 0.0996 to two digits is 0.10.
int exponent_of(double x, int digits) {
    const double magnitude = std::abs(x);
    int exponent = static_cast<int>(std::floor(std::log10(magnitude)));
    const double rounded = std::round(magnitude / std::pow(10.0, exponent - digits + 1));
    if (rounded >= std::pow(10.0, digits)) ++exponent;
    return exponent;
}

bool usable(double x) { return std::isfinite(x) && x != 0; }

std::string with_minus(const std::string& text) { return text.starts_with('-') ? "−" + text.substr(1) : text; }

bool all_zero(std::string_view text) { return text.find_first_of("123456789") == std::string_view::npos; }

}  // namespace

NumberStyle number_style(double value, double error, std::string_view unit) {
    NumberStyle style;
    style.unit = display_unit(unit);
    const bool has_error = std::isfinite(error) && error > 0;
    double largest = usable(value) ? std::abs(value) : 0.0;
    if (has_error) largest = std::max(largest, error);
    if (largest == 0) return style;
    if (unit == "s") {
        const Scale scale = readable_time(largest);
        style.factor = scale.factor;
        style.unit = display_unit(scale.unit);
    }
    const int exponent = exponent_of(largest * style.factor, digits_without_error);
    const int last_digit = has_error ? exponent_of(error * style.factor, 2) - 1 : exponent - digits_without_error + 1;
    if (exponent < -3 || exponent >= 5 || (has_error && last_digit > 0)) style.power = exponent;
    style.decimals = std::clamp(style.power - last_digit, 0, most_decimals);
    style.trim_zeros = !has_error;
    return style;
}

std::string number(const NumberStyle& style, double value) {
    if (!std::isfinite(value)) return "—";
    const double scaled = value * style.factor / std::pow(10.0, style.power);
    std::string text = fmt::format("{:.{}f}", scaled, style.decimals);
    if (all_zero(text)) {
        if (value == 0) return "0";
        // Far smaller than this row's error: say how small rather than write 0.
        const int exponent = exponent_of(scaled, 2);
        return with_minus(fmt::format("{:.1f}", scaled / std::pow(10.0, exponent))) + " × " + power_of_ten(exponent);
    }
    if (style.trim_zeros && text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return with_minus(text);
}

std::string signed_number(const NumberStyle& style, double value) {
    return (value > 0 ? "+" : "") + number(style, value);
}

std::string unit_label(const NumberStyle& style) {
    if (style.power == 0) return style.unit;
    if (style.unit.empty()) return "× " + power_of_ten(style.power);
    return power_of_ten(style.power) + " " + style.unit;
}

std::string number_text(double value, double error, std::string_view unit) {
    if (!std::isfinite(value)) return "—";
    const NumberStyle style = number_style(value, error, unit);
    std::string text = number(style, value);
    if (std::isfinite(error) && error > 0) {
        text += " ± " + number(style, error);
        if (style.power != 0) text = "(" + text + ")";
    }
    if (style.power != 0) text += " × " + power_of_ten(style.power);
    if (!style.unit.empty()) text += " " + style.unit;
    return text;
}

std::string power_of_ten(int exponent) {
    static constexpr std::array<std::string_view, 10> superscript{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text = "10";
    for (const char c : std::to_string(exponent))
        text += c == '-' ? std::string_view("⁻") : superscript.at(static_cast<std::size_t>(c - '0'));
    return text;
}

std::string display_unit(std::string_view unit) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> known{{
        {"1/s", "s⁻¹"},
        {"1/angstrom", "Å⁻¹"},
        {"angstrom", "Å"},
        {"angstrom^2", "Å²"},
        {"angstrom^3", "Å³"},
        {"us", "µs"},
        {"g/cm^3", "g/cm³"},
        {"1/angstrom^3", "Å⁻³"},
        {"1/nm", "nm⁻¹"},
    }};
    for (const auto& [plain, printed] : known)
        if (unit == plain) return std::string(printed);
    return std::string(unit);
}

std::string display_symbol(std::string_view name) {
    for (const Quantity& row : quantities()) {
        if (row.name != name) continue;
        std::string symbol(row.symbol);
        replace_all(symbol, "tau", "τ");
        replace_all(symbol, "beta", "β");
        replace_all(symbol, "Delta C", "ΔC");
        replace_all(symbol, "Delta ", "Δ");
        return symbol;
    }
    return std::string(name);
}

}  // namespace vitrum::report
