#include "vitrum/core/files/temporary_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "vitrum/core/error.hpp"

namespace vitrum {
namespace {

namespace fs = std::filesystem;

TEST(TemporaryFolder, IsGoneWithWhatItHolds) {
    fs::path path;
    {
        const TemporaryFolder one("test");
        const TemporaryFolder other("test");
        EXPECT_NE(one.path(), other.path());
        path = one.path();
        std::ofstream(path / "file") << "x";
        EXPECT_TRUE(fs::is_regular_file(path / "file"));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryFolder, APlaceThatIsNoneIsSaid) {
    const char* set = std::getenv("TMPDIR");
    const std::optional<std::string> before = set ? std::optional<std::string>(set) : std::nullopt;
    setenv("TMPDIR", "/no/such/folder", 1);
    EXPECT_THROW(TemporaryFolder("test"), RunError);
    before ? setenv("TMPDIR", before->c_str(), 1) : unsetenv("TMPDIR");
}

}  // namespace
}  // namespace vitrum
