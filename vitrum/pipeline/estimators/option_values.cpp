#include "vitrum/pipeline/estimators/option_values.hpp"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vitrum::pipeline {

analysis::FrameChoice frame_choice(Section& options) {
    analysis::FrameChoice choice;
    choice.most = whole(options, "most_frames", 0);
    return choice;
}

std::vector<std::string> names_of(Section& options, const char* key, const char* example) {
    const std::string text = options.text(key, "");
    std::vector<std::string> names;
    std::string name;
    for (std::size_t i = 0; !text.empty() && i <= text.size(); ++i) {
        if (i < text.size() && text[i] != ',') {
            if (text[i] != ' ') name += text[i];
            continue;
        }
        if (name.empty()) options.fail(key, fmt::format("is '{}'; names with commas, as in {}", text, example));
        names.push_back(std::move(name));
        name.clear();
    }
    return names;
}

double positive(Section& options, const char* key, Dimension dimension, double fallback) {
    const double value = options.quantity(key, dimension, fallback);
    if (!(value > 0)) options.fail(key, fmt::format("is {}; positive", value));
    return value;
}

std::size_t whole(Section& options, const char* key, std::size_t fallback) {
    const auto value = options.integer(key, static_cast<std::int64_t>(fallback));
    if (value < 0) options.fail(key, fmt::format("is {}; not negative", value));
    return static_cast<std::size_t>(value);
}

double not_negative(Section& options, const char* key, Dimension dimension) {
    const double value = options.quantity(key, dimension, 0.0);
    if (!(value >= 0)) options.fail(key, fmt::format("is {}; not negative", value));
    return value;
}

std::vector<std::pair<std::string, double>> numbers_by_element(Section& options, const char* key, const char* example) {
    std::vector<std::pair<std::string, double>> all;
    for (const std::string& part : names_of(options, key, example)) {
        const auto colon = part.find(':');
        const std::string number = colon == std::string::npos ? "" : part.substr(colon + 1);
        double value = 0;
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
        if (error != std::errc{} || end != number.data() + number.size() || !(value > 0))
            options.fail(key, fmt::format("holds '{}'; elements with positive numbers, as in {}", part, example));
        all.emplace_back(part.substr(0, colon), value);
    }
    return all;
}

std::string text_or_whole(Section& options, const std::string& key) {
    return options.is_text(key) ? options.text(key) : fmt::format("{}", options.integer(key));
}

std::string text_or_list(Section& options, const std::string& key) {
    const toml::value* value = options.raw(key);
    return value && value->is_array() ? fmt::format("{}", fmt::join(options.numbers(key), ","))
                                      : text_or_whole(options, key);
}

}  // namespace vitrum::pipeline
