// What estimators share: columns of a CSV file, options of a data file, where a result stands.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/correlation/correlation_chain.hpp"
#include "core/curve.hpp"
#include "core/data_set.hpp"
#include "core/io/csv.hpp"
#include "core/io/measured_file.hpp"
#include "scenarios/estimators.hpp"
#include "scenarios/section.hpp"

namespace vitrum::scenarios {

// Throws InputError if there is no such file.
[[nodiscard]] bool is_hdf5(const std::filesystem::path& path);

// Throws InputError that says `need`, as in "chi4 needs frames or a two-time map".
void expect_hdf5(const std::filesystem::path& path, std::string_view need);

// A column by option, by a usual name, or by position; nullptr if it is optional and absent.
[[nodiscard]] const io::CsvColumn* column(const io::CsvTable& table, Section& options, const std::string& key,
                                          const std::vector<std::string>& usual, std::size_t position, bool needed);

// Factor to seconds where the column has a unit of time, and the unit then.
[[nodiscard]] double time_factor(const io::CsvColumn& column, std::string& unit);

// dataset, mask, regions, static_regions, qmap, frame_time, count_time, frames, bad_frames, bin_frames, bin_pixels.
[[nodiscard]] io::MeasuredOptions measured_options(Section& options);

// The data sets of a file with these options; what there is to say of them goes into the notes of `out`.
[[nodiscard]] std::vector<io::LabelledData> read_sets(const std::filesystem::path& path, Section& options,
                                                      EstimatorOutput& out);

// Columns lag, g2, error (optional), pairs (optional), by option, name or place.
[[nodiscard]] Curve g2_from_csv(const std::filesystem::path& path, Section& options);

// The fit of such a curve: lags as plain numbers are in the unit of its first column.
[[nodiscard]] analysis::KwwOptions kww_of_csv(const analysis::ChainOptions& chain, Section& options, const Curve& g2);

// Every estimate carries where its data set stands: pressure, region. The value of a region is the mean q of its pixels
// in use [1/angstrom], where q is known, else its number.
[[nodiscard]] Abscissa place_of(const DataSet& set, std::int32_t region);

// Adds the rows, `place` before their own abscissa.
void append(EstimatorOutput& out, std::vector<Estimate> rows, const Abscissa& place);

// tau of the whole run, clean or not: those of windows of age have a place of their own.
[[nodiscard]] inline bool is_tau_of_run(const Estimate& e) { return e.quantity == "tau" && e.abscissa.empty(); }
[[nodiscard]] inline bool is_clean_tau(const Estimate& e) { return is_tau_of_run(e) && e.status == Status::ok; }

// `wanted`, else the fitted tau, in frames of the map, also of a law that is rejected: as a lag it serves; 0 if there
// is none.
[[nodiscard]] double tau_in_frames(const std::optional<analysis::Lag>& wanted, const analysis::ChainResult& result);

}  // namespace vitrum::scenarios
