// Runs that are spread over several datasets or files: which parts there are, and whether they fit together.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/option_text.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/hdf5/hdf5_layout.hpp"
#include "vitrum/io/measured/measured_parts.hpp"
#include "vitrum/io/result/tables.hpp"

namespace vitrum::io {

namespace {

constexpr const char* not_one_run = "not parts of one run; analyse each by itself";

struct Numbered {
    std::uint64_t number = 0;
    std::string path;
};

// data_000001, data_000002, ... of a group, by number; also those behind links that lead nowhere.
std::vector<Numbered> numbered_datasets(const ReadFile& file, const std::string& group) {
    constexpr std::string_view head = "data_";
    std::vector<Numbered> found;
    for (const auto& name : file.children(group)) {
        std::uint64_t number = 0;
        if (!name.starts_with(head) || name.size() == head.size()) continue;
        const auto [end, error] = std::from_chars(name.data() + head.size(), name.data() + name.size(), number);
        if (error == std::errc{} && end == name.data() + name.size()) found.push_back({number, group + "/" + name});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    return found;
}

std::optional<std::int64_t> whole_attribute(const ReadFile& file, const std::string& path, const char* name) {
    if (H5Aexists_by_name(file.id(), path.c_str(), name, H5P_DEFAULT) <= 0) return std::nullopt;
    const Handle attribute(H5Aopen_by_name(file.id(), path.c_str(), name, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const Handle space(H5Aget_space(attribute.get()), H5Sclose);
    const Handle type(H5Aget_type(attribute.get()), H5Tclose);
    if (H5Tget_class(type.get()) != H5T_INTEGER || H5Sget_simple_extent_npoints(space.get()) != 1) return std::nullopt;
    std::int64_t value = 0;
    if (H5Aread(attribute.get(), H5T_NATIVE_INT64, &value) < 0) return std::nullopt;
    return value;
}

// Frames of a virtual dataset in front of the first that stands in a file that is not there.
std::size_t frames_before_gap(hid_t set, const std::string& file) {
    const Handle layout(H5Dget_create_plist(set), H5Pclose);
    const auto sources = virtual_sources(set);
    std::size_t before = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!is_missing(sources[i], file)) continue;
        const Handle space(H5Pget_virtual_vspace(layout.get(), i), H5Sclose);
        std::array<hsize_t, H5S_MAX_RANK> first{};
        std::array<hsize_t, H5S_MAX_RANK> last{};
        if (H5Sget_select_bounds(space.get(), first.data(), last.data()) < 0) return 0;
        before = std::min(before, static_cast<std::size_t>(first[0]));
    }
    return before;
}

// Adds one dataset of frames; false if not all of it is there.
bool add_part(Run& run, const ReadFile& file, const std::string& path) {
    if (!file.is_dataset(path)) {
        const std::string link = broken_link(file, path);
        if (link.empty()) static_cast<void>(file.info(path));  // throws: no such dataset
        run.missing = fmt::format("{} {}", path, link);
        return false;
    }
    const DatasetInfo info = file.info(path);
    if (info.dims.size() != 3)
        file.fail(path, fmt::format("has rank {}; frames have rank 3 (frames, rows, columns)", info.dims.size()));
    if (info.type_class != H5T_INTEGER && info.type_class != H5T_FLOAT) file.fail(path, "does not hold numbers");
    Part part{&file, path, static_cast<std::size_t>(info.dims[0])};
    const Handle set(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
    if (const auto missing = missing_source(set.get(), file.path().string()); !missing.empty()) {
        part.frames = std::min(part.frames, frames_before_gap(set.get(), file.path().string()));
        run.missing = fmt::format("{} {}", path, missing);
    }
    // DECTRIS numbers its images.
    if (!run.parts.empty() && run.parts.back().file == &file) {
        const auto before = whole_attribute(file, run.parts.back().path, "image_nr_high");
        const auto here = whole_attribute(file, path, "image_nr_low");
        if (before && here && *here != *before + 1) {
            run.missing = fmt::format("{} begins with image {}, the part before it ends with {}", path, *here, *before);
            return false;
        }
    }
    if (part.frames > 0 || run.missing.empty()) run.parts.push_back(part);
    run.frames += part.frames;
    return run.missing.empty();
}

// False if something is missing.
bool add_file(Run& run, const ReadFile& file, const std::string& path) {
    if (!file.is_group(path)) return add_part(run, file, path);
    const auto numbered = numbered_datasets(file, path);
    if (numbered.empty()) file.fail(path, "is a group; name a dataset, an NXdata or a sparse_frames group");
    std::uint64_t next = numbered.front().number == 0 ? 0 : 1;
    for (const auto& [number, dataset] : numbered) {
        if (number != next) {
            run.missing = fmt::format("{}/data_{:06d} is not there, {} is", path, next, dataset);
            return false;
        }
        if (!add_part(run, file, dataset)) return false;
        ++next;
    }
    return true;
}

// How many frames the detector was told to take.
void compare_with_announced(Run& run, const ReadFile& file, const std::string& path) {
    const auto images = detector_number(file, path, {"nimages"});
    if (!images) return;
    const auto triggers = detector_number(file, path, {"ntrigger"});
    const double announced = images->value * (triggers ? triggers->value : 1);
    if (announced > static_cast<double>(run.frames))
        run.notes.push_back(
            fmt::format("{} and ntrigger announce {} frames, {} are there.", images->path, announced, run.frames));
}

// What is known of a part and must be the same in all: one value, or those of a log from low to high.
struct Fact {
    std::string what;
    std::string path;
    double low;
    double high;
    std::string unit;
    double share;      // of the larger value that two may differ by
    double slack = 0;  // and so much on top
    std::string file{};
    [[nodiscard]] std::string text() const {
        const std::string behind = unit.empty() ? "" : " " + unit;
        return low == high ? fmt::format("{:.6g}{}", low, behind)
                           : fmt::format("{:.6g} to {:.6g}{}", low, high, behind);
    }
};

// Apart by more than two readings of one setting are. A ramp goes on from part to part.
bool differ(const Fact& a, const Fact& b) {
    if (a.unit != b.unit && !a.unit.empty() && !b.unit.empty()) return false;
    const double apart = std::max(a.low - b.high, b.low - a.high);
    return apart > a.share * std::max({std::abs(a.low), std::abs(a.high), std::abs(b.low), std::abs(b.high)}) +
                       std::max(a.slack, b.slack);
}

std::optional<Fact> range_at(const ReadFile& file, const std::string& path, const char* what, Dimension dimension) {
    constexpr double setting = 0.01;
    constexpr double steps = 3;
    if (!file.is_dataset(path)) return std::nullopt;
    const auto info = file.info(path);
    if (info.type_class != H5T_FLOAT && info.type_class != H5T_INTEGER) return std::nullopt;
    auto values = file.read<double>(path);
    std::erase_if(values, [](double v) { return !std::isfinite(v); });
    if (values.empty()) return std::nullopt;
    std::string unit = file.text_attribute(path, "units").value_or("");
    const auto known = known_units(dimension);
    if (std::find(known.begin(), known.end(), unit) != known.end()) {
        const double factor = unit_factor(unit, dimension, path);
        for (double& v : values) v *= factor;
        unit = native_unit(dimension);
    }
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    double step = 0;
    for (std::size_t i = 1; i < values.size(); ++i) step = std::max(step, std::abs(values[i] - values[i - 1]));
    return Fact{what, path, *low, *high, unit, setting, steps * step};
}

void add_sample(std::vector<Fact>& facts, const ReadFile& file, const std::string& entry) {
    for (const auto& [what, dimension] : {std::pair<const char*, Dimension>{"pressure", Dimension::pressure},
                                          {"temperature", Dimension::temperature}}) {
        const std::string sample = entry + "/sample/" + what;
        for (const std::string& path :
             {sample, sample + "/value", sample + "_set", sample + "_log", sample + "_log/value",
              entry + "/traces/" + what + "/value", entry + "/" + what})
            if (auto fact = range_at(file, path, what, dimension)) {
                facts.push_back(std::move(*fact));
                break;
            }
    }
    // Where a data set of `vitrum generate` stands.
    constexpr double exact = 1e-9;
    const std::string content = file.text_attribute("/", "content").value_or("");
    if ((content != "frames" && content != "challenge") || !file.is_group(entry + "/place")) return;
    const auto places = read_abscissa(file, entry + "/place", 1);
    for (const auto& c : places.front()) facts.push_back({c.name, entry + "/place", c.value, c.value, c.unit, exact});
}

std::vector<Fact> facts_of(const Part& part, const Beamline& b) {
    constexpr double exact = 1e-3;
    const std::string detector = parent(part.path);
    std::vector<Fact> facts;
    const auto add = [&](const char* what, double value, const char* unit, double slack) {
        if (std::isfinite(value)) facts.push_back({what, detector, value, value, unit, exact, slack});
    };
    add("distance", b.distance, "m", 0);
    add("pixel size", b.pixel_size, "m", 0);
    add("photon energy", b.energy, "keV", 0);
    add("beam centre x", b.beam_center_x, "pixels", 0.5);
    add("beam centre y", b.beam_center_y, "pixels", 0.5);
    if (const double exposure = read_exposure(*part.file, part.path); exposure > 0) add("count time", exposure, "s", 0);
    add_sample(facts, *part.file, entry_of(part.path));
    for (Fact& fact : facts) fact.file = part.file->path().string();
    return facts;
}

std::string sample_name(const Part& part) {
    const std::string path = entry_of(part.path) + "/sample/name";
    return part.file->is_dataset(path) && part.file->info(path).type_class == H5T_STRING ? part.file->text(path) : "";
}

// `facts`: the last that the parts before said; those of this part take their place.
void expect_same(const Part& first, std::vector<Fact>& facts, const Part& part, const Beamline& b) {
    for (Fact& fact : facts_of(part, b)) {
        const auto other = std::find_if(facts.begin(), facts.end(), [&](const Fact& f) { return f.what == fact.what; });
        if (other == facts.end()) {
            facts.push_back(std::move(fact));
            continue;
        }
        if (differ(fact, *other))
            part.file->fail(fact.path, fmt::format("the {} is {}, in '{}' it is {}: {}", fact.what, fact.text(),
                                                   other->file, other->text(), not_one_run));
        *other = std::move(fact);
    }
    const std::string name = sample_name(part);
    const std::string other = sample_name(first);
    if (!name.empty() && !other.empty() && name != other)
        part.file->fail(entry_of(part.path) + "/sample/name",
                        fmt::format("the sample is '{}', in '{}' it is '{}': {}", name, first.file->path().string(),
                                    other, not_one_run));
}

// Whether the file begins where the frames before it end.
void expect_following(const Part& first, const Part& part, const std::string& begin, const std::string& start,
                      double duration, double frame_time) {
    constexpr double clock = 1e-4;  // by so much two clocks differ
    const double late = seconds_of(start) - seconds_of(begin) - duration;
    // A series that was cut into files keeps the start of the whole.
    if (!std::isfinite(late) || start == begin) return;
    const double resolution = start.find('.') == std::string::npos ? 1 : 0;
    if (std::abs(late) <= frame_time / 2 + resolution + clock * duration) return;
    part.file->fail(entry_of(part.path) + "/start_time",
                    fmt::format("begins {:.6g} s {} the frames before it end ('{}' begins {}, this file {}): lags need "
                                "frames that follow one another; analyse each by itself, or {} says that they do",
                                std::abs(late), late > 0 ? "after" : "before", first.file->path().string(), begin,
                                start, option_text("frame_time", "SECONDS", "s")));
}

void expect_agreement(const std::vector<Part>& parts, const MeasuredOptions& options) {
    const Part& first = parts.front();
    const auto beam = [](const Part& p) { return read_beamline(*p.file, entry_of(p.path), parent(p.path)); };
    const Beamline begin = beam(first);
    auto facts = facts_of(first, begin);
    FrameTimes times;
    set_frame_time(*first.file, first.path, options, times.frame_time, times.time_unit);
    const bool timed = !options.frame_time && times.time_unit == "s" && !begin.start_time.empty();
    std::size_t before = 0;
    const ReadFile* previous = first.file;
    for (const Part& part : parts) {
        if (part.file != previous) {
            const Beamline here = beam(part);
            expect_same(first, facts, part, here);
            if (timed && !here.start_time.empty())
                expect_following(first, part, begin.start_time, here.start_time,
                                 static_cast<double>(before) * times.frame_time, times.frame_time);
            previous = part.file;
        }
        before += part.frames;
    }
}

// The file that an external link leads to, and what the frames are called there; null if they stand in the part's own.
std::unique_ptr<ReadFile> linked_file(const Part& part, std::string& path) {
    Handle set(H5Dopen2(part.file->id(), part.path.c_str(), H5P_DEFAULT), H5Dclose);
    const auto text = [&](auto read) {
        std::string name(static_cast<std::size_t>(std::max<ssize_t>(0, read(nullptr, 0))), '\0');
        if (!name.empty()) read(name.data(), name.size() + 1);
        return name;
    };
    const auto file = text([&](char* out, std::size_t size) { return H5Fget_name(set.get(), out, size); });
    const auto name = text([&](char* out, std::size_t size) { return H5Iget_name(set.get(), out, size); });
    std::error_code unknown;
    if (file.empty() || name.empty() || std::filesystem::equivalent(file, part.file->path(), unknown) || unknown)
        return nullptr;
    path = name;
    set.reset();  // with it the file, which can then be opened as ours
    return std::make_unique<ReadFile>(file);
}

}  // namespace

std::vector<std::unique_ptr<ReadFile>> open_more(const MeasuredOptions& options) {
    std::vector<std::unique_ptr<ReadFile>> files;
    for (const auto& path : options.more) files.push_back(std::make_unique<ReadFile>(path));
    return files;
}

Run dense_run(const ReadFile& file, const std::string& path, const std::vector<std::unique_ptr<ReadFile>>& more,
              const MeasuredOptions& options) {
    Run run;
    bool whole = add_file(run, file, path);
    for (const auto& next : more) whole = whole && add_file(run, *next, path);
    const auto& last = options.frames.last;
    if (!whole && (!last || *last > run.frames))
        file.fail(path, run.frames == 0
                            ? run.missing
                            : fmt::format("{}; or take the {} frames before it with {}", run.missing, run.frames,
                                          option_text("frames", fmt::format("0:{}", run.frames))));
    if (!whole)
        run.notes.push_back(fmt::format("{}; the {} frames before it are there.", run.missing, run.frames));
    else if (more.empty())
        compare_with_announced(run, file, run.parts.front().path);
    const auto first = run.parts.front().file->info(run.parts.front().path).dims;
    for (const Part& part : run.parts) {
        const auto dims = part.file->info(part.path).dims;
        if (dims[1] != first[1] || dims[2] != first[2])
            part.file->fail(part.path, fmt::format("has frames of {} x {} pixels, the first part has {} x {}", dims[1],
                                                   dims[2], first[1], first[2]));
    }
    return run;
}

void expect_one_run(const Run& run, const MeasuredOptions& options) {
    expect_agreement(run.parts, options);
    // What stands in files behind links.
    std::vector<std::unique_ptr<ReadFile>> linked;
    std::vector<Part> behind;
    for (const Part& part : run.parts) {
        Part real = part;
        if (auto file = linked_file(part, real.path)) {
            real.file = file.get();
            linked.push_back(std::move(file));
        }
        behind.push_back(std::move(real));
    }
    if (!linked.empty()) expect_agreement(behind, options);
}

}  // namespace vitrum::io
