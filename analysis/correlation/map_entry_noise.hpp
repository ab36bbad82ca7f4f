// Variance of one map entry C = N sum k1 k2 / (sum k1 sum k2) to order 1/N: N independent pixels, M equal modes, mean
// count mu, no background, no finite exposure (MODELS 3.6). M need not be whole. rho = |g1(t1,t2)|^2 = M (C - 1).
#pragma once

namespace vitrum::analysis {

struct EntryNoise {
    double pixels = 1;  // N
    double modes = 1;   // M
    double mean = 1;    // mu, counts per pixel and frame
};

[[nodiscard]] double entry_variance(const EntryNoise& noise, double rho);

}  // namespace vitrum::analysis
