// Sudden decorrelation events in a map: g1 across the instant t_e falls from 1 to 1 - a, a = 1 full decorrelation.
//
// At each instant between two frames, for short lags d (short_lags.hpp, D the longest): the mean of C(t, t+d) over the
// d pairs that straddle it, against the mean over the D pairs before and the D after it that do not. With the weights
// of lag_weights the difference z is what an event shows as an excess; a trend, or a step in the rate, moves both means
// alike. Its noise: from groups of pixels, pooled over 8 D around the instant and scaled, so that z has a Student
// distribution; without groups (a map alone) from the median absolute z of the run, which asks for few events in a long
// run.
//
// The largest z of a run without events is larger than one of them: its distribution is that of the largest of Gaussian
// values with the measured correlation of z along t (400 simulated runs). p_value is the probability that a run without
// events has a z as large anywhere; events with p_value below the family-wise rate are reported, then D on either side
// is left out and the search goes on: events closer than D = 0.8 tau are seen as one. Within 2 D of the ends nothing is
// searched.
//
// Size: ratio of the straddling mean of C - baseline to the other one, r^2. Where nothing is static 1 - r = a at every
// lag. With a static part f, g1 = f + (1 - f) m, an event takes a/(1 - f) of m and the ratio nears 1 as m decays:
// a = (1 - r) (1 - f) g/(g - f), g^2 = (C - baseline)/contrast beside the event. In runs without events a fraction of
// at most `false_alarm` shows one or more: measured in docs/estimators/speckle/events.md.
#pragma once

#include <vector>

#include "vitrum/analysis/correlation/errors/group_traces.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum::analysis {

struct EventOptions {
    double false_alarm = 0.05;   // per map
    double baseline = 1;         // of C where g1 = 0
    double static_fraction = 0;  // f
    double contrast = 0;         // of C - baseline at lag 0; needed where f > 0
};

struct Event {
    std::size_t frame = 0;  // the first one after it
    double p_value = 1;
    double z = 0;  // in standard deviations, as a normal one
    double frame_error = 0;
    double fraction = not_a_number;  // a
    double fraction_low = not_a_number;
    double fraction_high = not_a_number;
};

struct EventSearch {
    std::vector<Event> events;  // in order of time
    double smallest_p = 1;      // of the largest z, reported or not
    std::size_t first = 0;      // instants searched: before frames first .. last
    std::size_t last = 0;
    std::size_t resolution = 0;  // D [frames]
    bool searched = false;       // false: the run is too short
};

// static_fraction and contrast of a fit of g2, where its baseline stands out by three errors above that of the options.
[[nodiscard]] EventOptions with_static_part(EventOptions options, double contrast, double baseline,
                                            double baseline_error);

// Throws InputError if false_alarm is not between 0 and 0.5, or static_fraction not in [0, 1).
[[nodiscard]] EventSearch find_events(const GroupTraces& traces, const EventOptions& options = {});

// Rows event_count, event_search_p, and for each event event_time, event_fraction, event_p at abscissa event. no_data:
// fewer than 8 D instants to search, of a map alone 40 D.
[[nodiscard]] std::vector<Estimate> event_rows(const EventSearch& search, const EventOptions& options,
                                               double frame_time, const std::string& time_unit);

}  // namespace vitrum::analysis
