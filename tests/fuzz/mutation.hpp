// Mutations of bytes that are the same everywhere for the same number.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>

namespace vitrum::fuzz {

// One to eight changes: bits, bytes, whole numbers that are likely to hurt, spans that go, come twice or move.
[[nodiscard]] inline std::string mutated(std::string bytes, std::uint64_t number) {
    std::mt19937_64 random(number);  // the standard fixes its numbers, not those of the distributions
    const auto below = [&](std::size_t end) { return end == 0 ? 0 : static_cast<std::size_t>(random() % end); };
    constexpr std::array<std::uint64_t, 12> numbers{0,
                                                    1,
                                                    0x7f,
                                                    0xff,
                                                    0xffff,
                                                    0x7fffffff,
                                                    0xffffffff,
                                                    0x100000000,
                                                    1000000000,
                                                    0x7fffffffffffffff,
                                                    0xffffffffffffffff,
                                                    1000000000000};
    const std::size_t changes = 1 + below(8);
    for (std::size_t i = 0; i < changes && !bytes.empty(); ++i) {
        const std::size_t at = below(bytes.size());
        const std::size_t span = 1 + below(std::min<std::size_t>(64, bytes.size() - at));
        switch (below(7)) {
            case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
            case 1: bytes[at] = static_cast<char>(random()); break;
            case 2: {
                std::uint64_t value = numbers.at(below(numbers.size()));
                const std::size_t width = std::size_t{1} << below(4);
                for (std::size_t k = 0; k < width && at + k < bytes.size(); ++k, value >>= 8U)
                    bytes[at + k] = static_cast<char>(value & 0xffU);
                break;
            }
            case 3: bytes.erase(at, span); break;
            case 4: bytes.insert(at, bytes.substr(at, span)); break;
            case 5: bytes.replace(at, span, bytes.substr(below(bytes.size()), span)); break;
            default: bytes.resize(below(4) == 0 ? at : bytes.size()); break;
        }
    }
    return bytes;
}

}  // namespace vitrum::fuzz
