// Counter-based random streams (Random123 Philox4x64-10): a stream is a pure function of
// (study seed, cell, replicate, purpose, block), so that any thread can draw any block in any order.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <Random123/philox.h>

namespace vitrum {

enum class Purpose : std::uint64_t {
    field = 1,
    counting = 2,
    molecular_dynamics = 3,
    bootstrap = 4,
    test = 5,
    rearrangements = 6,
    detector = 7,
    event_sizes = 8,
    pattern_motion = 21,
    configuration = 30,
};

struct StreamKey {
    std::uint64_t seed = 0;       // of the study
    std::uint64_t cell = 0;       // which data set: see cell_id
    std::uint64_t replicate = 0;  // which repetition
};

// A cell number from a name such as "speckle/0", independent of the order of sources in a file (FNV-1a, 64 bits).
[[nodiscard]] constexpr std::uint64_t cell_id(std::string_view text) {
    std::uint64_t h = 14695981039346656037ULL;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return h;
}

// A UniformRandomBitGenerator of 64-bit words. Use a fresh distribution object per block.
class Stream {
public:
    using result_type = std::uint64_t;

    Stream(const StreamKey& key, Purpose purpose, std::uint64_t block)
        : key_{{key.seed, key.cell}}, counter_{{0, block, static_cast<std::uint64_t>(purpose), key.replicate}} {}

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return ~result_type{0}; }

    result_type operator()() {
        if (used_ == 4) {
            words_ = r123::Philox4x64{}(counter_, key_);
            ++counter_[0];
            used_ = 0;
        }
        return words_[used_++];
    }

    // How many words have been drawn, and on to that place: a stopped run goes on where it was.
    [[nodiscard]] std::uint64_t drawn() const { return 4 * counter_[0] + used_ - 4; }
    void skip_to(std::uint64_t words) {
        counter_[0] = words / 4;
        used_ = 4;
        for (std::uint64_t i = 0; i < words % 4; ++i) (*this)();
    }

private:
    r123::Philox4x64::key_type key_;
    r123::Philox4x64::ctr_type counter_;
    r123::Philox4x64::ctr_type words_{};
    unsigned used_ = 4;
};

}  // namespace vitrum
