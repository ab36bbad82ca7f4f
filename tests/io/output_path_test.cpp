#include "vitrum/io/text/output_path.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/message_of.hpp"
#include "tests/temporary_folder.hpp"

namespace vitrum::io {
namespace {

TEST(OutputPath, IsCheckedBeforeAnythingRuns) {
    const TemporaryFolder folder;
    std::ofstream(folder / "in.h5") << "x";
    EXPECT_MESSAGE(check_output(folder / "missing" / "out.h5", {}, false), "does not exist; make it first");
    EXPECT_MESSAGE(check_output(folder.path(), {}, false), "is a folder; name a file");
    EXPECT_MESSAGE(check_output(folder / "in.h5", {folder / "in.h5"}, true), "is the input itself");
    EXPECT_MESSAGE(check_output(folder / "in.h5", {}, false), "--force");
    EXPECT_EQ(message_of([&] { check_output(folder / "in.h5", {}, true); }), "no error");
    EXPECT_EQ(message_of([&] { check_output(folder / "new.h5", {folder / "in.h5"}, false); }), "no error");
}

TEST(OutputPath, AFailedWriteLeavesNothing) {
    const TemporaryFolder folder;
    EXPECT_THROW(write_and_rename(folder / "out.h5",
                                  [](const std::filesystem::path& file) {
                                      std::ofstream(file) << "half";
                                      throw RunError("disk full");
                                  }),
                 RunError);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(OutputPath, ACompleteWriteReplaces) {
    const TemporaryFolder folder;
    std::ofstream(folder / "out.h5") << "old";
    write_and_rename(folder / "out.h5", [](const std::filesystem::path& file) { std::ofstream(file) << "new"; });
    std::string text;
    std::ifstream(folder / "out.h5") >> text;
    EXPECT_EQ(text, "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace vitrum::io
