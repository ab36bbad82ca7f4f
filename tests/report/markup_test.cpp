#include "vitrum/report/page/markup.hpp"

#include <gtest/gtest.h>

namespace vitrum::report {
namespace {

TEST(Markup, TextIsEscapedMarkupIsNot) {
    const std::string name = "<script>";
    EXPECT_EQ(html("<td>{}</td>{}", name, Markup{"<br>"}), "<td>&lt;script&gt;</td><br>");
    EXPECT_EQ(html("<b title=\"{}\">{}</b>", "a\"b", std::string_view("&")), "<b title=\"a&quot;b\">&amp;</b>");
    EXPECT_EQ(html("{:.2f} {}", 1.234, 7), "1.23 7");
}

}  // namespace
}  // namespace vitrum::report
