#include "vitrum/core/memory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "vitrum/core/units.hpp"

namespace vitrum {
namespace {

TEST(Memory, IsPartOfTheMachine) {
    const double machine = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
    EXPECT_GT(available_memory(), 1e6);
    EXPECT_LE(available_memory(), machine);
    EXPECT_LT(memory_for_maps(), 0.6 * machine);
}

TEST(Memory, AsText) {
    EXPECT_EQ(parse_with_unit("2 GB", Dimension::memory, "x"), 2e9);
    EXPECT_EQ(parse_with_unit("1.5 kB", Dimension::memory, "x"), 1500);
}

}  // namespace
}  // namespace vitrum
