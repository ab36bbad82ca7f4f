// Kinetic Monte Carlo of many double wells under a programme (Gillespie, J. Phys. Chem. 81, 2340 (1977),
// doi:10.1021/j100540a008): every flip with its time, exactly in law.
//   Conditions that stand still: rejection-free, the selection chosen by the program or by hand, and told.
//   Ramps: thinning (Lewis and Shedler, Nav. Res. Logist. Q. 26, 403 (1979), doi:10.1002/nav.3800260304). Along a ramp
//   each rate is monotonic, so the larger of the two ends bounds it; windows are cut where bounds would be loose.
//   Coupling J: every well in R adds J/N to Delta of all others, energy (J/N) times the pairs in R. All rates out of
//   L, and all out of R, share one factor, so a flip costs no more than without. J < 0: a flip to R favours further
//   flips to R, so events trigger events.
// Parent of an event: of its rate, the part that stood at the start of the run has none; every further layer of the
// common factor belongs to the event that last raised the factor through it. Exact, since rates add.
// One Stream gives every number: the same bits whether the run is stopped, asked ahead or resumed. Not thread-safe; run
// several side by side. Units: eV, GPa, K, s.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "vitrum/core/data/event_catalogue.hpp"
#include "vitrum/core/stream.hpp"
#include "vitrum/model/landscape/kinetics/rate_groups.hpp"
#include "vitrum/model/landscape/kinetics/sum_tree.hpp"
#include "vitrum/model/landscape/programme.hpp"
#include "vitrum/model/landscape/well_law.hpp"

namespace vitrum::model {

enum class Selection { automatic, sum_tree, composition_rejection };
[[nodiscard]] std::string_view name(Selection selection);

struct KineticsOptions {
    Selection selection = Selection::automatic;
    double coupling = 0;          // J [eV]
    double looseness = 1;         // bounds over rates, >= 1: above 1 every event is thinned. The law stays the same
    std::vector<double> sizes{};  // of the events of each well; empty: all 1
};

struct Flip {
    double time = 0;  // [s]; infinite if nothing will ever happen
    std::uint32_t well = 0;
    bool to_right = false;
    std::int64_t parent = -1;  // number of an earlier flip, from 0
};

// All that is needed to go on, with the wells, programme, options and stream that the run began with.
struct KineticsCheckpoint {
    double time = 0;
    double searched = 0;      // up to where the stream has looked
    double window = 0;        // where its window of bounds began
    std::uint64_t words = 0;  // drawn from the stream
    std::uint64_t flips = 0;
    std::size_t first_right = 0;  // wells in R at the start
    std::vector<std::uint8_t> sides{};
    std::vector<std::uint32_t> order{};
    RateGroups::Sums sums{};
    std::optional<Flip> pending{};
    std::vector<std::int64_t> raised{}, lowered{};
};

class Kinetics {
public:
    // Starts at time `from` [s] with sides[i] = 1 for a well in R. Throws InputError: wells sound at the programme's
    // knots, one side and size for each, finite coupling, looseness >= 1.
    Kinetics(std::vector<WellLaw> wells, Programme programme, std::vector<std::uint8_t> sides, double from,
             const Stream& stream, KineticsOptions options = {});
    // Goes on from a checkpoint. Throws InputError if it is of another number of wells.
    Kinetics(std::vector<WellLaw> wells, Programme programme, const KineticsCheckpoint& checkpoint,
             const Stream& stream, KineticsOptions options = {});

    // The next flip, not yet done; asking again draws nothing.
    [[nodiscard]] const Flip& next();
    // Does it. Nothing is done if it never happens.
    Flip advance();
    // All flips up to `until` [s], at most so many; appended to the catalogue if there is one (name, site = well, size,
    // time, parent = row counted from the start of the run). Returns how many. Throws Interrupted.
    std::uint64_t run(double until, std::uint64_t most = ~std::uint64_t{0}, EventCatalogue* catalogue = nullptr);

    [[nodiscard]] double time() const { return time_; }
    [[nodiscard]] std::uint64_t flips() const { return flips_; }
    [[nodiscard]] const std::vector<std::uint8_t>& sides() const { return sides_; }
    [[nodiscard]] std::size_t in_right() const { return in_right_; }
    [[nodiscard]] Selection selection() const { return selection_; }  // the one in use
    [[nodiscard]] std::uint64_t words() const { return stream_.drawn(); }
    // Rate of a well out of its side now, with coupling [1/s].
    [[nodiscard]] double rate(std::size_t well) const;
    [[nodiscard]] KineticsCheckpoint checkpoint() const;

private:
    template <class Selector>
    void find(Selector& selector);
    template <class Selector>
    void apply(Selector& selector);
    void set_window(double from);
    void place(std::span<const std::uint32_t> order);
    void check_parts() const;
    void set_factors();
    [[nodiscard]] double factor(std::size_t side, double temperature) const;
    [[nodiscard]] std::int64_t parent_of(std::size_t side);

    std::vector<WellLaw> wells_;
    Programme programme_;
    KineticsOptions options_;
    Selection selection_ = Selection::automatic;
    std::variant<RateGroups, SumTree> selector_{};
    Stream stream_;
    std::vector<std::uint8_t> sides_;
    std::size_t in_right_ = 0, first_right_ = 0;
    double time_ = 0, searched_ = 0, window_ = 0;
    Stretch stretch_{};  // the window
    bool thinned_ = false;
    double factors_[2] = {1, 1};
    std::uint64_t flips_ = 0;
    std::optional<Flip> pending_{};
    std::vector<std::int64_t> raised_, lowered_;  // flip that last brought the wells in R to n, from below or above
};

// A well in R with probability p_R of equilibrium, coupling apart.
[[nodiscard]] std::vector<std::uint8_t> equilibrium_sides(std::span<const WellLaw> wells, const Conditions& conditions,
                                                          Stream& stream);

// Flips with a common first ancestor are one avalanche: time of the first, duration up to the last, sizes added.
[[nodiscard]] EventCatalogue avalanches(const EventCatalogue& flips);

}  // namespace vitrum::model
