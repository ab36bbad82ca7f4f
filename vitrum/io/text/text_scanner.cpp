#include "vitrum/io/text/text_scanner.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/io/text/text_encoding.hpp"

namespace vitrum::io {

namespace {

constexpr std::size_t block = std::size_t{1} << 20;
// No line of a trajectory comes near it; a file without ends of lines does not fill the memory.
constexpr std::size_t longest_line = std::size_t{64} << 20;

}  // namespace

TextScanner::TextScanner(const std::filesystem::path& file) : path_(file) {
    expect_input_file(file);
    descriptor_ = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0)
        throw InputError(errno == ENOENT ? fmt::format("no such file: '{}'", file.string())
                                         : fmt::format("cannot read '{}': {}", file.string(), std::strerror(errno)));
    try {
        struct stat about {};
        if (fstat(descriptor_, &about) != 0 || !S_ISREG(about.st_mode))
            throw InputError(fmt::format("cannot read '{}': it is no ordinary file", file.string()));
        left_ = static_cast<std::size_t>(about.st_size);
        more();
        begin_ = mark_before_text({buffer_.data(), end_}, file);
    } catch (...) {
        close(descriptor_);
        throw;
    }
}

TextScanner::~TextScanner() { close(descriptor_); }

void TextScanner::more() {
    check_interrupt();
    if (left_ == 0) return;
    if (begin_ < end_) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (end_ >= longest_line)
        fail(fmt::format("the next line has more than {} MB: this is no text of a trajectory", longest_line >> 20));
    buffer_.resize(std::max(buffer_.size(), std::max(2 * end_, std::min(left_, block))));
    const std::size_t wanted = std::min(left_, buffer_.size() - end_);
    ssize_t got = 0;
    do got = read(descriptor_, buffer_.data() + end_, wanted);
    while (got < 0 && errno == EINTR);
    if (got < 0) throw InputError(fmt::format("cannot read '{}': {}", path_.string(), std::strerror(errno)));
    if (got == 0) fail("the file became shorter while it was read");
    end_ += static_cast<std::size_t>(got);
    left_ -= static_cast<std::size_t>(got);
}

bool TextScanner::next(std::string_view& line) {
    if (at_end()) return false;
    const char* end = nullptr;
    for (std::size_t looked = 0;;) {
        end = static_cast<const char*>(std::memchr(buffer_.data() + begin_ + looked, '\n', end_ - begin_ - looked));
        if (end || left_ == 0) break;
        looked = end_ - begin_;
        more();
    }
    const char* begin = buffer_.data() + begin_;
    line = {begin, end ? static_cast<std::size_t>(end - begin) : end_ - begin_};
    ended_ = end != nullptr;
    begin_ += line.size() + (end ? 1 : 0);
    ++line_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return true;
}

bool number_with_d(std::string_view word, double& value) {
    std::string text(word);
    const auto d = text.find_first_of("dD");
    if (d == std::string::npos || d == 0) return false;
    text[d] = 'e';
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

std::string_view TextScanner::need(std::string_view wanted) {
    std::string_view line;
    if (!next(line)) fail(fmt::format("the file ends here; {} was to come", wanted));
    return line;
}

void TextScanner::expect_lines(std::size_t lines, std::string_view what) const {
    constexpr std::size_t harmless = 100000;  // a file that is cut off says so where it ends
    const std::size_t bytes = end_ - begin_ + left_;
    if (lines > harmless && lines > bytes)
        fail(fmt::format("{} {} are to come, but only {} bytes", lines, what, bytes));
}

void TextScanner::fail(const std::string& what) const {
    throw InputError(fmt::format("{}:{}: {}", path_.string(), line_, what));
}

}  // namespace vitrum::io
