#include "vitrum/core/stream.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace vitrum {
namespace {

std::vector<std::uint64_t> first(const StreamKey& key, Purpose purpose, std::uint64_t block) {
    Stream s(key, purpose, block);
    std::vector<std::uint64_t> words(9);
    for (auto& w : words) w = s();
    return words;
}

// Known answer of Philox4x64-10 for zero counter and key (Random123 distribution, kat_vectors).
TEST(Stream, PhiloxKnownAnswer) {
    const auto words = r123::Philox4x64{}({}, {});
    EXPECT_EQ(words[0], 0x16554d9eca36314cULL);
    EXPECT_EQ(words[1], 0xdb20fe9d672d0fdcULL);
    EXPECT_EQ(words[2], 0xd7e772cee186176bULL);
    EXPECT_EQ(words[3], 0x7e68b68aec7ba23bULL);
}

TEST(Stream, IsAPureFunctionOfItsKey) {
    const StreamKey key{7, cell_id("speckle"), 3};
    EXPECT_EQ(first(key, Purpose::field, 5), first(key, Purpose::field, 5));
}

TEST(Stream, EveryPartOfTheKeyMatters) {
    const StreamKey key{7, cell_id("speckle"), 3};
    const auto reference = first(key, Purpose::field, 5);
    EXPECT_NE(reference, first({8, key.cell, 3}, Purpose::field, 5));
    EXPECT_NE(reference, first({7, cell_id("speckl2"), 3}, Purpose::field, 5));
    EXPECT_NE(reference, first({7, key.cell, 4}, Purpose::field, 5));
    EXPECT_NE(reference, first(key, Purpose::counting, 5));
    EXPECT_NE(reference, first(key, Purpose::field, 6));
}

}  // namespace
}  // namespace vitrum
