#include "vitrum/core/numerics/fft_planner.hpp"

namespace vitrum {

std::unique_lock<std::mutex> fft_planner_lock() {
    static std::mutex mutex;
    return std::unique_lock(mutex);
}

}  // namespace vitrum
