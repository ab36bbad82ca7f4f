// Series that belong under one heading: one source at several pressures, or one series alone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/report/figures/readings.hpp"

namespace vitrum::report {

struct Member {
    const SeriesResult* series = nullptr;
    std::vector<Reading> readings;
    double position = 0;  // on the group's axis
    std::string label;    // "2.4 GPa"; the series' title if it stands alone
};

struct Group {
    std::string source;  // kind of the source
    std::string name;    // of the source in its scenario: "landscape"
    std::string axis;    // "pressure"; empty if the series stand alone
    std::string axis_unit;
    Abscissa rest;                      // coordinates that all members share: a q region
    std::vector<Member> members;        // by position
    std::vector<Reading> over_members;  // from Result::estimates: activation volume
    std::vector<Curve> truth_curves;    // from Result::truth, over the axis: y_name is the quantity
    // From Result::curves: means over the quenches of one place of the axis, under the names of the single curves.
    std::vector<std::pair<std::string, Curve>> mean_curves;  // label of the place, curve

    [[nodiscard]] bool several() const { return members.size() > 1; }
    [[nodiscard]] std::vector<Reading> all_readings() const;
};

struct Grouping {
    std::vector<Group> groups;       // in the order of the result
    std::vector<Reading> elsewhere;  // over several series, belonging to no single group
};

[[nodiscard]] Grouping group_series(const Result& result);

}  // namespace vitrum::report
