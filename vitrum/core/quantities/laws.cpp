// One p-value for each law that is fitted: small where the law does not hold.
#include <array>

#include "vitrum/core/quantities/quantity.hpp"

namespace vitrum {

namespace {

constexpr std::string_view fit =
    "chi^2 of the residuals, or the test that the note names; vitrum/core/estimate/fit_quality.hpp";

constexpr std::array table{
    Quantity{"kww_p", "p (KWW)", "", "probability of a misfit as large if one KWW decay holds", fit},
    Quantity{"tau_over_scans_p", "p (one tau)", "",
             "probability of tau as scattered between scans if all have one tau and errors are their own", fit},
    Quantity{"double_kww_p", "p (two KWW)", "", "probability of a misfit as large if two KWW decays hold", fit},
    Quantity{"siegert_p", "p (Siegert)", "",
             "probability of a misfit as large if a baseline and one amplitude |F|^2 <= 1 holds", fit},
    Quantity{"relaxation_p", "p (F)", "", "probability of a misfit as large if f exp(-(t/tau)^beta) holds", fit},
    Quantity{"ageing_p", "p (ageing)", "", "probability of a misfit as large if the ageing law holds", fit},
    Quantity{"wavevector_p", "p (tau(q))", "",
             "probability of a misfit as large if the power law tau = c q^-alpha holds", fit},
    Quantity{"activation_volume_p", "p (ln tau(P))", "",
             "probability of a misfit as large if ln tau linear in pressure holds", fit},
    Quantity{"crossover_p", "p (kink of tau(P))", "",
             "probability of a misfit as large if two lines in ln tau against pressure hold", fit},
    Quantity{"crossover_parabola_p", "p (parabola of tau(P))", "",
             "probability of a misfit as large if a parabola in ln tau against pressure holds", fit},
    Quantity{"equation_of_state_p", "p (P(V))", "",
             "probability of a misfit as large if Birch and Murnaghan's equation of state holds", fit},
    Quantity{"glass_transition_p", "p (kink)", "",
             "probability of a misfit as large if two lines against temperature hold", fit},
    Quantity{"tg_slope_p", "p (Tg(P))", "", "probability of a misfit as large if a straight line Tg(P) holds", fit},
    Quantity{"energy_minimum_p", "p (U(P))", "", "probability of a misfit as large if the polynomial in pressure holds",
             fit},
    Quantity{"diffusion_p", "p (msd)", "", "probability of a misfit as large if msd = c + 6 D t holds", fit},
    Quantity{"power_law_p", "p (power law)", "", "probability of a misfit as large if the power law above x_min holds",
             fit},
    Quantity{"first_peak_p", "p (peak)", "", "probability of a misfit as large if the peak's shape holds", fit},
};

}  // namespace

std::span<const Quantity> law_quantities() { return table; }

}  // namespace vitrum
