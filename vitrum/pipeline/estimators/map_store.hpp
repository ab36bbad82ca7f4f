// Where the maps of one data set go that are larger than memory. Who runs an estimator knows the place; it opens no
// file.
#pragma once

#include <cstddef>
#include <vector>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/two_time_map.hpp"

namespace vitrum::pipeline {

class MapStore {
public:
    MapStore() = default;
    virtual ~MapStore() = default;
    MapStore(const MapStore&) = delete;
    MapStore& operator=(const MapStore&) = delete;

    [[nodiscard]] virtual const analysis::MapStream& stream() const = 0;
    // The map of the region that came at `place` gets its values, which go with its last copy.
    virtual void give(std::size_t place, TwoTimeMap& map) = 0;
    [[nodiscard]] virtual std::vector<Curve> g2_of_segments(std::size_t place) const = 0;
};

}  // namespace vitrum::pipeline
