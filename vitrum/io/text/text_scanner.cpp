#include "vitrum/io/text/text_scanner.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/input_file.hpp"
#include "vitrum/io/text/text_encoding.hpp"

namespace vitrum::io {

TextScanner::TextScanner(const std::filesystem::path& file) : path_(file) {
    expect_input_file(file);
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        throw InputError(errno == ENOENT ? fmt::format("no such file: '{}'", file.string())
                                         : fmt::format("cannot read '{}': {}", file.string(), std::strerror(errno)));
    struct stat about {};
    const bool known = fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
    const auto size = known ? static_cast<std::size_t>(about.st_size) : 0;
    void* mapped = size > 0 ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : nullptr;
    close(descriptor);
    if (!known || mapped == MAP_FAILED)
        throw InputError(fmt::format("cannot read '{}': it is no ordinary file", file.string()));
    if (!mapped) return;
    madvise(mapped, size, MADV_SEQUENTIAL);
    text_ = {static_cast<const char*>(mapped), size};
    try {
        at_ = mark_before_text(text_, file);
    } catch (...) {
        munmap(mapped, size);
        throw;
    }
}

TextScanner::~TextScanner() {
    if (!text_.empty()) munmap(const_cast<char*>(text_.data()), text_.size());
}

bool TextScanner::next(std::string_view& line) {
    if (at_end()) return false;
    const char* begin = text_.data() + at_;
    const auto* end = static_cast<const char*>(std::memchr(begin, '\n', text_.size() - at_));
    line = text_.substr(at_, end ? static_cast<std::size_t>(end - begin) : std::string_view::npos);
    at_ += line.size() + (end ? 1 : 0);
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
    if (lines > harmless && lines > text_.size() - at_)
        fail(fmt::format("{} {} are to come, but only {} bytes", lines, what, text_.size() - at_));
}

void TextScanner::fail(const std::string& what) const {
    throw InputError(fmt::format("{}:{}: {}", path_.string(), line_, what));
}

}  // namespace vitrum::io
