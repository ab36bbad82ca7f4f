// Tables of text as other programs write them: marks, encodings, decimal commas, line ends, quotes, slips in names.
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/core/name_match.hpp"
#include "vitrum/io/text/csv.hpp"
#include "vitrum/io/text/text_scanner.hpp"
#include "vitrum/io/text/text_table.hpp"

namespace vitrum::io {
namespace {

class Dialects : public ::testing::Test {
protected:
    Columns read(const std::string& text) {
        const auto path = folder_ / ("t" + std::to_string(++count_) + ".csv");
        std::ofstream(path, std::ios::binary) << text;
        return read_csv(path);
    }
    // lag 0.5, 1.5 and g2 1.25, 1.125 under the names lag [s] and g2.
    void expect_curve(const std::string& text) {
        const Columns t = read(text);
        ASSERT_EQ(t.columns.size(), 2U) << text;
        EXPECT_EQ(t.columns[0].name, "lag") << text;
        EXPECT_EQ(t.columns[0].unit, "s") << text;
        EXPECT_EQ(t.columns[1].name, "g2") << text;
        EXPECT_EQ(t.columns[0].values, (std::vector<double>{0.5, 1.5})) << text;
        EXPECT_EQ(t.columns[1].values, (std::vector<double>{1.25, 1.125})) << text;
    }

private:
    TemporaryFolder folder_;
    int count_ = 0;
};

TEST_F(Dialects, OneTableInManyWritings) {
    for (const char* text : {
             "lag [s],g2\n0.5,1.25\n1.5,1.125\n",
             "\xef\xbb\xbflag [s],g2\n0.5,1.25\n1.5,1.125\n",
             "\xef\xbb\xbf\"lag [s]\",\"g2\"\r\n\"0.5\",\"1.25\"\r\n\"1.5\",\"1.125\"\r\n",
             "lag (s);g2\n0,5;1,25\n1,5;1,125\n",
             "sep=;\r\nlag (s);g2\r\n0,5;1,25\r\n1,5;1,125\r\n",
             "lag [s]\tg2\r0,5\t1,25\r1,5\t1,125\r",
             "lag [s],g2,\n0.5,1.25,\n1.5,1.125,\n",
             "lag [s],g2\n0.5,1.25,\n1.5,1.125,\n",
             "lag [s];g2;\n0.5;1.25;\n1.5;1.125;",
             "lag [s]  g2\n 0.5   1.25\n\t1.5\t1.125\n",
             "lag (s) g2\n5.0D-01 1.25d0\n1.5D+00 1.125D0\n",
             "lag [s],\tg2\n0.5,\t1.25\n1.5, 1.125\n",
             "# of today\nlag [s],g2 # names\n\n0.5,1.25\n1.5,1.125",
         })
        expect_curve(text);
}

TEST_F(Dialects, SignsOfMissingNumbers) {
    const Columns t = read("a,b\n1,NA\nNaN,2\n3,n/a\nnull,\n");
    EXPECT_EQ(t.columns[0].values.size(), 4U);
    EXPECT_TRUE(std::isnan(t.columns[1].values[0]) && std::isnan(t.columns[1].values[2]));
    EXPECT_TRUE(std::isnan(t.columns[0].values[3]) && std::isnan(t.columns[1].values[3]));
    EXPECT_EQ(t.lines, (std::vector<std::size_t>{2, 3, 4, 5}));
}

TEST_F(Dialects, DecimalCommasThatCannotBeToldAreRefused) {
    EXPECT_MESSAGE(read("lag,g2\n0,50,1,19\n"), "t1.csv:2: 4 fields where the first row has 2; decimal commas?");
    EXPECT_MESSAGE(read("0,50 1,19\n1,00 1,17\n"), "t2.csv:1: '0,50 1,19' has decimal commas; write decimal points");
    EXPECT_MESSAGE(read("9,500\n3,000\n"), "t3.csv:2: '3,000' looks like one number; decimal commas?");
    EXPECT_MESSAGE(read("0,50,1,05\n1,50,1,25\n"), "'0,50' looks like one number");
    EXPECT_MESSAGE(read("a;b\n0,5;1.25\n"), "numbers with a comma (line 2) and with a point (line 2)");
    EXPECT_MESSAGE(read("lag,g2\n\"0,5\",1\n"), "'0,5' is not a number; write a decimal point");
    // Whole numbers between commas are what they are.
    EXPECT_EQ(read("1,20\n2,30\n").columns.size(), 2U);
}

TEST_F(Dialects, OtherEncodingsAndDamage) {
    EXPECT_MESSAGE(read(std::string("\xff\xfe"
                                    "1\0,\0"
                                    "2\0\n\0",
                                    10)),
                   "is text in UTF-16 or UTF-32; save it as UTF-8");
    EXPECT_MESSAGE(read(std::string("1\0,\0002\0\n\0", 8)), "UTF-16");
    EXPECT_MESSAGE(read(std::string("\0001\0,\0002\0\n", 8)), "UTF-16");
    EXPECT_MESSAGE(read("1x,2\n3,4\n"), ":1: '1x' is not a number");  // else the first row were a header
    EXPECT_MESSAGE(read("9..5\n3\n"), ":1: '9..5' is not a number");
    EXPECT_EQ(read("2theta\n9.5\n").columns[0].name, "2theta");
    EXPECT_MESSAGE(read("a,\"b\n1,2\n"), ":1: the quotes are not closed");
    EXPECT_MESSAGE(read("a,b\n1,2,3,\n"), ":2: 4 fields where the first row has 2");
}

TEST(Names, AreFoundInOtherCaseAndSlipsAreNoticed) {
    const std::vector<std::string> names{"Lag", "G2 Error", "T", "status"};
    EXPECT_EQ(find_name(names, {"g2_error"}), 1U);
    EXPECT_EQ(find_name(names, {"lag"}), 0U);
    EXPECT_EQ(find_name(names, {"t"}), std::nullopt);  // a time is no temperature
    EXPECT_EQ(find_name(names, {"x", "T"}), 2U);
    EXPECT_EQ(misspelled("g2_eror", {"g2_error", "sigma"}), "g2_error");
    EXPECT_EQ(misspelled("statsu", {"status"}), "status");
    EXPECT_EQ(misspelled("statuss", {"status"}), "status");
    for (const char* other : {"g2", "power", "pairs", "volume", "comment", "estimate", "status"})
        EXPECT_EQ(misspelled(other, {"g2_error", "lower", "status", "error", "volume_error", "estimator"}),
                  std::nullopt)
            << other;
    EXPECT_EQ(name_and_unit("tau [s]"), (std::pair<std::string, std::string>{"tau", "s"}));
    EXPECT_EQ(name_and_unit("tau (s)"), (std::pair<std::string, std::string>{"tau", "s"}));
    EXPECT_EQ(name_and_unit("G(r)"), (std::pair<std::string, std::string>{"G(r)", ""}));
}

TEST(Numbers, OfFortran) {
    double x = 0;
    EXPECT_TRUE(parse_number("1.5D+01", x));
    EXPECT_EQ(x, 15);
    EXPECT_TRUE(parse_number("-2.5d-1", x));
    EXPECT_EQ(x, -0.25);
    EXPECT_FALSE(parse_number("D2", x));
    EXPECT_FALSE(parse_number("1D2D3", x));
    EXPECT_EQ(number_of("1.0D+00"), 1);
    EXPECT_EQ(number_of("Cd"), std::nullopt);
}

}  // namespace
}  // namespace vitrum::io
