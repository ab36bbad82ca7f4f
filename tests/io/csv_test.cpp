#include "vitrum/io/text/csv.hpp"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"

namespace vitrum::io {
namespace {

Columns read(const TemporaryFolder& folder, const std::string& text) {
    std::ofstream(folder / "t.csv") << text;
    return read_csv(folder / "t.csv");
}

TEST(Csv, HeaderWithUnits) {
    const TemporaryFolder folder;
    const auto t =
        read(folder, "# made by hand\npressure [GPa], tau [s], tau error [s]\n0, 9.1, 0.2\n1.2,14.7,+3e-1\n");
    ASSERT_EQ(t.columns.size(), 3U);
    EXPECT_EQ(t.columns[2].name, "tau error");
    EXPECT_EQ(t.column("tau").unit, "s");
    EXPECT_DOUBLE_EQ(t.column("2").values[1], 14.7);
    EXPECT_DOUBLE_EQ(t.columns[2].values[1], 0.3);
}

TEST(Csv, BlanksTabsNoHeaderComments) {
    const TemporaryFolder folder;
    EXPECT_EQ(read(folder, "1  2\n3 4  # last\n\n").columns[1].values, (std::vector<double>{2, 4}));
    EXPECT_EQ(read(folder, "1\t2\r\n3\t4\r\n").columns[0].values, (std::vector<double>{1, 3}));
    EXPECT_EQ(read(folder, "lag [s] g2\n1 2\n").columns[0].unit, "s");
    EXPECT_TRUE(std::isnan(read(folder, "a,b\n1,\n2,3\n").columns[1].values[0]));
}

TEST(Csv, BadInputIsNamed) {
    const TemporaryFolder folder;
    EXPECT_MESSAGE(read(folder, "a,b\n1,2\n3\n"), "t.csv:3: 1 fields where the first row has 2");
    EXPECT_MESSAGE(read(folder, "a,b\n1,x2\n"), "t.csv:2: 'x2' is not a number");
    EXPECT_MESSAGE(read(folder, "# nothing\n"), "holds no rows");
    EXPECT_MESSAGE(read_csv(folder / "absent.csv"), "no such file");
    EXPECT_MESSAGE(read(folder, "tau,beta\n1,2\n").column("tua"), "did you mean 'tau'?");
}

}  // namespace
}  // namespace vitrum::io
