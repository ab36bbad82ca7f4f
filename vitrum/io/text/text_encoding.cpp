#include "vitrum/io/text/text_encoding.hpp"

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/text/input_file.hpp"

namespace vitrum::io {

std::size_t mark_before_text(std::string_view head, const std::filesystem::path& file) {
    if (head.substr(0, 3) == "\xef\xbb\xbf") return 3;
    const auto second = head.substr(0, 2);
    const bool marked = second == "\xff\xfe" || second == "\xfe\xff";
    // Latin letters and digits in two or four bytes: every other byte is 0.
    const bool bare = second.size() == 2 && (second[0] == '\0') != (second[1] == '\0');
    if (marked || bare || head.substr(0, 4) == std::string_view("\0\0\xfe\xff", 4))
        throw InputError(fmt::format("'{}' is text in UTF-16 or UTF-32; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)",
                                     file.string()));
    return 0;
}

std::string read_text_file(const std::filesystem::path& file) {
    expect_input_file(file);
    std::ifstream in(file, std::ios::binary);
    std::ostringstream all;
    if (!in || (std::filesystem::file_size(file) > 0 && !(all << in.rdbuf())))
        throw InputError(fmt::format("cannot read '{}'", file.string()));
    std::string text = all.str();
    text.erase(0, mark_before_text(text, file));
    return text;
}

}  // namespace vitrum::io
