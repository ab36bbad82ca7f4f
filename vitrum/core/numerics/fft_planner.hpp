// FFTW's planner is not safe for threads; execution is. Every plan in the program is made and destroyed under this one
// lock, whichever module does it.
#pragma once

#include <mutex>

namespace vitrum {

[[nodiscard]] std::unique_lock<std::mutex> fft_planner_lock();

}  // namespace vitrum
