// What a generator knows. Estimators never see this header: they are blind by construction.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vitrum/core/data/curve.hpp"
#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum {

enum class Origin {
    closed_form,  // exact formula
    imposed,      // put in by hand; nothing about its mechanism is tested
    recorded,     // a latent path that the generator logged
    reference,    // computed another way from the same atoms; shares their noise
    numerical,    // of the exact law, by numerical algebra: no formula to quote, nothing simulated
};

[[nodiscard]] std::string_view name(Origin origin);
[[nodiscard]] Origin origin_from(std::string_view name);

struct TruthRow {
    std::string quantity;
    std::string unit;
    Abscissa abscissa;
    double value = not_a_number;
    Origin origin = Origin::closed_form;
    std::string note;
};

struct AtomsBehind;

struct GroundTruth {
    std::vector<TruthRow> rows;
    std::vector<Curve> curves;  // g2(dt) without noise, F(q,t), ...
    std::vector<Origin> curve_origins;
    std::shared_ptr<const AtomsBehind> atoms{};  // of speckle that atoms scattered; in memory alone

    void add(std::string_view quantity, Abscissa abscissa, double value, Origin origin, std::string note = {});
    void add(Curve curve, Origin origin);
    [[nodiscard]] const TruthRow* find(std::string_view quantity, const Abscissa& abscissa) const;
    [[nodiscard]] const Curve* curve(std::string_view name) const;
    [[nodiscard]] Origin origin_of(const Curve& one_of_mine) const;
    // Of one q region: its rows without their coordinate "region", its curves "NAME_region_3" as "NAME", and all that
    // belongs to no region.
    [[nodiscard]] GroundTruth of_region(std::int64_t region) const;
};

}  // namespace vitrum
