// Which columns of a table an estimator takes, and what is checked of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrum/analysis/chain/correlation_chain.hpp"
#include "vitrum/core/data/columns.hpp"
#include "vitrum/core/data/findings.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/pipeline/config/section.hpp"

namespace vitrum::pipeline {

// A column by option `key` (its name, or its number from 1; "none" for an optional one), by a usual name, or by
// position.
struct ColumnChoice {
    std::string key;
    std::vector<std::string> usual;
    std::size_t position = 0;
    bool needed = true;
    std::string wanted{};  // by the option
};
[[nodiscard]] ColumnChoice choose(Section& options, const std::string& key, std::vector<std::string> usual,
                                  std::size_t position, bool needed);

// nullptr if it is optional and absent. `first` is a usual name before all others. Throws InputError where an optional
// one is absent but a misspelled one is there.
[[nodiscard]] const Column* pick(const Columns& table, const ColumnChoice& choice, const std::string& first = {});

enum class Repeats { allowed, refused };

// Rows in rising order of the first of the columns `used`, those without a number in one of them left out (null
// pointers are not there). What is left out and which columns are not used becomes a remark of the table. Throws
// InputError: no row left, and, where repeats are refused, one value of the first column in two rows, named by their
// lines; two rows that are equal in all these columns are then one.
void arrange_rows(Columns& table, const std::vector<const Column*>& used, Repeats repeats);

// Throws InputError, with the line of the file, at a number that is not positive; a null column passes.
void check_positive(const Columns& table, const Column* column, std::string_view what);

// Pressures that are all negative, or 0, may be stresses, which have the other sign: a remark. With volumes (of the
// rows, else null): InputError where the pressure then rises with every larger volume.
void check_sign_of_pressures(Columns& table, const Column& pressure, const Column* volume);

// A column in the native unit of its dimension; without a unit it is in that unit already.
[[nodiscard]] std::vector<double> native(const Column& column, Dimension dimension);

// Of a column that names none.
inline constexpr const char* own_unit = "unit of the column";

// Factor to seconds where the column has a unit of time, and the unit then.
[[nodiscard]] double time_factor(const Column& column, std::string& unit);

// The remarks at the note of every estimate and every curve.
[[nodiscard]] Findings with_remarks(Findings out, const std::vector<std::string>& remarks);

// y = tau against x, and its error: pressure, age or wavevector.
struct TauColumns {
    ColumnChoice x, tau, error;
};
[[nodiscard]] TauColumns choose_tau(Section& options, std::vector<std::string> usual_x, bool error_needed = false);

}  // namespace vitrum::pipeline
