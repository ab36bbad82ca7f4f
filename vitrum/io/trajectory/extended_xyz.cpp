// Extended XYZ: number of atoms, a line of key=value with Lattice and Properties, one line an atom.
#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <map>

#include <fmt/format.h>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/core/atoms/elements.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/text/text_scanner.hpp"
#include "vitrum/io/trajectory/trajectory_parts.hpp"

namespace vitrum::io {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

// Keys in lower case; values without quotes.
std::map<std::string, std::string> keys_of(std::string_view line, const TextScanner& text) {
    std::map<std::string, std::string> keys;
    while (true) {
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
        if (line.empty()) return keys;
        const auto end = std::min(line.find_first_of("= \t"), line.size());
        const std::string key = lower(line.substr(0, end));
        line.remove_prefix(end);
        if (line.empty() || line.front() != '=') {
            keys[key] = "T";
            continue;
        }
        line.remove_prefix(1);
        // Older files of QUIP have braces in place of quotes.
        const auto opening = line.empty() ? std::string_view::npos : std::string_view("\"'{[").find(line.front());
        if (opening != std::string_view::npos) {
            const auto close = line.find("\"'}]"[opening], 1);
            if (close == std::string_view::npos) text.fail(fmt::format("the quotes of {} are not closed", key));
            keys[key] = line.substr(1, close - 1);
            line.remove_prefix(close + 1);
        } else {
            keys[key] = take_word(line);
        }
    }
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

struct Columns {
    std::size_t species = 0, position = 0, id = 0, image = 0, mass = 0, count = 0;  // counted from 1; 0 = none
    bool numbers = false;                                                           // species by atomic number
};

Columns columns_of(const std::string& properties, const TextScanner& text) {
    std::vector<std::string> parts{""};
    for (const char c : properties)
        if (c == ':')
            parts.emplace_back();
        else
            parts.back() += c;
    if (parts.size() % 3 != 0) text.fail(fmt::format("Properties={}: not triples name:type:columns", properties));
    Columns c;
    for (std::size_t i = 0; i < parts.size(); i += 3) {
        const std::string name = lower(parts[i]);
        std::size_t width = 0;
        if (!parse_number(std::string_view(parts[i + 2]), width) || width == 0)
            text.fail(fmt::format("Properties={}: '{}' is not a number of columns", properties, parts[i + 2]));
        const std::size_t here = c.count + 1;
        const std::string type = lower(parts[i + 1]);
        if (is_one_of(name, {"pos", "position", "positions"}) && width == 3) c.position = here;
        if (is_one_of(name, {"species", "element", "elements", "symbol", "symbols"}) && type == "s" && width == 1) {
            c.species = here;
            c.numbers = false;
        }
        if (is_one_of(name, {"z", "numbers", "atomic_number", "atomic_numbers"}) && type == "i" && c.species == 0) {
            c.species = here;
            c.numbers = true;
        }
        if (is_one_of(name, {"id", "ids"}) && width == 1) c.id = here;
        if ((name == "image" || name == "cell_image" || name == "periodic_image") && width == 3) c.image = here;
        if ((name == "mass" || name == "masses") && width == 1) c.mass = here;
        c.count += width;
    }
    if (c.position == 0) text.fail(fmt::format("Properties={}: no positions pos:R:3", properties));
    if (c.species == 0) text.fail(fmt::format("Properties={}: no species:S:1", properties));
    return c;
}

class XyzReader {
public:
    XyzReader(const std::filesystem::path& file, const TrajectoryOptions& options)
        : text_(file), options_(options), builder_(file, options) {}
    Trajectory read();

private:
    void header(std::string_view line, std::size_t number);
    void read_time(const std::string& time, const std::string& unit);
    void next_atom(std::string_view& line, std::size_t atom, std::size_t atoms, std::size_t number);
    void atom(const Columns& c, std::string_view line, std::size_t i);

    TextScanner text_;
    const TrajectoryOptions& options_;
    TrajectoryBuilder builder_;
    FileFrame frame_;
    Vector3 origin_{};
    CellMatrix to_fractional_{};
    std::vector<std::pair<std::string, double>> masses_;
    Columns columns_;
    bool unwrapped_ = true;
};

void XyzReader::header(std::string_view line, std::size_t number) {
    const auto keys = keys_of(line, text_);
    const auto value = [&](const char* key) {
        const auto at = keys.find(key);
        return at == keys.end() ? std::string() : at->second;
    };
    std::string lattice = value("lattice");
    std::replace(lattice.begin(), lattice.end(), ',', ' ');
    if (lattice.empty()) text_.fail("no Lattice=\"ax ay az bx by bz cx cy cz\": the cell is not known");
    std::string_view rest = lattice;
    for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t i = 0; i < 3; ++i)
            if (!parse_number(take_word(rest), frame_.box[3 * i + k]))
                text_.fail(fmt::format("Lattice=\"{}\": nine numbers are wanted", lattice));
    if (!take_word(rest).empty()) text_.fail(fmt::format("Lattice=\"{}\": nine numbers are wanted", lattice));
    const std::string periodic = value("pbc");
    for (std::string_view pbc = periodic; !pbc.empty();) {
        const std::string flag = lower(take_word(pbc));
        if (!is_one_of(flag, {"", "t", "1", "true", ".true.", "ttt"}))
            text_.fail(fmt::format("pbc=\"{}\": only periodic cells are analysed", periodic));
    }
    frame_.number = number;
    frame_.step = static_cast<double>(number);
    frame_.has_step = false;
    for (const char* key : {"step", "timestep", "time_step", "md_step"})
        if (const auto text = value(key); !text.empty() && !frame_.has_step) {
            if (!parse_number(std::string_view(text), frame_.step))
                text_.fail(fmt::format("{}={}: not a number", key, text));
            frame_.has_step = true;
        }
    read_time(value("time"), value("time_unit"));
    origin_ = {};
    if (const std::string corner = value("origin"); !corner.empty()) {
        std::string_view words = corner;
        for (double& x : origin_)
            if (!parse_number(take_word(words), x))
                text_.fail(fmt::format("Origin=\"{}\": three numbers are wanted", corner));
    }
    check_cell(frame_.box, fmt::format("{}:{}", text_.path().string(), text_.line()));
    to_fractional_ = inverse(frame_.box);
    columns_ = columns_of(keys.contains("properties") ? value("properties") : "species:S:1:pos:R:3", text_);
}

void XyzReader::read_time(const std::string& time, const std::string& unit) {
    frame_.time.reset();
    frame_.time_without_unit = !time.empty() && unit.empty();
    if (time.empty() || (unit.empty() && !options_.time_unit)) return;
    double t = 0;
    if (!parse_number(std::string_view(time), t)) text_.fail(fmt::format("Time={}: not a number", time));
    frame_.time =
        t * (unit.empty() ? *options_.time_unit
                          : unit_factor(unit, Dimension::time,
                                        fmt::format("{}:{}: Time_unit", text_.path().string(), text_.line())));
}

void XyzReader::atom(const Columns& c, std::string_view line, std::size_t i) {
    Vector3 r{};
    Vector3 image{};
    std::string_view label;
    double mass = 0;
    std::string element;
    for (std::size_t column = 1; column <= c.count; ++column) {
        const auto word = take_word(line);
        if (word.empty()) text_.fail(fmt::format("{} columns, {} are wanted", column - 1, c.count));
        bool good = true;
        if (column == c.species) {
            label = word;
            if (c.numbers) {
                long z = 0;
                element = parse_number(word, z) ? element_of_number(z) : "";
                if (element.empty()) text_.fail(fmt::format("'{}' is not an atomic number", word));
                label = element;
            }
        } else if (column >= c.position && column < c.position + 3) {
            good = parse_number(word, r[column - c.position]);
        } else if (column == c.id) {
            good = parse_number(word, frame_.id[i]);
        } else if (c.image > 0 && column >= c.image && column < c.image + 3) {
            good = parse_number(word, image[column - c.image]);
        } else if (column == c.mass) {
            good = parse_number(word, mass) && mass > 0;
        }
        if (!good) text_.fail(fmt::format("'{}' is not a number", word));
    }
    if (!take_word(line).empty()) text_.fail(fmt::format("more than the {} columns of Properties", c.count));
    frame_.kind[i] = builder_.kind_of(label);
    if (mass > 0 && static_cast<std::size_t>(frame_.kind[i]) >= masses_.size()) masses_.emplace_back(label, mass);
    r = product(to_fractional_, {r[0] - origin_[0], r[1] - origin_[1], r[2] - origin_[2]});
    for (std::size_t k = 0; k < 3; ++k) frame_.fractional[3 * i + k] = r[k] + image[k];
}

// The next line of atoms, chosen or not; a line of one number begins another frame, an empty one ends this one.
void XyzReader::next_atom(std::string_view& line, std::size_t atom, std::size_t atoms, std::size_t number) {
    if (!text_.next(line))
        text_.fail(
            fmt::format("the file ends at atom {} of {} of frame {}; leave that frame out with --set frames=0:{}",
                        atom + 1, atoms, number, number));
    std::string_view rest = line;
    const auto word = take_word(rest);
    std::size_t count = 0;
    if (word.empty() || (parse_number(word, count) && take_word(rest).empty()))
        text_.fail(fmt::format("frame {} lists {} atoms, its first line says {}", number, atom, atoms));
}

Trajectory XyzReader::read() {
    std::size_t number = 0;
    std::size_t atoms = 0;
    std::string_view line;
    while (!builder_.finished(number) && text_.next(line)) {
        std::string_view rest = line;
        const auto word = take_word(rest);
        if (word.empty()) continue;  // between frames or at the end
        const std::size_t before = atoms;
        if (!take_word(rest).empty() && number > 0)
            text_.fail(fmt::format("frame {} lists more atoms than the {} of its first line", number - 1, before));
        if (!parse_number(word, atoms) || atoms == 0) text_.fail(fmt::format("'{}' is not a number of atoms", word));
        line = text_.need("the line with Lattice and Properties");
        const std::string where = fmt::format("{}:{}", text_.path().string(), text_.line());
        const bool chosen = builder_.chosen(number);
        if (chosen) {
            header(line, number);
            text_.expect_lines(atoms, "atoms");
            frame_.fractional.resize(3 * atoms);
            frame_.kind.resize(atoms);
            frame_.id.resize(columns_.id > 0 ? atoms : 0);
            unwrapped_ = unwrapped_ && columns_.image > 0;
        }
        for (std::size_t i = 0; i < atoms; ++i) {
            next_atom(line, i, atoms, number);
            if (chosen) atom(columns_, line, i);
        }
        if (chosen) builder_.add(frame_, where);
        ++number;
    }
    return builder_.finish(!builder_.labels_are_numbers(), masses_, unwrapped_, number);
}

}  // namespace

Trajectory read_extended_xyz(const std::filesystem::path& file, const TrajectoryOptions& options) {
    return XyzReader(file, options).read();
}

}  // namespace vitrum::io
