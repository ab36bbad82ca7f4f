#include "vitrum/io/trajectory/trajectory_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/atoms/elements.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/estimate/estimate.hpp"
#include "vitrum/io/text/text_scanner.hpp"

namespace vitrum::io {

TrajectoryBuilder::TrajectoryBuilder(std::filesystem::path file, TrajectoryOptions options)
    : file_(std::move(file)), options_(std::move(options)) {}

bool TrajectoryBuilder::chosen(std::size_t number) const {
    const FrameChoice& c = options_.frames;
    return number >= c.first && !finished(number) && (number - c.first) % c.stride == 0;
}

bool TrajectoryBuilder::finished(std::size_t number) const {
    return options_.frames.last && number >= *options_.frames.last;
}

int TrajectoryBuilder::kind_of(std::string_view label) {
    for (std::size_t i = 0; i < labels_.size(); ++i)
        if (labels_[i] == label) return static_cast<int>(i);
    labels_.emplace_back(label);
    return static_cast<int>(labels_.size() - 1);
}

bool TrajectoryBuilder::labels_are_numbers() const {
    return std::all_of(labels_.begin(), labels_.end(), [](const std::string& label) {
        int type = 0;
        return parse_number(std::string_view(label), type);
    });
}

// Where each atom of the file goes: in order of id.
void TrajectoryBuilder::take_order(const FileFrame& frame, const std::string& where) {
    const std::size_t atoms = frame.kind.size();
    target_.resize(atoms);
    file_order_ = frame.id;
    if (frame.id.empty()) {
        std::iota(target_.begin(), target_.end(), std::size_t{0});
        return;
    }
    std::vector<std::size_t> order(atoms);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return frame.id[a] < frame.id[b]; });
    for (std::size_t i = 0; i < atoms; ++i) {
        target_[order[i]] = i;
        const std::int64_t id = frame.id[order[i]];
        if (i > 0 && id == frame.id[order[i - 1]])
            throw InputError(fmt::format("{}: two atoms have the id {}", where, id));
        if (!trajectory_.id.empty() && id != trajectory_.id[i])
            throw InputError(
                fmt::format("{}: the ids of the atoms are not those of the first frame (id {})", where, id));
    }
}

double TrajectoryBuilder::time_of(const FileFrame& frame) const {
    if (options_.frame_time) return static_cast<double>(frame.number) * *options_.frame_time;
    if (options_.time_step) return frame.has_step ? frame.step * *options_.time_step : not_a_number;
    return frame.time.value_or(not_a_number);
}

// What is asked for is what this file lacks: a run's time step is of no use where the steps are not written.
void TrajectoryBuilder::refuse_without_time(const FileFrame& frame, const std::string& where) const {
    const std::string unit =
        frame.time_without_unit ? ", or the unit of its times, as in --set time_unit=\"1 ps\"" : "";
    if (frame.has_step)
        throw InputError(
            fmt::format("{}: the frames have no time in a known unit; give the time step of the run, as in "
                        "--set time_step=\"2 fs\": time = step * time_step{}",
                        where, unit));
    throw InputError(fmt::format(
        "{}: the frames have no Step{}; give the time between frames, as in --set frame_time=\"0.1 ps\"{}", where,
        options_.time_step ? ", so time_step gives no times" : " and no Time in a known unit", unit));
}

void TrajectoryBuilder::place(const FileFrame& frame, const std::string& where) {
    AtomFrame out;
    out.step = frame.step;
    out.box = frame.box;
    out.time = time_of(frame);
    out.fractional.resize(frame.fractional.size());
    for (std::size_t i = 0; i < target_.size(); ++i)
        for (std::size_t k = 0; k < 3; ++k) {
            const double s = frame.fractional[3 * i + k];
            if (!std::isfinite(s))
                throw InputError(fmt::format("{}: a position of atom {} is not finite", where, i + 1));
            // Further away the digits of a number do not tell where in the cell an atom is.
            constexpr double farthest = 1e9;
            if (std::abs(s) > farthest)
                throw InputError(fmt::format("{}: a position of atom {} is {:.3g} cells away", where, i + 1, s));
            out.fractional[3 * target_[i] + k] = s;
        }
    trajectory_.frames.push_back(std::move(out));
}

void TrajectoryBuilder::add(const FileFrame& frame, const std::string& where) {
    const std::size_t atoms = frame.kind.size();
    check_cell(frame.box, where);
    constexpr double densest = 10;  // [1/angstrom^3]; copper has 0.085
    if (static_cast<double>(atoms) > densest * volume(frame.box))
        throw InputError(fmt::format("{}: {} atoms in {:.3g} cubic angstrom; are the lengths in another unit?", where,
                                     atoms, volume(frame.box)));
    const bool first = trajectory_.frames.empty();
    if (atoms == 0) throw InputError(fmt::format("{}: the frame has no atoms", where));
    if (!first && atoms != kind_.size())
        throw InputError(fmt::format("{}: {} atoms, the first frame has {}; their number may not change", where, atoms,
                                     kind_.size()));
    if (first || frame.id != file_order_) take_order(frame, where);
    if (first) {
        kind_.resize(atoms);
        trajectory_.id.resize(atoms);
        has_id_ = !frame.id.empty();
        for (std::size_t i = 0; i < atoms; ++i) {
            kind_[target_[i]] = frame.kind[i];
            trajectory_.id[target_[i]] = has_id_ ? frame.id[i] : static_cast<std::int64_t>(i + 1);
        }
    } else {
        for (std::size_t i = 0; i < atoms; ++i)
            if (kind_[target_[i]] != frame.kind[i])
                throw InputError(fmt::format("{}: the species of the atom with id {} is not that of the first frame",
                                             where, trajectory_.id[target_[i]]));
    }
    place(frame, where);
    auto& frames = trajectory_.frames;
    if (first) return;
    const AtomFrame& last = frames[frames.size() - 2];
    if (!std::isfinite(frames.back().time) || !std::isfinite(last.time)) refuse_without_time(frame, where);
    if (!(frames.back().time > last.time))
        throw InputError(fmt::format("{}: time {:.6g} s after {:.6g} s; times of the frames must rise", where,
                                     frames.back().time, last.time));
}

std::vector<std::string> TrajectoryBuilder::elements_of_labels(
    bool named, const std::vector<std::pair<std::string, double>>& masses) const {
    const std::string where = file_.string();
    if (named) {
        if (!options_.elements.empty())
            throw InputError(fmt::format("'{}' names its species itself ({}); leave elements={} out", where,
                                         fmt::join(labels_, ", "), fmt::join(options_.elements, ",")));
        return labels_;
    }
    std::vector<std::string> elements;
    for (const std::string& label : labels_) {
        const int type = std::stoi(label);
        if (!options_.elements.empty()) {
            if (type < 1 || static_cast<std::size_t>(type) > options_.elements.size())
                throw InputError(fmt::format("'{}' has atom type {}, elements={} names the types 1 to {}", where, type,
                                             fmt::join(options_.elements, ","), options_.elements.size()));
            elements.push_back(options_.elements[static_cast<std::size_t>(type - 1)]);
            continue;
        }
        const auto mass = std::find_if(masses.begin(), masses.end(), [&](const auto& m) { return m.first == label; });
        const std::string element = mass == masses.end() ? "" : element_of_mass(mass->second);
        if (element.empty())
            throw InputError(
                mass == masses.end()
                    ? fmt::format("'{}' does not say which elements its atom types {} are; name them by type, as in "
                                  "--set elements=Cu,Zr",
                                  where, fmt::join(labels_, ", "))
                    : fmt::format("'{}': no element has the mass {} of atom type {}; name the elements by type, as in "
                                  "--set elements=Cu,Zr",
                                  where, mass->second, type));
        elements.push_back(element);
    }
    return elements;
}

Trajectory TrajectoryBuilder::finish(bool named, const std::vector<std::pair<std::string, double>>& masses,
                                     bool unwrapped, std::size_t frames_in_file) {
    // Throws where the choice lies outside the file.
    static_cast<void>(options_.frames.taken(frames_in_file, file_.string()));
    Trajectory& t = trajectory_;
    const auto element = elements_of_labels(named, masses);
    t.elements = named ? element : options_.elements;
    if (!named && options_.elements.empty()) {
        std::vector<std::size_t> order(labels_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return std::stoi(labels_[a]) < std::stoi(labels_[b]); });
        for (const std::size_t i : order) t.elements.push_back(element[i]);
    }
    if (named) std::sort(t.elements.begin(), t.elements.end());
    // Two types of one element are one species.
    std::vector<std::string> unique;
    for (const auto& e : t.elements)
        if (std::find(unique.begin(), unique.end(), e) == unique.end()) unique.push_back(e);
    t.elements = std::move(unique);
    std::vector<int> index(labels_.size());
    std::vector<double> mass(labels_.size());
    for (std::size_t i = 0; i < labels_.size(); ++i) {
        index[i] = static_cast<int>(std::find(t.elements.begin(), t.elements.end(), element[i]) - t.elements.begin());
        mass[i] = atomic_weight(element[i]);
        for (const auto& [label, m] : masses)
            if (label == labels_[i]) mass[i] = m;
    }
    for (const int kind : kind_) {
        t.species.push_back(index[static_cast<std::size_t>(kind)]);
        t.mass.push_back(mass[static_cast<std::size_t>(kind)]);
    }
    t.name = file_.stem().string();
    t.unwrapped = unwrapped;
    // One frame needs no time.
    if (t.frames.size() == 1 && !std::isfinite(t.frames.front().time)) t.frames.front().time = 0;
    return std::move(trajectory_);
}

CellMatrix lammps_cell(const std::array<double, 3>& length, const std::array<double, 3>& tilt) {
    return {length[0], tilt[0], tilt[1], 0, length[1], tilt[2], 0, 0, length[2]};
}

void check_cell(const CellMatrix& box, const std::string& where) {
    for (const double x : box)
        if (!std::isfinite(x)) throw InputError(fmt::format("{}: an edge of the cell is not finite", where));
    if (!(volume(box) > 0)) throw InputError(fmt::format("{}: the cell is flat: it has no volume", where));
    // Thinner than any atom: its images would be met thousands of times; larger than any simulation.
    constexpr double thinnest = 0.3;
    constexpr double widest = 1e7;
    for (std::size_t k = 0; k < 3; ++k) {
        double normal2 = 0;  // area of the face that the other two vectors span
        const Vector3 a{box[(k + 1) % 3], box[3 + (k + 1) % 3], box[6 + (k + 1) % 3]};
        const Vector3 b{box[(k + 2) % 3], box[3 + (k + 2) % 3], box[6 + (k + 2) % 3]};
        for (std::size_t i = 0; i < 3; ++i) {
            const std::size_t j = (i + 1) % 3;
            const double part = a[i] * b[j] - a[j] * b[i];
            normal2 += part * part;
        }
        const double width = volume(box) / std::sqrt(normal2);
        if (!(width >= thinnest) || !(width <= widest))
            throw InputError(
                fmt::format("{}: the cell is {:.3g} angstrom wide along its vector {}; atoms need {} to "
                            "{:g}: are the lengths in another unit?",
                            where, width, k + 1, thinnest, widest));
    }
}

WrappedPosition wrapped_position(const CellMatrix& box, const double* fractional, bool wrap) {
    WrappedPosition p;
    Vector3 s{fractional[0], fractional[1], fractional[2]};
    for (std::size_t k = 0; wrap && k < 3; ++k) {
        const double whole = std::floor(s[k]);
        s[k] -= whole;
        p.image[k] = static_cast<std::int32_t>(whole);
        if (s[k] >= 1) {  // just below 0, rounded
            s[k] = 0;
            ++p.image[k];
        }
    }
    p.r = product(box, s);
    return p;
}

}  // namespace vitrum::io
