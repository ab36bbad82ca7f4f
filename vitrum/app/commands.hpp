// The subcommands of vitrum. Each returns the exit status; errors come as exceptions of vitrum/core/error.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/validation/measures/score.hpp"

namespace vitrum::app {

struct Common {
    std::vector<std::string> settings;
    std::optional<std::uint64_t> seed;
    int threads = 0;
    bool quiet = false;
    bool force = false;
    bool resume = false;
    std::string output;
    std::string report;
};

struct DataOptions {
    std::string dataset;
    std::optional<double> frame_time;
    std::optional<double> count_time;
    std::string mask;
    std::string regions;
    std::string static_regions;
    std::string qmap;
    std::string frames;      // FIRST:LAST:STRIDE
    std::string bad_frames;  // 12,50:60
    std::string bin_pixels;  // N or ROWSxCOLUMNS
    std::size_t bin_frames = 1;
    std::size_t segments = 5;
    std::string map_memory;           // "2 GB"
    std::vector<std::string> traces;  // NAME=PATH
    bool join = false;                // files are parts of one run
    std::string energy;               // "8.1 keV"
    std::string distance;             // "5 m"
    std::string centre;               // X,Y [pixels]
    std::string pixel;                // "75 um"
    std::string poni;                 // file of pyFAI
    std::size_t rings = 0;
    std::string q_edges;  // 0.01,0.02,0.04 [1/angstrom]
    std::size_t sectors = 1;
    std::string roi;  // ROW:ROW,COLUMN:COLUMN
    bool mask_hot = false;
};

struct CompareOptions {
    std::vector<std::string> places;  // NAME=/PATH or NAME=VALUES
    std::string along;
    std::string temperature;  // "300 K"
    std::string over;         // CSV
};

struct ValidateOptions {
    std::optional<std::size_t> replicates;
    std::string chunk;  // I/N
    std::string after;  // study file: the merge so far
    std::string only;   // CELL:REPLICATE
    bool json = false;  // of --only
};

struct PlanOptions {
    std::size_t replicates = 40;
    bool json = false;
};

struct ChallengeOptions {
    std::string seal;  // file; "" = beside the folder
};

int list(const std::string& what, bool json);
int run(const std::string& scenario, const Common& common);
int generate(const std::string& scenario, const Common& common);
int analyze(const std::vector<std::string>& data, const DataOptions& options, const Common& common);
// Results of several scans against pressure, temperature or time.
int compare(const std::vector<std::string>& results, const CompareOptions& options, const Common& common, bool json);
int estimate(const std::string& estimator, const std::string& data, const Common& common, bool json);
// One data set of a result in a file of its own, which viewers open; a trajectory as H5MD or extended XYZ.
int export_data_set(const std::string& result, const std::string& data_set, const Common& common);
int report(const std::string& result, const Common& common);
int check(const std::string& file);
int validate(const std::string& study, const ValidateOptions& options, const Common& common);
int plan(const std::string& experiment, const PlanOptions& options, const Common& common);
// One replicate of one cell of a study: prints its rows.
int validate_only(const std::string& file, const ValidateOptions& options, const Common& common);
int merge(const std::vector<std::string>& files, const Common& common);
int challenge_make(const std::string& challenge, const ChallengeOptions& options, const Common& common);
int challenge_score(const std::string& folder, const std::vector<std::string>& submissions,
                    const ChallengeOptions& options, bool json);
int score(const std::string& table, const validation::ScoreOptions& options, bool json);

}  // namespace vitrum::app
