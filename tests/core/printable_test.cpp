#include "vitrum/core/printable.hpp"

#include <gtest/gtest.h>

namespace vitrum {
namespace {

using namespace std::string_literals;

TEST(Printable, LeavesWhatIsText) {
    EXPECT_EQ(printable("tau = 10 s, \u00c5\u207b\u00b9 \u2014 \U0001F600"),
              "tau = 10 s, \u00c5\u207b\u00b9 \u2014 \U0001F600");
    EXPECT_EQ(printable("a\n\tb", true), "a\n\tb");
}

TEST(Printable, WritesOutWhatCommandsATerminal) {
    EXPECT_EQ(printable("a\n\tb"), "a\\x0a\\x09b");
    EXPECT_EQ(printable("\x1b[31mred\x07\x7f", true), "\\x1b[31mred\\x07\\x7f");
    EXPECT_EQ(printable("nul\0l"s), "nul\\x00l");
    EXPECT_EQ(printable("\u009b31m"), "\\xc2\\x9b31m");         // C1
    EXPECT_EQ(printable("\u202eevil"), "\\xe2\\x80\\xaeevil");  // turns the direction
}

TEST(Printable, WritesOutWhatIsNoUtf8) {
    EXPECT_EQ(printable("\xff\xc0\xaf"), "\\xff\\xc0\\xaf");
    EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");           // cut off
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
    EXPECT_EQ(printable("\xe0\x80\x80"), "\\xe0\\x80\\x80");  // too long
}

TEST(Printable, FindsTheFirstByteThatIsNoUtf8) {
    EXPECT_EQ(first_not_utf8("angstr\u00f6m \u20ac \U0001f600"), std::string_view::npos);
    EXPECT_EQ(first_not_utf8("abc\xe7"), 3U);
    EXPECT_EQ(first_not_utf8("\u00e7\xa4"), 2U);
    EXPECT_EQ(first_not_utf8(""), std::string_view::npos);
}

}  // namespace
}  // namespace vitrum
