// What estimators share: columns of a CSV file, options of a data file, where a result stands.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/data/data_set.hpp"
#include "vitrum/io/text/csv_rows.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/pipeline/estimators/estimators.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

// Throws InputError if there is no such file.
[[nodiscard]] bool is_hdf5(const std::filesystem::path& path);

// Throws InputError that says `need`, as in "chi4 needs frames or a two-time map".
void expect_hdf5(const std::filesystem::path& path, std::string_view need);

// A column by option (its name, or its number from 1), by a usual name, or by position; nullptr if it is optional and
// absent, or "none" by option. Throws InputError where an optional one is absent but a misspelled one is there.
[[nodiscard]] const io::CsvColumn* column(const io::CsvTable& table, Section& options, const std::string& key,
                                          const std::vector<std::string>& usual, std::size_t position, bool needed);

enum class Repeats { allowed, refused };

// Rows in rising order of the first of the columns `used`, those without a number in one of them left out (null
// pointers are not there). What is left out and which columns are not used becomes a remark of the table. Throws
// InputError: no row left, and, where repeats are refused, one value of the first column in two rows, named by their
// lines; two rows that are equal in all these columns are then one.
void arrange_rows(io::CsvRows& table, const std::vector<const io::CsvColumn*>& used, Repeats repeats);

// Throws InputError, with the line of the file, at a number that is not positive; a null column passes.
void check_positive(const io::CsvRows& table, const io::CsvColumn* column, std::string_view what);

// Pressures that are all negative, or 0, may be stresses, which have the other sign: a remark. With volumes (of the
// rows, else null): InputError where the pressure then rises with every larger volume.
void check_sign_of_pressures(io::CsvRows& table, const io::CsvColumn& pressure, const io::CsvColumn* volume);

// Factor to seconds where the column has a unit of time, and the unit then.
[[nodiscard]] double time_factor(const io::CsvColumn& column, std::string& unit);

// dataset, mask, regions, static_regions, qmap, frame_time, count_time, frames, bad_frames, bin_frames, bin_pixels.
[[nodiscard]] io::MeasuredOptions measured_options(Section& options);

// The data sets of a file with these options; what there is to say of them goes into the notes of `out`.
[[nodiscard]] std::vector<io::LabelledData> read_sets(const std::filesystem::path& path, Section& options,
                                                      EstimatorOutput& out);

// Adds remarks to the note of every estimate and every curve.
[[nodiscard]] EstimatorOutput with_remarks(EstimatorOutput out, const std::vector<std::string>& remarks);

// Columns lag, g2, error (optional), pairs (optional), by option, name or place; remarks of the table.
struct CsvCurve {
    Curve curve;
    std::vector<std::string> remarks;
};
[[nodiscard]] CsvCurve g2_from_csv(const std::filesystem::path& path, Section& options);

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

}  // namespace vitrum::pipeline
