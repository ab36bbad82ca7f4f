// make_seeds FOLDER: the seed corpus, one folder a target.
#include <cstdio>
#include <filesystem>

#include "tests/fuzz/targets.hpp"

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("make_seeds FOLDER\n", stderr);
        return 2;
    }
    for (const auto& target : vitrum::fuzz::targets()) {
        const auto folder = std::filesystem::path(arguments[1]) / target.name;
        std::filesystem::create_directories(folder);
        target.seeds(folder);
    }
    return 0;
}
