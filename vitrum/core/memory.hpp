// How much memory this process may still take.
#pragma once

namespace vitrum {

// [bytes] What the system can give without swapping, and no more than the limit of the control group (batch systems
// and containers set one). Infinite where neither is known.
[[nodiscard]] double available_memory();

// What two-time maps may take by default: half of it. The rest is for the frames and for what is made from them.
[[nodiscard]] double memory_for_maps();

}  // namespace vitrum
