// Lines and numbers of a large text file, read once, a block at a time; a byte-order mark is left out. Not mapped: a
// file that somebody shortens meanwhile would end the program.
#pragma once

#include <charconv>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace vitrum::io {

class TextScanner {
public:
    // Throws InputError: no such file, a folder, unreadable, UTF-16.
    explicit TextScanner(const std::filesystem::path& file);
    ~TextScanner();
    TextScanner(const TextScanner&) = delete;
    TextScanner& operator=(const TextScanner&) = delete;

    // The next line without its end, valid until the next call; false at the end of the file. Throws Interrupted, and
    // InputError where the file became shorter than it was.
    bool next(std::string_view& line);
    // The next line, which must exist: `wanted` says what was to come.
    [[nodiscard]] std::string_view need(std::string_view wanted);
    [[nodiscard]] bool at_end() const { return begin_ == end_ && left_ == 0; }
    // The line read last is the last one, and has no end.
    [[nodiscard]] bool cut_off() const { return at_end() && !ended_; }
    [[nodiscard]] std::size_t line() const { return line_; }  // of the line read last, from 1
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    // Throws InputError if so many lines cannot come: for numbers that the file itself gives.
    void expect_lines(std::size_t lines, std::string_view what) const;
    // InputError "FILE:LINE: what".
    [[noreturn]] void fail(const std::string& what) const;

private:
    void more();

    std::filesystem::path path_;
    int descriptor_ = -1;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of what is not given out yet, in the buffer
    std::size_t end_ = 0;
    std::size_t left_ = 0;  // bytes of the file that are not in the buffer yet; what is appended meanwhile is not read
    bool ended_ = true;     // the line read last had an end
    std::size_t line_ = 0;
};

// Takes the next blank-separated word off the line; "" if there is none.
[[nodiscard]] inline std::string_view take_word(std::string_view& line) {
    std::size_t begin = 0;
    while (begin < line.size() && (line[begin] == ' ' || line[begin] == '\t')) ++begin;
    std::size_t end = begin;
    while (end < line.size() && line[end] != ' ' && line[end] != '\t') ++end;
    const std::string_view word = line.substr(begin, end - begin);
    line.remove_prefix(end);
    return word;
}

// Fortran's exponents: 1.0D+00.
[[nodiscard]] bool number_with_d(std::string_view word, double& value);

// The whole word as a number; false if it is none.
template <class Number>
[[nodiscard]] bool parse_number(std::string_view word, Number& value) {
    if (!word.empty() && word.front() == '+') word.remove_prefix(1);
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error == std::errc{} && end == word.data() + word.size() && !word.empty()) return true;
    if constexpr (std::is_floating_point_v<Number>) return number_with_d(word, value);
    return false;
}

}  // namespace vitrum::io
