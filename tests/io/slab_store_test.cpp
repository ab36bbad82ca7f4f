// Series written slab by slab against the same series written at once.
#include "vitrum/io/frames/slab_store.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/frames/frames_file.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/measured/measured_file.hpp"

namespace vitrum::io {
namespace {

class SlabStoreTest : public testing::Test {
protected:
    SlabStoreTest() : folder(testing::TempDir() + "slabs" + std::to_string(getpid())) {
        std::filesystem::create_directories(folder);
    }
    ~SlabStoreTest() override { std::filesystem::remove_all(folder); }
    std::filesystem::path folder;
};

// counts(f, p) of 7 frames x 10 pixels, with a largest one.
float count(std::size_t f, std::size_t p, float largest) {
    if (f == 4 && p == 9) return largest;
    return (f * 31 + p * 17) % 5 == 0 ? static_cast<float>((f + p) % 3) : 0;
}

SpeckleSeries frame() {
    SpeckleSeries s;
    s.frames = 7;
    s.rows = 2;
    s.columns = 5;
    s.frame_time = 0.5;
    return s;
}

SeriesSlab slab(std::size_t begin, std::size_t end, bool sparse, float largest) {
    SeriesSlab s{.begin = begin, .end = end};
    if (sparse) s.frame_ptr.push_back(0);
    for (std::size_t f = 0; f < 7; ++f) {
        for (std::size_t p = begin; p < end; ++p) {
            const float k = count(f, p, largest);
            if (!sparse) s.counts.push_back(k);
            if (!sparse || k == 0) continue;
            s.index.push_back(static_cast<std::uint32_t>(p));
            s.intensity.push_back(static_cast<std::uint32_t>(k));
        }
        if (sparse) s.frame_ptr.push_back(s.index.size());
    }
    return s;
}

// Three slabs, one of them from an earlier run, come out as the counts they hold, in the smallest type whose maximum is
// not reached.
TEST_F(SlabStoreTest, ThreeSlabsMakeOneFile) {
    struct Case {
        float largest;
        std::size_t bytes;
    };
    for (const bool sparse : {false, true})
        for (const auto& [largest, bytes] : {Case{254, 1}, Case{255, 2}, Case{65534, 2}, Case{65535, 4}}) {
            std::filesystem::remove_all(folder);
            std::filesystem::create_directories(folder);
            SlabStore(folder, 7, 10, sparse).keep(slab(4, 8, sparse, largest));
            SlabStore store(folder, 7, 10, sparse);
            EXPECT_FALSE(store.resume(0, 4));
            store.keep(slab(0, 4, sparse, largest));
            EXPECT_TRUE(store.resume(4, 8));
            store.keep(slab(8, 10, sparse, largest));
            EXPECT_EQ(store.largest(), static_cast<std::uint32_t>(largest));
            LabelledData set;
            set.data.name = "series";
            set.data.data = frame();
            const auto file = folder / "slabs.h5";
            write_frames(file, {set}, "", {}, {&store});
            const std::string data = sparse ? "/entry/sparse_frames/intensity" : "/entry/instrument/detector/data";
            {
                const auto lock = hdf5_lock();
                EXPECT_EQ(ReadFile(file).info(data).size, bytes) << largest;
            }
            const auto read = read_measured(file, {});
            const auto& s = std::get<SpeckleSeries>(read.at(0).data.data);
            std::vector<float> counts = s.counts;
            if (s.sparse()) {
                counts.assign(70, 0);
                for (std::size_t f = 0; f < 7; ++f)
                    for (auto e = s.frame_ptr[f]; e < s.frame_ptr[f + 1]; ++e)
                        counts[f * 10 + s.index[e]] = static_cast<float>(s.intensity[e]);
            }
            for (std::size_t f = 0; f < 7; ++f)
                for (std::size_t p = 0; p < 10; ++p)
                    EXPECT_EQ(counts[f * 10 + p], count(f, p, largest)) << f << " " << p;

            // The same from memory: the same bytes.
            auto& series = std::get<SpeckleSeries>(set.data.data);
            const SeriesSlab all = slab(0, 10, sparse, largest);
            series.counts = all.counts;
            series.frame_ptr = all.frame_ptr;
            series.index = all.index;
            series.intensity = all.intensity;
            write_frames(folder / "memory.h5", {set}, "", {});
            const auto lock = hdf5_lock();
            EXPECT_EQ(ReadFile(folder / "memory.h5").text_attribute("/", "data_hash"),
                      ReadFile(file).text_attribute("/", "data_hash"));
        }
}

// Counts, pointers and header: a slab that is not what was written is made again.
TEST_F(SlabStoreTest, DamagedSlabsAreNotTaken) {
    for (const bool sparse : {false, true}) {
        SlabStore(folder, 7, 10, sparse).keep(slab(0, 10, sparse, 3));
        const auto file = folder / "0_10.slab";
        std::ifstream in(file, std::ios::binary);
        const std::string whole{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        EXPECT_TRUE(SlabStore(folder, 7, 10, sparse).resume(0, 10));
        for (std::size_t at = 0; at < whole.size(); at += 3) {
            std::string damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ 1);
            std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
            EXPECT_FALSE(SlabStore(folder, 7, 10, sparse).resume(0, 10)) << at;
        }
        for (const std::size_t size : {whole.size() - 1, whole.size() / 2, std::size_t{5}, std::size_t{0}}) {
            std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
            EXPECT_FALSE(SlabStore(folder, 7, 10, sparse).resume(0, 10)) << size;
        }
        std::ofstream(file, std::ios::binary | std::ios::trunc) << whole << "more";
        EXPECT_FALSE(SlabStore(folder, 7, 10, sparse).resume(0, 10));
    }
}

TEST_F(SlabStoreTest, ALostSlabIsAnError) {
    SlabStore store(folder, 7, 10, false);
    store.keep(slab(0, 10, false, 3));
    std::filesystem::resize_file(folder / "0_10.slab", 100);
    std::vector<std::uint32_t> counts;
    EXPECT_THROW(store.read_frames(0, 7, counts), RunError);
}

}  // namespace
}  // namespace vitrum::io
