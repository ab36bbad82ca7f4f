// Lines of files that are larger than a block, and of files that change while they are read.
#include "vitrum/io/text/text_scanner.hpp"

#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"

namespace vitrum::io {
namespace {

std::string made_of(std::size_t number) { return std::to_string(number) + std::string(number * 7919 % 3000, 'x'); }

TEST(TextScanner, LinesAcrossBlocks) {
    const TemporaryFolder folder;
    const auto file = folder / "many.txt";
    constexpr std::size_t lines = 4000;
    {
        std::ofstream out(file, std::ios::binary);
        out << "\xef\xbb\xbf";
        for (std::size_t i = 0; i < lines; ++i) out << made_of(i) << (i % 2 ? "\n" : "\r\n");
        out << std::string(3 << 20, 'y') << "\nlast";  // one that is longer than a block, one without an end
    }
    TextScanner text(file);
    std::string_view line;
    for (std::size_t i = 0; i < lines; ++i) {
        ASSERT_TRUE(text.next(line));
        ASSERT_EQ(line, made_of(i));
    }
    EXPECT_EQ(text.line(), lines);
    ASSERT_TRUE(text.next(line));
    EXPECT_EQ(line.size(), std::size_t{3} << 20);
    EXPECT_FALSE(text.at_end());
    EXPECT_FALSE(text.cut_off());
    ASSERT_TRUE(text.next(line));
    EXPECT_EQ(line, "last");
    EXPECT_TRUE(text.cut_off());
    EXPECT_FALSE(text.next(line));
}

TEST(TextScanner, AFileThatIsShortenedMeanwhile) {
    const TemporaryFolder folder;
    const auto file = folder / "many.txt";
    {
        std::ofstream out(file);
        for (int i = 0; i < 1000000; ++i) out << i << '\n';
    }
    TextScanner text(file);
    std::string_view line;
    ASSERT_TRUE(text.next(line));
    std::filesystem::resize_file(file, 10);
    const auto all = [&] {
        while (text.next(line)) {
        }
    };
    EXPECT_MESSAGE(all(), "the file became shorter while it was read");
}

TEST(TextScanner, WhatIsAppendedMeanwhileIsNotRead) {
    const TemporaryFolder folder;
    const auto file = folder / "a.txt";
    std::ofstream(file) << "1\n2\n";
    TextScanner text(file);
    std::ofstream(file, std::ios::app) << "3\n";
    std::string_view line;
    EXPECT_TRUE(text.next(line) && text.next(line));
    EXPECT_TRUE(text.at_end());
    EXPECT_FALSE(text.cut_off());
}

}  // namespace
}  // namespace vitrum::io
