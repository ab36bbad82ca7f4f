// LAMMPS dump files (text): one pass over the file; frames that are not chosen are stepped over line by line.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/text/text_scanner.hpp"
#include "vitrum/io/trajectory/trajectory_parts.hpp"

namespace vitrum::io {

namespace {

enum class Scale { cartesian, fractional };

// Where in a line of atoms things stand; -1 = not there.
struct Columns {
    static constexpr int none = -1;
    int id = none, type = none, element = none;
    std::array<int, 3> position{none, none, none};
    std::array<int, 3> image{none, none, none};
    Scale scale = Scale::cartesian;
    bool unwrapped = false;  // the positions themselves
    int last = none;         // nothing behind it is needed

    [[nodiscard]] bool has_images() const { return image[0] != none && image[1] != none && image[2] != none; }
};

Columns columns_of(std::string_view header, const TextScanner& text) {
    std::vector<std::string_view> names;
    for (auto word = take_word(header); !word.empty(); word = take_word(header)) names.push_back(word);
    const auto find = [&](std::string_view name) {
        const auto at = std::find(names.begin(), names.end(), name);
        return at == names.end() ? Columns::none : static_cast<int>(at - names.begin());
    };
    Columns c;
    c.id = find("id");
    c.type = find("type");
    c.element = find("element");
    c.image = {find("ix"), find("iy"), find("iz")};
    const auto images = 3 - std::count(c.image.begin(), c.image.end(), Columns::none);
    if (images == 1 || images == 2) text.fail("the images ix iy iz are not all there: paths would be half known");
    struct Kind {
        const char* suffix;
        Scale scale;
        bool unwrapped;
    };
    constexpr std::array kinds{Kind{"u", Scale::cartesian, true}, Kind{"su", Scale::fractional, true},
                               Kind{"", Scale::cartesian, false}, Kind{"s", Scale::fractional, false}};
    for (const Kind& kind : kinds) {
        for (std::size_t k = 0; k < 3; ++k) c.position[k] = find(std::string(1, "xyz"[k]) + kind.suffix);
        if (*std::min_element(c.position.begin(), c.position.end()) == Columns::none) continue;
        c.scale = kind.scale;
        c.unwrapped = kind.unwrapped;
        c.last = std::max({c.id, c.type, c.element, *std::max_element(c.position.begin(), c.position.end())});
        if (!c.unwrapped && c.has_images())
            c.last = std::max(c.last, *std::max_element(c.image.begin(), c.image.end()));
        return c;
    }
    text.fail("the atoms have no positions; wanted are the columns x y z, xs ys zs, xu yu zu or xsu ysu zsu");
}

class DumpReader {
public:
    DumpReader(const std::filesystem::path& file, const TrajectoryOptions& options)
        : text_(file), options_(options), builder_(file, options) {}

    Trajectory read();

private:
    template <class Number>
    Number number(std::string_view& line, std::string_view what) {
        Number value{};
        const auto word = take_word(line);
        if (!parse_number(word, value)) text_.fail(fmt::format("'{}' is not {}", word, what));
        return value;
    }
    void read_box(std::string_view flags);
    void read_atoms(const Columns& columns);
    void read_line(const Columns& columns, std::string_view line, std::size_t atom);
    void next_atom(std::string_view& line, std::size_t atom);

    TextScanner text_;
    const TrajectoryOptions& options_;
    TrajectoryBuilder builder_;
    FileFrame frame_;
    Vector3 origin_{};
    CellMatrix to_fractional_{};
    std::size_t atoms_ = 0;
    std::size_t number_ = 0;        // of the frame, from 0
    std::optional<double> time_{};  // in the unit of the file
    double time_unit_ = 0;          // [s]; 0 = not known
    bool by_element_ = false;
    bool unwrapped_ = false;
};

void DumpReader::read_box(std::string_view flags) {
    std::vector<std::string_view> words;
    for (auto word = take_word(flags); !word.empty(); word = take_word(flags)) words.push_back(word);
    const bool general = words.size() >= 2 && words[0] == "abc" && words[1] == "origin";
    const bool tilted = words.size() >= 3 && words[0] == "xy";
    for (std::size_t i = general ? 2 : tilted ? 3 : 0; i < words.size(); ++i)
        if (words[i] != "pp")
            text_.fail(fmt::format("the boundary '{}' is not periodic; only periodic boxes (pp pp pp) are analysed",
                                   words[i]));
    std::array<std::array<double, 4>, 3> row{};
    for (auto& r : row) {
        auto line = text_.need("a line of the box");
        const std::size_t numbers = general ? 4 : tilted ? 3 : 2;
        for (std::size_t i = 0; i < numbers; ++i) r[i] = number<double>(line, "a number: the edges of the box");
    }
    if (general) {
        for (std::size_t k = 0; k < 3; ++k) {
            origin_[k] = row[k][3];
            for (std::size_t i = 0; i < 3; ++i) frame_.box[3 * i + k] = row[k][i];  // rows are cell vectors
        }
        return;
    }
    const double xy = row[0][2];
    const double xz = row[1][2];
    const double yz = row[2][2];
    // The file has the bounding box of a tilted cell.
    row[0][0] -= std::min({0.0, xy, xz, xy + xz});
    row[0][1] -= std::max({0.0, xy, xz, xy + xz});
    row[1][0] -= std::min(0.0, yz);
    row[1][1] -= std::max(0.0, yz);
    std::array<double, 3> length{};
    for (std::size_t k = 0; k < 3; ++k) {
        origin_[k] = row[k][0];
        length[k] = row[k][1] - row[k][0];
        if (!(length[k] > 0)) text_.fail(fmt::format("the box has the length {} along {}", length[k], "xyz"[k]));
    }
    frame_.box = lammps_cell(length, {xy, xz, yz});
}

void DumpReader::read_line(const Columns& c, std::string_view line, std::size_t atom) {
    Vector3 r{};
    Vector3 image{};
    for (int column = 0; column <= c.last; ++column) {
        const auto word = take_word(line);
        if (word.empty()) text_.fail(fmt::format("{} columns, at least {} are wanted", column, c.last + 1));
        bool good = true;
        if (column == c.id) {
            good = parse_number(word, frame_.id[atom]);
        } else if (column == (by_element_ ? c.element : c.type)) {
            int type = 0;
            if (!by_element_ && !parse_number(word, type))
                text_.fail(fmt::format("'{}' is not an atom type: a whole number", word));
            frame_.kind[atom] = builder_.kind_of(word);
        } else {
            for (std::size_t k = 0; k < 3; ++k) {
                if (column == c.position[k]) good = parse_number(word, r[k]);
                if (column == c.image[k] && !c.unwrapped) good = parse_number(word, image[k]);
            }
        }
        if (!good) text_.fail(fmt::format("'{}' is not a number", word));
    }
    if (c.scale == Scale::cartesian)
        r = product(to_fractional_, {r[0] - origin_[0], r[1] - origin_[1], r[2] - origin_[2]});
    for (std::size_t k = 0; k < 3; ++k) frame_.fractional[3 * atom + k] = c.has_images() ? r[k] + image[k] : r[k];
}

void DumpReader::read_atoms(const Columns& c) {
    by_element_ = c.element != Columns::none && (options_.elements.empty() || c.type == Columns::none);
    if (!by_element_ && c.type == Columns::none)
        text_.fail("the atoms have neither a column type nor a column element: species are not known");
    unwrapped_ = c.unwrapped || c.has_images();
    if (c.scale == Scale::cartesian) {
        check_cell(frame_.box, fmt::format("{}:{}", text_.path().string(), text_.line()));
        to_fractional_ = inverse(frame_.box);
    }
    text_.expect_lines(atoms_, "atoms");
    frame_.fractional.resize(3 * atoms_);
    frame_.kind.resize(atoms_);
    frame_.id.resize(c.id == Columns::none ? 0 : atoms_);
    std::string_view line;
    for (std::size_t i = 0; i < atoms_; ++i) {
        next_atom(line, i);
        read_line(c, line, i);
    }
}

// LAMMPS ends every line: a last one without an end was cut off, and so may be its last number.
void DumpReader::next_atom(std::string_view& line, std::size_t atom) {
    if (text_.next(line) && !text_.cut_off()) {
        if (line.substr(0, 5) != "ITEM:" && line.find_first_not_of(" \t") != std::string_view::npos) return;
        text_.fail(fmt::format("frame {} lists {} atoms, its NUMBER OF ATOMS is {}", number_, atom, atoms_));
    }
    text_.fail(fmt::format("the file ends at atom {} of {} of frame {}; leave that frame out with --set frames=0:{}",
                           atom + 1, atoms_, number_, number_));
}

Trajectory DumpReader::read() {
    std::size_t kept = 0;
    std::string_view line;
    bool has_step = false;
    while (!builder_.finished(number_) && text_.next(line)) {
        std::string_view rest = line;
        if (const auto word = take_word(rest); word != "ITEM:") {
            if (word.empty()) continue;
            if (number_ > 0 && !has_step)
                text_.fail(fmt::format("frame {} lists more atoms than its NUMBER OF ATOMS, {}", number_ - 1, atoms_));
            text_.fail("a line that begins with 'ITEM:' was to come");
        }
        const std::string item(rest.substr(std::min<std::size_t>(rest.find_first_not_of(' '), rest.size())));
        if (item == "TIMESTEP") {
            auto value = text_.need("the time step");
            frame_.step = number<double>(value, "a time step");
            has_step = true;
            frame_.number = number_;
            atoms_ = 0;
            frame_.box = {};
        } else if (item == "UNITS") {
            const std::string units(text_.need("the units"));
            if (units != "metal" && units != "real")
                text_.fail(fmt::format("units {}: only metal and real have lengths in angstrom", units));
            time_unit_ = units == "metal" ? 1e-12 : 1e-15;
        } else if (item == "TIME") {
            auto value = text_.need("the time");
            time_ = number<double>(value, "a time");
        } else if (item == "NUMBER OF ATOMS") {
            auto value = text_.need("the number of atoms");
            atoms_ = number<std::size_t>(value, "a number of atoms");
        } else if (item.rfind("BOX BOUNDS", 0) == 0) {
            read_box(std::string_view(item).substr(10));
        } else if (item.rfind("ATOMS", 0) == 0) {
            if (!has_step || atoms_ == 0 || frame_.box[0] == 0)
                text_.fail("TIMESTEP, NUMBER OF ATOMS (more than 0) and BOX BOUNDS must stand before ATOMS");
            const std::string where = fmt::format("{}:{}", text_.path().string(), text_.line());
            if (builder_.chosen(number_)) {
                const Columns columns = columns_of(std::string_view(item).substr(5), text_);
                if (++kept > 1 && columns.id == Columns::none)
                    text_.fail("no column id: the atoms of different frames cannot be matched; dump the id too");
                read_atoms(columns);
                frame_.time.reset();
                if (time_ && time_unit_ > 0) frame_.time = *time_ * time_unit_;
                builder_.add(frame_, where);
            } else {
                for (std::size_t i = 0; i < atoms_; ++i) next_atom(line, i);
            }
            ++number_;
            time_.reset();
            has_step = false;
        } else {
            text_.fail(fmt::format("unknown item '{}' of a LAMMPS dump", item));
        }
    }
    if (has_step)
        text_.fail(fmt::format("the file ends inside frame {}; leave it out with --set frames=0:{}", number_, number_));
    return builder_.finish(by_element_, {}, unwrapped_, number_);
}

}  // namespace

Trajectory read_lammps_dump(const std::filesystem::path& file, const TrajectoryOptions& options) {
    return DumpReader(file, options).read();
}

}  // namespace vitrum::io
