// Parallel loops over blocks of fixed size. The block, never the thread, decides what is computed together. Ctrl-C ends
// them between blocks.
#pragma once

#include <cstddef>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "vitrum/core/interrupt.hpp"

namespace vitrum {

// Calls body(block_index, begin, end) for consecutive blocks of `block` items.
template <class Body>
void for_each_block(std::size_t items, std::size_t block, Body&& body) {
    const std::size_t blocks = (items + block - 1) / block;
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, blocks, 1), [&](const tbb::blocked_range<std::size_t>& range) {
        for (std::size_t b = range.begin(); b != range.end(); ++b) {
            check_interrupt();
            const std::size_t begin = b * block;
            const std::size_t end = begin + block < items ? begin + block : items;
            body(b, begin, end);
        }
    });
}

}  // namespace vitrum
