// tau against wavevector over the q regions of one data set.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "vitrum/core/truth/result.hpp"
#include "vitrum/pipeline/sources/sources.hpp"

namespace vitrum::pipeline {

// For every data set whose regions have a q: exponent and prefactor of tau(q) = 1/(c q^alpha) from the clean values of
// tau, into result.estimates, their truth moved there from the series, the curve tau(q) where the truth has one, and a
// statement of what these data can say about alpha. `source_of` gives the coordinate "source" of a data set by its
// name.
void add_wavevector_exponents(Result& result, const std::function<Coordinate(const std::string&)>& source_of);

// Of the data sets of these sources.
void add_wavevector_exponents(const std::vector<SourcePlan>& sources, Result& result);

}  // namespace vitrum::pipeline
