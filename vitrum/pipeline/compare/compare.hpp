// Results of several scans against pressure, temperature or time: a Result of its own, which reports and tables show.
// What is measured across the scans are rows of the table in pipeline/across.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/truth/result.hpp"

namespace vitrum::pipeline {

struct CompareRequest {
    std::vector<std::filesystem::path> results;
    // pressure, temperature, time, branch: "/path" in each result, with SERIES for the name of the data set, or one
    // value for each data set in the order of the files: "1, 2, 3 GPa". They win over what the results say.
    std::vector<std::pair<std::string, std::string>> places{};
    std::string along{};                  // "" = pressure where it differs between scans, else temperature, else time
    std::optional<double> temperature{};  // [K] for activation volumes; else that of the scans
    std::filesystem::path over{};         // published points: columns `along`, tau, tau_error, ...
};

struct Comparison {
    Result result;                     // series without their maps
    std::string along;                 // "pressure"
    std::vector<std::string> unknown;  // scans that are left out, since their place along it is not known
};

// Places: pressure and temperature that the result's series know; time is the start of the scan since that of the
// first; the branch, where every scan has a start and pressures both rise and fall, is that of the step of pressure
// before it. Readings of one setting are one place (scan_places.hpp). Along pressure: activation volumes, the crossover
// and hysteresis; scans at one place go in as their mean tau over scans. Three or more scans of one setting at
// different times: the ageing law, age counted from the first. Throws InputError: no scan has a place, fewer than two
// scans, a value too many.
[[nodiscard]] Comparison compare(const CompareRequest& request);

}  // namespace vitrum::pipeline
