#include "vitrum/pipeline/run/run_series.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vitrum::pipeline {

namespace {

template <class T>
void append(std::vector<T>&& more, std::vector<T>& to) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

// `more` lies wholly before or behind the curve.
bool follows(const Curve& curve, const Curve& more) {
    if (curve.x.empty() || more.x.empty() || curve.y_error.empty() != more.y_error.empty()) return false;
    return more.x.front() >= curve.x.back() || more.x.back() <= curve.x.front();
}

void join(Curve& curve, const Curve& more) {
    const bool behind = more.x.front() >= curve.x.back();
    const auto put = [behind](std::vector<double>& to, const std::vector<double>& from) {
        to.insert(behind ? to.end() : to.begin(), from.begin(), from.end());
    };
    put(curve.x, more.x);
    put(curve.y, more.y);
    put(curve.y_error, more.y_error);
}

}  // namespace

void RunSeries::add(SeriesResult found, const Abscissa& at) {
    for (Curve& curve : found.curves) add(std::move(curve), at);
    found.curves.clear();
    if (series_.name.empty()) {
        series_ = std::move(found);
        return;
    }
    append(std::move(found.estimates), series_.estimates);
    append(std::move(found.notes), series_.notes);
    append(std::move(found.traces), series_.traces);
    append(std::move(found.truth.rows), series_.truth.rows);
    for (std::size_t i = 0; i < found.truth.curves.size(); ++i)
        series_.truth.add(std::move(found.truth.curves[i]), found.truth.curve_origins[i]);
}

void RunSeries::add(Curve curve, const Abscissa& at) {
    const bool along = at.find(curve.x_name) != nullptr;
    if (along)
        for (Placed& p : curves_)
            if (p.base == curve.name && follows(p.curve, curve)) {
                join(p.curve, curve);
                return;
            }
    const Coordinate* stage = at.find("stage");
    curves_.push_back({stage ? stage->text : "", curve.name, std::move(curve)});
}

SeriesResult RunSeries::take() {
    std::vector<std::string> bases;
    for (const Placed& p : curves_) bases.push_back(p.base);
    for (Placed& p : curves_) {
        if (std::count(bases.begin(), bases.end(), p.base) > 1 && !p.stage.empty()) p.curve.name += "_" + p.stage;
        series_.curves.push_back(std::move(p.curve));
    }
    return std::move(series_);
}

}  // namespace vitrum::pipeline
