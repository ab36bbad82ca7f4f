// The one series of a run whose data are of several kinds: its log, its inherent structures, its samples.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"

namespace vitrum::pipeline {

class RunSeries {
public:
    explicit RunSeries(std::size_t position) : position_(position) {}

    // What was found on data taken at `at` in the run.
    void add(SeriesResult found, const Abscissa& at);
    [[nodiscard]] const std::string& name() const { return series_.name; }
    [[nodiscard]] std::size_t position() const { return position_; }  // in the list of series
    // With its curves: those against a coordinate of `at` whose ranges follow each other are one curve, others of one
    // name end in the name of their stage.
    [[nodiscard]] SeriesResult take();

private:
    struct Placed {
        std::string stage;  // of the first part
        std::string base;
        Curve curve;
    };
    void add(Curve curve, const Abscissa& at);

    std::size_t position_;
    SeriesResult series_;
    std::vector<Placed> curves_;
};

}  // namespace vitrum::pipeline
