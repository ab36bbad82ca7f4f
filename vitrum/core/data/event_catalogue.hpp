// Events: avalanches, slips, stress drops, each with a size and, where known, its time and duration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vitrum {

struct EventCatalogue {
    std::string name;                    // "avalanches"
    std::string unit;                    // of the sizes; "" if they are numbers
    std::vector<double> size;            // one for each event
    std::vector<double> time;            // [s] of the start, from the first frame; empty if not known
    std::vector<double> duration;        // [s]; empty if not known
    std::vector<std::uint64_t> site{};   // which part of the sample; empty if not known
    std::vector<std::int64_t> parent{};  // row of the event that triggered it, -1 for none; empty if not known

    [[nodiscard]] std::size_t events() const { return size.size(); }
};

}  // namespace vitrum
