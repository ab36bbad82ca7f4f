#include "vitrum/report/page/html.hpp"

#include <gtest/gtest.h>

namespace vitrum::report {
namespace {

TEST(Html, escapesWhatHasAMeaning) {
    EXPECT_EQ(escape("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
    EXPECT_EQ(escape("τ = 2.4 s"), "τ = 2.4 s");
    EXPECT_EQ(escape(std::string("a\0b\x1b[31m\nc", 10)), "ab[31m\nc");
}

// Vectors of RFC 4648, section 10.
TEST(Html, base64) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64(std::string("\xff\x00\xfe", 3)), "/wD+");
}

}  // namespace
}  // namespace vitrum::report
