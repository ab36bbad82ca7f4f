// Numbers that count or name things: pixels, frames, regions, species. The HDF5 library cuts what does not fit the type
// that is asked for; here it is refused.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

template <class Whole>
    requires std::is_signed_v<Whole>
[[nodiscard]] std::vector<Whole> whole_numbers(const ReadFile& file, const std::string& path) {
    const DatasetInfo info = file.info(path);
    // Of 64 bits without a sign the largest come out as the largest with one: no place and no count is there.
    const bool fits = info.size < sizeof(Whole) || (info.size == sizeof(Whole) && (info.is_signed || info.size == 8));
    const bool no_number = info.type_class != H5T_FLOAT && info.type_class != H5T_INTEGER;
    if (no_number || (info.type_class == H5T_INTEGER && fits)) return file.read<Whole>(path);
    const auto values = file.read<double>(path);
    // 2^53: up to there every whole number is a double of its own.
    constexpr double exact = 9007199254740992.0;
    constexpr double low = std::max(-exact, static_cast<double>(std::numeric_limits<Whole>::lowest()));
    constexpr double high = std::min(exact, static_cast<double>(std::numeric_limits<Whole>::max()));
    std::vector<Whole> whole;
    whole.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!(values[i] >= low && values[i] <= high) || values[i] != std::floor(values[i]))
            file.fail(path, fmt::format("holds {} at place {}; whole numbers are wanted", values[i], i));
        whole.push_back(static_cast<Whole>(values[i]));
    }
    return whole;
}

}  // namespace vitrum::io
