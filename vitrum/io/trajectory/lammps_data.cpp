// LAMMPS data files: header, Masses, Atoms; the other sections are stepped over.
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/atoms/cell.hpp"
#include "vitrum/io/text/text_scanner.hpp"
#include "vitrum/io/trajectory/trajectory_parts.hpp"

namespace vitrum::io {

namespace {

// Columns before x y z, and which of them is the type, of an atom style.
struct Style {
    std::string_view name;
    std::size_t type;
    std::size_t position;
};
constexpr std::array styles{Style{"atomic", 1, 2}, Style{"charge", 1, 3}, Style{"molecular", 2, 3}, Style{"bond", 2, 3},
                            Style{"angle", 2, 3},  Style{"full", 2, 4},   Style{"sphere", 1, 4}};

std::vector<std::string_view> words_of(std::string_view line) {
    line = line.substr(0, line.find('#'));
    std::vector<std::string_view> words;
    for (auto word = take_word(line); !word.empty(); word = take_word(line)) words.push_back(word);
    return words;
}

class DataReader {
public:
    DataReader(const std::filesystem::path& file, const TrajectoryOptions& options)
        : text_(file), builder_(file, options) {}

    Trajectory read();

private:
    double number(std::string_view word) const {
        double value = 0;
        if (!parse_number(word, value)) text_.fail(fmt::format("'{}' is not a number", word));
        return value;
    }
    // The next line with words; false at the end of the file.
    bool next_words(std::vector<std::string_view>& words) {
        while (text_.next(line_)) {
            words = words_of(line_);
            if (!words.empty()) return true;
        }
        return false;
    }
    void header(const std::vector<std::string_view>& words);
    void finish_cell();
    void masses();
    void atoms(std::string_view style_comment);

    TextScanner text_;
    TrajectoryBuilder builder_;
    FileFrame frame_;
    std::string_view line_;
    std::size_t count_ = 0;
    std::size_t types_ = 0;
    std::array<double, 3> low_{}, high_{}, tilt_{};
    std::array<bool, 3> has_edge_{};
    bool general_ = false;
    Vector3 origin_{};
    std::vector<std::pair<std::string, double>> masses_;
    bool unwrapped_ = false;
    bool has_atoms_ = false;
    std::string section_;  // read last
};

void DataReader::header(const std::vector<std::string_view>& w) {
    const auto last = w.back();
    if (w.size() == 2 && last == "atoms") {
        if (!parse_number(w[0], count_) || count_ == 0) text_.fail(fmt::format("'{}' is not a number of atoms", w[0]));
    } else if (w.size() == 3 && w[1] == "atom" && last == "types") {
        if (!parse_number(w[0], types_)) text_.fail(fmt::format("'{}' is not a number of atom types", w[0]));
    } else if (w.size() == 4 && last.size() == 3 && last.substr(1) == "hi") {
        const std::size_t k = std::string_view("xyz").find(last[0]);
        if (k > 2) text_.fail(fmt::format("unknown edge '{}'", last));
        low_[k] = number(w[0]);
        high_[k] = number(w[1]);
        has_edge_[k] = true;
    } else if (w.size() == 6 && last == "yz") {
        for (std::size_t k = 0; k < 3; ++k) tilt_[k] = number(w[k]);
    } else if (w.size() == 4 && last.size() == 4 && last.substr(1) == "vec") {  // rows are cell vectors
        const std::size_t k = std::string_view("abc").find(last[0]);
        if (k > 2) text_.fail(fmt::format("unknown cell vector '{}'", last));
        for (std::size_t i = 0; i < 3; ++i) frame_.box[3 * i + k] = number(w[i]);
        has_edge_[k] = general_ = true;
    } else if (w.size() == 5 && last == "origin") {
        for (std::size_t k = 0; k < 3; ++k) origin_[k] = number(w[k]);
    }
}

void DataReader::finish_cell() {
    for (std::size_t k = 0; k < 3; ++k)
        if (!has_edge_[k]) text_.fail(fmt::format("no edge of the cell along {} before the atoms", "xyz"[k]));
    if (general_) return;
    std::array<double, 3> length{};
    for (std::size_t k = 0; k < 3; ++k) {
        length[k] = high_[k] - low_[k];
        if (!(length[k] > 0)) text_.fail(fmt::format("the box has the length {} along {}", length[k], "xyz"[k]));
        origin_[k] = low_[k];
    }
    frame_.box = lammps_cell(length, tilt_);
}

void DataReader::masses() {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < types_; ++i) {
        const bool any = next_words(words);
        // The next section begins: "Atoms", "Pair Coeffs"; "Cu 63.546" is a mass by label.
        if (double mass = 0; any && std::isalpha(static_cast<unsigned char>(words[0].front())) &&
                             (words.size() != 2 || !parse_number(words[1], mass)))
            text_.fail(fmt::format("the section Masses has {} types, the header says {}", i, types_));
        if (!any || words.size() < 2) text_.fail(fmt::format("mass {} of {} was to come", i + 1, types_));
        int type = 0;
        if (!parse_number(words[0], type))
            text_.fail(fmt::format("'{}' is not an atom type: a whole number", words[0]));
        const double mass = number(words[1]);
        if (!(mass > 0)) text_.fail(fmt::format("mass {}; a mass is positive", mass));
        masses_.emplace_back(std::to_string(type), mass);
    }
}

void DataReader::atoms(std::string_view comment) {
    if (count_ == 0) text_.fail("no line 'N atoms' before the section Atoms");
    finish_cell();
    check_cell(frame_.box, fmt::format("{}:{}", text_.path().string(), text_.line()));
    const CellMatrix to_fractional = inverse(frame_.box);
    const std::string_view wanted = take_word(comment);
    const auto* style = std::find_if(styles.begin(), styles.end(), [&](const Style& s) { return s.name == wanted; });
    if (!wanted.empty() && style == styles.end()) {
        std::vector<std::string_view> known;
        for (const Style& s : styles) known.push_back(s.name);
        text_.fail(fmt::format("atom style '{}' is not read; known are {}", wanted, fmt::join(known, ", ")));
    }
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < count_; ++i) {
        if (!next_words(words)) text_.fail(fmt::format("the file ends at atom {} of {}", i + 1, count_));
        if (std::isalpha(static_cast<unsigned char>(words[0].front())))
            text_.fail(fmt::format("the section Atoms has {} atoms, the header says {}", i, count_));
        if (style == styles.end()) {  // id type x y z, with or without images
            if (words.size() != 5 && words.size() != 8)
                text_.fail("the atom style is not known; write it behind the title, as in 'Atoms # charge'");
            style = styles.begin();
        }
        const std::size_t plain = style->position + 3;
        if (i == 0) unwrapped_ = words.size() == plain + 3;
        if (words.size() != plain + (unwrapped_ ? 3 : 0))
            text_.fail(fmt::format("{} columns; atom style {} has {}, or {} with images", words.size(), style->name,
                                   plain, plain + 3));
        std::int64_t id = 0;
        int type = 0;
        if (!parse_number(words[0], id)) text_.fail(fmt::format("'{}' is not an id: a whole number", words[0]));
        if (!parse_number(words[style->type], type))
            text_.fail(fmt::format("'{}' is not an atom type: a whole number", words[style->type]));
        if (types_ > 0 && (type < 1 || static_cast<std::size_t>(type) > types_))
            text_.fail(fmt::format("atom type {}, the header says {} types", type, types_));
        Vector3 r{};
        for (std::size_t k = 0; k < 3; ++k) r[k] = number(words[style->position + k]) - origin_[k];
        r = product(to_fractional, r);
        for (std::size_t k = 0; k < 3; ++k) {
            std::int64_t image = 0;
            if (unwrapped_ && !parse_number(words[plain + k], image))
                text_.fail(fmt::format("'{}' is not an image: a whole number", words[plain + k]));
            frame_.fractional.push_back(r[k] + static_cast<double>(image));
        }
        frame_.id.push_back(id);
        frame_.kind.push_back(builder_.kind_of(std::to_string(type)));
    }
    has_atoms_ = true;
}

Trajectory DataReader::read() {
    const std::string_view title = text_.need("the title of a LAMMPS data file");
    // write_data says "..., timestep = 1000".
    if (const auto at = title.find("timestep = "); at != std::string_view::npos) {
        auto rest = title.substr(at + 11);
        auto word = take_word(rest);
        if (!word.empty() && word.back() == ',') word.remove_suffix(1);
        if (double step = 0; parse_number(word, step)) frame_.step = step;
    }
    std::vector<std::string_view> words;
    std::string where = text_.path().string();
    while (next_words(words)) {
        const char first = words[0].front();
        if (words[0] == "Masses") {
            masses();
            section_ = "Masses";
        } else if (words[0] == "Atoms" && words.size() == 1) {
            if (has_atoms_) text_.fail("a second section Atoms");
            where = fmt::format("{}:{}", text_.path().string(), text_.line());
            const auto comment = line_.find('#');
            atoms(comment == std::string_view::npos ? std::string_view() : line_.substr(comment + 1));
            section_ = "Atoms";
        } else if (section_ == "Atoms" || section_ == "Masses") {
            if (!std::isalpha(static_cast<unsigned char>(first)))
                text_.fail(fmt::format("the section {} has more lines than the {} of the header", section_,
                                       section_ == "Atoms" ? count_ : types_));
            section_ = words[0];
        } else if (!has_atoms_ && ((first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.')) {
            header(words);
        }
    }
    if (!has_atoms_) text_.fail("the file ends here; a section Atoms was to come");
    builder_.add(frame_, where);
    return builder_.finish(false, masses_, unwrapped_, 1);
}

}  // namespace

Trajectory read_lammps_data(const std::filesystem::path& file, const TrajectoryOptions& options) {
    return DataReader(file, options).read();
}

}  // namespace vitrum::io
