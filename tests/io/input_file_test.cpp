// What may be opened, and what names from a file become.
#include "vitrum/io/text/input_file.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"

namespace vitrum::io {
namespace {

TEST(InputFile, OnlyOrdinaryFilesAreRead) {
    const TemporaryFolder folder;
    std::ofstream(folder / "file") << "text";
    EXPECT_NO_THROW(expect_input_file(folder / "file"));
    ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
    std::filesystem::create_symlink("pipe", folder / "link");
    EXPECT_MESSAGE(expect_input_file(folder / "pipe"), "a pipe");
    EXPECT_MESSAGE(expect_input_file(folder / "link"), "a pipe");
    EXPECT_MESSAGE(expect_input_file("/dev/null"), "a device");
    EXPECT_MESSAGE(expect_input_file(folder.path()), "is a folder");
    EXPECT_MESSAGE(expect_input_file(folder / "absent"), "no such file");
    EXPECT_MESSAGE(expect_input_file(folder / "file" / "below"), "no such file");
}

TEST(InputFile, NamesThatNoFileCanHave) {
    EXPECT_MESSAGE(expect_file_name(std::string(300, 'x')), "cannot be the name of a file");
    EXPECT_MESSAGE(expect_file_name(std::string("a\0b", 3)), "NUL");
    EXPECT_MESSAGE(expect_file_name(""), "empty");
    EXPECT_NO_THROW(expect_file_name(std::string(255, 'x')));
}

TEST(InputFile, NamesOfFilesFromNamesInAFile) {
    EXPECT_EQ(plain_file_name("tau_of_glass-1.csv"), "tau_of_glass-1.csv");
    EXPECT_EQ(plain_file_name("../../etc/<x>"), "_.._.._etc__x_");
    EXPECT_EQ(plain_file_name(""), "_");
    EXPECT_EQ(plain_file_name("-rf"), "_-rf");
    EXPECT_LE(plain_file_name(std::string(1000, 'y')).size(), 150U);
}

TEST(Limits, ConsentLiftsThem) {
    EXPECT_MESSAGE(expect_declared(1e12, 1e3, "data"), "--allow-large");
    EXPECT_MESSAGE(expect_inflation(1e9, 1e6, "data"), "--allow-large");
    EXPECT_MESSAGE(expect_work(1e6, "scenario"), "--allow-large");
    EXPECT_NO_THROW(expect_declared(1e12, 1e9, "data"));
    EXPECT_NO_THROW(expect_inflation(2e8, 1e3, "data"));
    EXPECT_NO_THROW(expect_work(3600, "scenario"));
    give_consent({.large = true});
    EXPECT_NO_THROW(expect_declared(1e12, 1e3, "data"));
    EXPECT_NO_THROW(expect_work(1e9, "scenario"));
    give_consent({});
}

}  // namespace
}  // namespace vitrum::io
