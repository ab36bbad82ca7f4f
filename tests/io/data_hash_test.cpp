#include "vitrum/io/hdf5/data_hash.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/temporary_folder.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/hdf5/sha256.hpp"

namespace vitrum::io {
namespace {

struct Content {
    double value = 1.5;
    std::string unit = "s";
    std::string label = "glass";
    std::string made_by = "a";
    std::string dataset = "tau";
};

std::string hash_of(const TemporaryFolder& folder, const Content& content) {
    const auto path = folder / "x.h5";
    WriteFile file(path);
    file.group("/entry", "NXentry");
    file.write("/entry/" + content.dataset, std::vector<double>{1.0, content.value}, content.unit);
    file.text("/entry/label", content.label);
    file.text("/entry/provenance/commit", content.made_by);
    file.text("/entry/start_time", content.made_by);
    file.close();
    return compute_data_hash(path);
}

TEST(Sha256, KnownAnswer) {
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DataHash, ChangesWithValueUnitPathAndTextOnly) {
    const TemporaryFolder folder;
    const std::string reference = hash_of(folder, {});
    EXPECT_EQ(reference, hash_of(folder, {}));
    EXPECT_NE(reference, hash_of(folder, {.value = 1.5000000000000002}));
    EXPECT_NE(reference, hash_of(folder, {.unit = "ms"}));
    EXPECT_NE(reference, hash_of(folder, {.label = "glas"}));
    EXPECT_NE(reference, hash_of(folder, {.dataset = "tav"}));
    EXPECT_EQ(reference, hash_of(folder, {.made_by = "somebody else"}));
}

TEST(DataHash, IsStoredAndVerified) {
    const TemporaryFolder folder;
    static_cast<void>(hash_of(folder, {}));
    store_data_hash(folder / "x.h5");
    const CheckedFile checked = check_file(folder / "x.h5");
    EXPECT_EQ(checked.stored, checked.computed);
    EXPECT_EQ(checked.stored.size(), 64U);
}

// A process that is being started may hold a copy of a file's lock; a finished file is read all the same.
TEST(DataHash, ALockOnTheFileDoesNotMatter) {
    const TemporaryFolder folder;
    static_cast<void>(hash_of(folder, {}));
    const int held = ::open((folder / "x.h5").c_str(), O_RDONLY);
    ASSERT_EQ(::flock(held, LOCK_EX), 0);
    store_data_hash(folder / "x.h5");
    EXPECT_FALSE(check_file(folder / "x.h5").stored.empty());
    ::close(held);
}

TEST(DataHash, TypesOfOneValueDiffer) {
    const TemporaryFolder folder;
    const auto write = [&](auto value) {
        WriteFile file(folder / "y.h5");
        file.scalar("/v", value);
        file.close();
        return compute_data_hash(folder / "y.h5");
    };
    EXPECT_NE(write(std::int32_t{1}), write(std::uint32_t{1}));
    EXPECT_NE(write(1.0F), write(1.0));
}

}  // namespace
}  // namespace vitrum::io
