#include "vitrum/report/figures/grouping.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "vitrum/report/page/number_text.hpp"

namespace vitrum::report {

namespace {

// The coordinate that orders a source's series: pressure where there is one.
const Coordinate* ordering(const SeriesResult& series) {
    if (const Coordinate* pressure = series.abscissa.find("pressure")) return pressure;
    return series.abscissa.empty() ? nullptr : &series.abscissa.front();
}

// What series of one group have in common: independent quenches of one melt are members of one group, and so are both
// branches of a loop and points that others published.
Abscissa shared_place(const SeriesResult& series, const Coordinate& axis) {
    Abscissa shared = series.abscissa.without(axis.name).without("quench");
    if (axis.name != "branch") shared = shared.without("branch");
    return shared;
}

bool published(const SeriesResult& series) { return series.abscissa.find("published") != nullptr; }

bool fits(const Group& group, const SeriesResult& series) {
    const Coordinate* at = ordering(series);
    return at && group.axis == at->name && group.source == series.source && group.name == series.source_name &&
           (published(series) || same_place(group.rest, shared_place(series, *at)));
}

Member make_member(const SeriesResult& series) {
    Member member;
    member.series = &series;
    member.readings = read(series.estimates, series.truth, series.abscissa);
    if (const Coordinate* at = ordering(series)) {
        member.position = at->value;
        const std::string unit = display_unit(at->unit);
        member.label = fmt::format("{:.4g}{}{}", at->value, unit.empty() ? "" : " ", unit);
        if (unit.empty()) member.label = at->name + " " + member.label;
        // Several regions may share one q.
        if (at->name == "region" && !unit.empty()) member.label = fmt::format("region {}, {}", at->index, member.label);
        const Coordinate* quench = series.abscissa.find("quench");
        if (quench && at->name != "quench") member.label += fmt::format(", quench {:.4g}", quench->value);
        for (const char* word : {"branch", "published"})
            if (const Coordinate* c = series.abscissa.find(word); c && at->name != word) member.label += ", " + c->text;
    }
    return member;
}

// The one group that a result-wide reading can belong to, or nullptr: the one whose name stands in the coordinate
// "source", or else the only group with this axis.
Group* owner(std::vector<Group>& groups, const Reading& reading) {
    const Coordinate* source = reading.place().find("source");
    Group* only = nullptr;
    for (Group& group : groups) {
        if (source && source->text == group.name) return &group;
        if (!group.several() || !reading.place().find(group.axis)) continue;
        if (!source && only) return nullptr;
        only = &group;
    }
    return source ? nullptr : only;
}

// "structure_factor_glass_2": of group "glass", at the place of index 1; without that ending it has its own name.
void take_mean_curve(Group& group, const Curve& curve) {
    for (const Member& member : group.members) {
        const Coordinate* at = ordering(*member.series);
        if (!at) return;
        const std::string ending = fmt::format("_{}_{}", group.name, at->index + 1);
        if (!curve.name.ends_with(ending)) continue;
        Curve mean = curve;
        mean.name.resize(mean.name.size() - ending.size());
        const std::string unit = display_unit(at->unit);
        group.mean_curves.emplace_back(fmt::format("{:.4g}{}{}", at->value, unit.empty() ? "" : " ", unit),
                                       std::move(mean));
        return;
    }
}

void leave_out_source(Reading& reading) {
    if (reading.estimate) reading.estimate->abscissa = reading.estimate->abscissa.without("source");
    if (reading.truth) reading.truth->abscissa = reading.truth->abscissa.without("source");
}

}  // namespace

std::vector<Reading> Group::all_readings() const {
    std::vector<Reading> all;
    for (const Member& member : members) all.insert(all.end(), member.readings.begin(), member.readings.end());
    all.insert(all.end(), over_members.begin(), over_members.end());
    return all;
}

Grouping group_series(const Result& result) {
    Grouping grouping;
    for (const SeriesResult& series : result.series) {
        const auto at = std::find_if(grouping.groups.begin(), grouping.groups.end(),
                                     [&](const Group& group) { return fits(group, series); });
        if (at != grouping.groups.end()) {
            at->members.push_back(make_member(series));
            continue;
        }
        Group group;
        group.source = series.source;
        group.name = series.source_name;
        if (const Coordinate* axis = ordering(series)) {
            group.axis = axis->name;
            group.axis_unit = axis->unit;
            group.rest = shared_place(series, *axis);
        }
        group.members.push_back(make_member(series));
        grouping.groups.push_back(std::move(group));
    }
    for (Group& group : grouping.groups)
        std::stable_sort(group.members.begin(), group.members.end(),
                         [](const Member& a, const Member& b) { return a.position < b.position; });
    // "tau_of_pressure_landscape": tau over the axis of group "landscape".
    for (const Curve& curve : result.truth.curves)
        for (Group& group : grouping.groups)
            if (curve.x_name == group.axis && curve.name == curve.y_name + "_of_" + group.axis + "_" + group.name)
                group.truth_curves.push_back(curve);
    for (const Curve& curve : result.curves)
        for (Group& group : grouping.groups) take_mean_curve(group, curve);
    for (Reading& reading : read(result.estimates, result.truth, {})) {
        Group* group = owner(grouping.groups, reading);
        if (group) leave_out_source(reading);
        (group ? group->over_members : grouping.elsewhere).push_back(std::move(reading));
    }
    return grouping;
}

}  // namespace vitrum::report
