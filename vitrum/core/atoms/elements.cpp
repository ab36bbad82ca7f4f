#include "vitrum/core/atoms/elements.hpp"

#include <array>
#include <cmath>

#include "vitrum/core/estimate/estimate.hpp"

namespace vitrum {

namespace {

struct Element {
    std::string_view symbol;
    double weight;
};

// In the order of atomic numbers.
constexpr std::array elements{
    Element{"H", 1.008},   Element{"He", 4.0026}, Element{"Li", 6.94},   Element{"Be", 9.0122}, Element{"B", 10.81},
    Element{"C", 12.011},  Element{"N", 14.007},  Element{"O", 15.999},  Element{"F", 18.998},  Element{"Ne", 20.180},
    Element{"Na", 22.990}, Element{"Mg", 24.305}, Element{"Al", 26.982}, Element{"Si", 28.085}, Element{"P", 30.974},
    Element{"S", 32.06},   Element{"Cl", 35.45},  Element{"Ar", 39.948}, Element{"K", 39.098},  Element{"Ca", 40.078},
    Element{"Sc", 44.956}, Element{"Ti", 47.867}, Element{"V", 50.942},  Element{"Cr", 51.996}, Element{"Mn", 54.938},
    Element{"Fe", 55.845}, Element{"Co", 58.933}, Element{"Ni", 58.693}, Element{"Cu", 63.546}, Element{"Zn", 65.38},
    Element{"Ga", 69.723}, Element{"Ge", 72.630}, Element{"As", 74.922}, Element{"Se", 78.971}, Element{"Br", 79.904},
    Element{"Kr", 83.798}, Element{"Rb", 85.468}, Element{"Sr", 87.62},  Element{"Y", 88.906},  Element{"Zr", 91.224},
    Element{"Nb", 92.906}, Element{"Mo", 95.95},  Element{"Tc", 98},     Element{"Ru", 101.07}, Element{"Rh", 102.91},
    Element{"Pd", 106.42}, Element{"Ag", 107.87}, Element{"Cd", 112.41}, Element{"In", 114.82}, Element{"Sn", 118.71},
    Element{"Sb", 121.76}, Element{"Te", 127.60}, Element{"I", 126.90},  Element{"Xe", 131.29}, Element{"Cs", 132.91},
    Element{"Ba", 137.33}, Element{"La", 138.91}, Element{"Ce", 140.12}, Element{"Pr", 140.91}, Element{"Nd", 144.24},
    Element{"Pm", 145},    Element{"Sm", 150.36}, Element{"Eu", 151.96}, Element{"Gd", 157.25}, Element{"Tb", 158.93},
    Element{"Dy", 162.50}, Element{"Ho", 164.93}, Element{"Er", 167.26}, Element{"Tm", 168.93}, Element{"Yb", 173.05},
    Element{"Lu", 174.97}, Element{"Hf", 178.49}, Element{"Ta", 180.95}, Element{"W", 183.84},  Element{"Re", 186.21},
    Element{"Os", 190.23}, Element{"Ir", 192.22}, Element{"Pt", 195.08}, Element{"Au", 196.97}, Element{"Hg", 200.59},
    Element{"Tl", 204.38}, Element{"Pb", 207.2},  Element{"Bi", 208.98}, Element{"Po", 209},    Element{"At", 210},
    Element{"Rn", 222},    Element{"Fr", 223},    Element{"Ra", 226},    Element{"Ac", 227},    Element{"Th", 232.04},
    Element{"Pa", 231.04}, Element{"U", 238.03},  Element{"Np", 237},    Element{"Pu", 244},    Element{"Am", 243},
    Element{"Cm", 247},    Element{"Bk", 247},    Element{"Cf", 251},    Element{"Es", 252},    Element{"Fm", 257},
    Element{"Md", 258},    Element{"No", 259},    Element{"Lr", 262},
};

}  // namespace

double atomic_weight(std::string_view symbol) {
    for (const Element& e : elements)
        if (e.symbol == symbol) return e.weight;
    return not_a_number;
}

std::string element_of_mass(double mass) {
    constexpr double widest = 0.1;
    const Element* best = nullptr;
    for (const Element& e : elements)
        if (std::abs(e.weight - mass) < widest && (!best || std::abs(e.weight - mass) < std::abs(best->weight - mass)))
            best = &e;
    return best ? std::string(best->symbol) : std::string();
}

std::string element_of_number(long number) {
    if (number < 1 || number > static_cast<long>(elements.size())) return {};
    return std::string(elements[static_cast<std::size_t>(number - 1)].symbol);
}

}  // namespace vitrum
