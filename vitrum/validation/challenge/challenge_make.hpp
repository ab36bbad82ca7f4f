// Makes the data sets of a challenge, blind, and their seal.
#pragma once

#include <filesystem>

#include "vitrum/validation/challenge/challenge.hpp"
#include "vitrum/validation/challenge/challenge_seal.hpp"

namespace vitrum::validation {

struct MakeControl {
    int threads = 0;  // 0 = all cores
    bool quiet = false;
    bool force = false;
};

// DIR.seal, beside the folder.
[[nodiscard]] std::filesystem::path seal_beside(const std::filesystem::path& folder);

// Writes set_1.h5, ..., README.txt and submission_template.csv into `folder` and the seal into `seal`, first under
// other names beside their places, renamed when all is complete. The order of the data sets is drawn. Throws
// InputError: folder or seal exists (with `force`: and holds something else than a challenge), a quantity has no truth
// in a data set; RunError; Interrupted.
void make_challenge(const Challenge& challenge, const Secret& secret, const std::filesystem::path& folder,
                    const std::filesystem::path& seal, const MakeControl& control);

// What belongs to a challenge in its folder.
inline constexpr const char* readme_name = "README.txt";
inline constexpr const char* template_name = "submission_template.csv";
inline constexpr const char* hash_line = "SHA-256 of the seal: ";
inline constexpr const char* hash_attribute = "challenge_seal";

// One number that is asked for.
struct Asked {
    std::size_t set = 0;
    std::string quantity, unit;
    std::string region;  // number of the q region; "" = the whole data set
    double truth = 0;
};
[[nodiscard]] std::vector<Asked> asked_of(const SealContents& contents);

}  // namespace vitrum::validation
