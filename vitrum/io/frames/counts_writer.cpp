#include "vitrum/io/frames/counts_writer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/hdf5/row_writer.hpp"

namespace vitrum::io {

namespace {

// Calls write(T{}) with the smallest type that does not reach its maximum.
template <class Write>
void in_smallest_type(std::uint64_t largest, Write&& write) {
    if (largest < std::numeric_limits<std::uint8_t>::max()) return write(std::uint8_t{});
    if (largest < std::numeric_limits<std::uint16_t>::max()) return write(std::uint16_t{});
    write(std::uint32_t{});
}

// Numbers that are held in memory at a time.
constexpr std::size_t at_once = std::size_t{1} << 23;

template <class T, class From>
void add_as(RowWriter& out, const From* from, std::size_t count, std::size_t row) {
    std::vector<T> values(count);
    std::transform(from, from + count, values.begin(), [](From v) { return static_cast<T>(v); });
    out.add(values.data(), count / row);
}

// read(first, last, counts) gives frames one after another.
template <class Read>
void write_dense(WriteFile& file, const std::string& entry, const SpeckleSeries& s, std::uint64_t largest,
                 Read&& read) {
    in_smallest_type(largest, [&](auto type) {
        using T = decltype(type);
        RowWriter out(file, entry + "/instrument/detector/data", native_type<T>(), {s.frames, s.rows, s.columns},
                      "counts");
        const std::size_t step = std::max<std::size_t>(1, at_once / s.pixels());
        for (std::size_t f = 0; f < s.frames; f += step) {
            check_interrupt();
            const std::size_t last = std::min(f + step, s.frames);
            const auto* counts = read(f, last);
            add_as<T>(out, counts, (last - f) * s.pixels(), s.pixels());
        }
        out.finish();
    });
}

template <class Read>
void write_sparse(WriteFile& file, const std::string& entry, const std::vector<std::uint64_t>& frame_ptr,
                  std::uint64_t largest, Read&& read) {
    const std::string group = entry + "/sparse_frames";
    file.group(group, "NXcollection");
    file.write(group + "/frame_ptr", frame_ptr);
    const std::uint64_t events = frame_ptr.back();
    in_smallest_type(largest, [&](auto type) {
        using T = decltype(type);
        RowWriter index(file, group + "/index", native_type<std::uint32_t>(), {events});
        RowWriter intensity(file, group + "/intensity", native_type<T>(), {events}, "counts");
        for (std::size_t f = 0; f + 1 < frame_ptr.size();) {
            check_interrupt();
            // As many frames as fit, one at least.
            const auto fits = std::upper_bound(frame_ptr.begin() + static_cast<std::ptrdiff_t>(f) + 1, frame_ptr.end(),
                                               frame_ptr[f] + at_once);
            const auto last = std::max(f + 1, static_cast<std::size_t>(fits - frame_ptr.begin()) - 1);
            const auto [pixels, photons] = read(f, last);
            const std::size_t count = frame_ptr[last] - frame_ptr[f];
            index.add(pixels, count);
            add_as<T>(intensity, photons, count, 1);
            f = last;
        }
        index.finish();
        intensity.finish();
    });
}

}  // namespace

void write_counts(WriteFile& file, const std::string& entry, const SpeckleSeries& s) {
    if (s.sparse()) {
        std::uint32_t largest = 0;
        for (const auto k : s.intensity) largest = std::max(largest, k);
        return write_sparse(file, entry, s.frame_ptr, largest, [&](std::size_t first, std::size_t) {
            const auto from = s.frame_ptr[first];
            return std::pair(s.index.data() + from, s.intensity.data() + from);
        });
    }
    const bool whole = std::all_of(s.counts.begin(), s.counts.end(), [](float v) { return v == std::floor(v); });
    if (!whole) return file.write(entry + "/instrument/detector/data", s.counts.data(), {s.frames, s.rows, s.columns});
    const float most = *std::max_element(s.counts.begin(), s.counts.end());
    write_dense(file, entry, s, static_cast<std::uint64_t>(most),
                [&](std::size_t first, std::size_t) { return s.counts.data() + first * s.pixels(); });
}

void write_counts(WriteFile& file, const std::string& entry, const SpeckleSeries& s, const SlabStore& slabs) {
    std::vector<std::uint32_t> first_part;
    std::vector<std::uint32_t> second_part;
    if (slabs.sparse())
        return write_sparse(file, entry, slabs.frame_ptr(), slabs.largest(), [&](std::size_t first, std::size_t last) {
            slabs.read_events(first, last, first_part, second_part);
            return std::pair(std::as_const(first_part).data(), std::as_const(second_part).data());
        });
    write_dense(file, entry, s, slabs.largest(), [&](std::size_t first, std::size_t last) {
        slabs.read_frames(first, last, first_part);
        return std::as_const(first_part).data();
    });
}

}  // namespace vitrum::io
