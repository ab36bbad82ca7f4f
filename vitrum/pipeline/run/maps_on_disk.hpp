// Maps of one data set that are larger than memory: their rows go to scratch files, and g2 of each segment of the run
// is taken on the way.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/speckle_series.hpp"
#include "vitrum/core/data/two_time_map.hpp"
#include "vitrum/pipeline/estimators/map_store.hpp"

namespace vitrum::pipeline {

class MapsOnDisk : public MapStore {
public:
    // `prefix`: how the names of the scratch files begin. `series` outlives this object. `memory` [bytes] for what is
    // gathered on the way.
    MapsOnDisk(std::filesystem::path prefix, const SpeckleSeries& series, std::size_t segments, double memory);
    ~MapsOnDisk() override;
    MapsOnDisk(const MapsOnDisk&) = delete;
    MapsOnDisk& operator=(const MapsOnDisk&) = delete;

    [[nodiscard]] const analysis::MapStream& stream() const override { return stream_; }
    void give(std::size_t place, TwoTimeMap& map) override;
    [[nodiscard]] std::vector<Curve> g2_of_segments(std::size_t place) const override;

private:
    struct Region;
    std::filesystem::path prefix_;
    const SpeckleSeries& series_;
    std::vector<std::size_t> edges_;
    std::vector<std::unique_ptr<Region>> regions_;
    analysis::MapStream stream_;
};

// Bytes of the maps of this series, one of each region.
[[nodiscard]] double bytes_of_maps(const SpeckleSeries& series);

}  // namespace vitrum::pipeline
