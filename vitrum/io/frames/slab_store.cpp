#include "vitrum/io/frames/slab_store.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/warn.hpp"
#include "vitrum/io/hdf5/sha256.hpp"
#include "vitrum/io/text/output_path.hpp"

namespace vitrum::io {

namespace fs = std::filesystem;

// At the beginning of each file. Sparse: frame_ptr, index, intensity follow; dense: 32-bit counts, frame by frame.
struct SlabStore::Header {
    std::uint64_t frames = 0;
    std::uint64_t pixels = 0;  // of the slab
    std::uint64_t events = 0;
    std::uint64_t largest = 0;
};

namespace {

// Behind the header: SHA-256 of it and of all that follows, in hexadecimal.
constexpr std::size_t hash_size = 64;
constexpr std::size_t header_size = 4 * sizeof(std::uint64_t);
constexpr std::size_t data_begin = header_size + hash_size;

template <class T>
void add(Sha256& hash, const T* data, std::size_t count) {
    hash.add(data, count * sizeof(T));
}

template <class T>
void put(std::ofstream& out, const T* data, std::size_t count) {
    out.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(count * sizeof(T)));
}

class Reader {
public:
    explicit Reader(const fs::path& path) : path_(path), in_(path, std::ios::binary) {}
    template <class T>
    void get(std::size_t from, T* data, std::size_t count) {
        in_.seekg(static_cast<std::streamoff>(from));
        in_.read(reinterpret_cast<char*>(data), static_cast<std::streamsize>(count * sizeof(T)));
        if (!in_) throw RunError(fmt::format("cannot read '{}': {}", path_.string(), std::strerror(errno)));
    }

    // The hash of the file as it is; "" if it does not hold what its header says.
    template <class Head>
    std::string hash(const Head& header, bool sparse) {
        const auto frames = static_cast<double>(header.frames);
        const double values = sparse ? 2 * (frames + 1) + 2 * static_cast<double>(header.events)
                                     : frames * static_cast<double>(header.pixels);
        const auto size = fs::file_size(path_);
        if (static_cast<double>(size) != static_cast<double>(data_begin) + 4 * values) return "";
        Sha256 sum;
        add(sum, &header, 1);
        std::vector<char> block(std::size_t{1} << 20);
        for (std::size_t at = data_begin; at < size; at += block.size()) {
            check_interrupt();
            const std::size_t count = std::min(block.size(), size - at);
            get(at, block.data(), count);
            sum.add(block.data(), count);
        }
        return sum.hex();
    }

private:
    fs::path path_;
    std::ifstream in_;
};

}  // namespace

SlabStore::SlabStore(fs::path folder, std::size_t frames, std::size_t pixels, bool sparse)
    : folder_(std::move(folder)), frames_(frames), pixels_(pixels), sparse_(sparse) {}

fs::path SlabStore::file_of(std::size_t begin, std::size_t end) const {
    return folder_ / fmt::format("{}_{}.slab", begin, end);
}

// False if it is not what was written.
bool SlabStore::read_sound(const fs::path& path, Slab& slab, Header& h) const {
    Reader in(path);
    in.get(0, &h, 1);
    if (h.frames != frames_ || h.pixels != slab.end - slab.begin) return false;
    std::string stored(hash_size, '\0');
    in.get(header_size, stored.data(), stored.size());
    if (in.hash(h, sparse_) != stored) return false;
    if (sparse_) {
        slab.frame_ptr.resize(frames_ + 1);
        in.get(data_begin, slab.frame_ptr.data(), frames_ + 1);
    }
    return true;
}

bool SlabStore::resume(std::size_t begin, std::size_t end) {
    const fs::path path = file_of(begin, end);
    if (!fs::exists(path)) return false;
    Slab slab{begin, end, {}};
    Header h;
    if (fs::file_size(path) < data_begin || !read_sound(path, slab, h)) {
        warn(fmt::format("'{}' is damaged: these pixels are made again", path.string()));
        return false;
    }
    largest_ = std::max(largest_, static_cast<std::uint32_t>(h.largest));
    events_ += h.events;
    slabs_.push_back(std::move(slab));
    return true;
}

void SlabStore::keep(const SeriesSlab& s) {
    Header h{frames_, s.end - s.begin, s.index.size(), 0};
    std::vector<std::uint32_t> counts;
    if (sparse_) {
        for (const auto k : s.intensity) h.largest = std::max<std::uint64_t>(h.largest, k);
    } else {
        counts.resize(s.counts.size());
        std::transform(s.counts.begin(), s.counts.end(), counts.begin(),
                       [](float k) { return static_cast<std::uint32_t>(k); });
        for (const auto k : counts) h.largest = std::max<std::uint64_t>(h.largest, k);
    }
    Sha256 hash;
    add(hash, &h, 1);
    add(hash, s.frame_ptr.data(), s.frame_ptr.size());
    add(hash, s.index.data(), s.index.size());
    add(hash, s.intensity.data(), s.intensity.size());
    add(hash, counts.data(), counts.size());
    write_and_rename(file_of(s.begin, s.end), [&](const fs::path& file) {
        std::ofstream out(file, std::ios::binary);
        put(out, &h, 1);
        const std::string sum = hash.hex();
        put(out, sum.data(), sum.size());
        put(out, s.frame_ptr.data(), s.frame_ptr.size());
        put(out, s.index.data(), s.index.size());
        put(out, s.intensity.data(), s.intensity.size());
        put(out, counts.data(), counts.size());
        if (!out.flush()) throw RunError(fmt::format("cannot write '{}': {}", file.string(), std::strerror(errno)));
    });
    largest_ = std::max(largest_, static_cast<std::uint32_t>(h.largest));
    events_ += h.events;
    slabs_.push_back({s.begin, s.end, s.frame_ptr});
}

void SlabStore::read_frames(std::size_t first, std::size_t last, std::vector<std::uint32_t>& counts) const {
    counts.resize((last - first) * pixels_);
    std::vector<std::uint32_t> part;
    for (const auto& slab : slabs_) {
        const std::size_t width = slab.end - slab.begin;
        part.resize((last - first) * width);
        Reader(file_of(slab.begin, slab.end))
            .get(data_begin + first * width * sizeof(std::uint32_t), part.data(), part.size());
        for (std::size_t f = 0; f < last - first; ++f)
            std::copy_n(part.data() + f * width, width, counts.data() + f * pixels_ + slab.begin);
    }
}

std::vector<std::uint64_t> SlabStore::frame_ptr() const {
    std::vector<std::uint64_t> all(frames_ + 1, 0);
    for (const auto& slab : slabs_)
        for (std::size_t f = 0; f <= frames_; ++f) all[f] += slab.frame_ptr[f];
    return all;
}

void SlabStore::read_events(std::size_t first, std::size_t last, std::vector<std::uint32_t>& index,
                            std::vector<std::uint32_t>& intensity) const {
    struct Part {
        std::vector<std::uint32_t> index;
        std::vector<std::uint32_t> intensity;
    };
    std::vector<Part> parts(slabs_.size());
    for (std::size_t i = 0; i < slabs_.size(); ++i) {
        const auto& slab = slabs_[i];
        const std::size_t begin = slab.frame_ptr[first];
        const std::size_t count = slab.frame_ptr[last] - begin;
        const std::size_t events = slab.frame_ptr[frames_];
        const std::size_t start = data_begin + (frames_ + 1) * sizeof(std::uint64_t);
        parts[i] = {std::vector<std::uint32_t>(count), std::vector<std::uint32_t>(count)};
        Reader in(file_of(slab.begin, slab.end));
        in.get(start + begin * sizeof(std::uint32_t), parts[i].index.data(), count);
        in.get(start + (events + begin) * sizeof(std::uint32_t), parts[i].intensity.data(), count);
    }
    index.clear();
    intensity.clear();
    for (std::size_t f = first; f < last; ++f)
        for (std::size_t i = 0; i < slabs_.size(); ++i) {
            const auto& ptr = slabs_[i].frame_ptr;
            const auto from = static_cast<std::ptrdiff_t>(ptr[f] - ptr[first]);
            const auto to = static_cast<std::ptrdiff_t>(ptr[f + 1] - ptr[first]);
            index.insert(index.end(), parts[i].index.begin() + from, parts[i].index.begin() + to);
            intensity.insert(intensity.end(), parts[i].intensity.begin() + from, parts[i].intensity.begin() + to);
        }
}

}  // namespace vitrum::io
