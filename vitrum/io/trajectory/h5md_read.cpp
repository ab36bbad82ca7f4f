// H5MD 1.1 by whoever wrote it: elements with explicit or linear steps and times, fixed or not, with or without image.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/units.hpp"
#include "vitrum/io/hdf5/damaged.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/hdf5/hdf5_layout.hpp"
#include "vitrum/io/trajectory/h5md_parts.hpp"
#include "vitrum/io/trajectory/trajectory_parts.hpp"

namespace vitrum::io {

namespace {

class H5mdReader {
public:
    H5mdReader(const std::filesystem::path& path, const TrajectoryOptions& options)
        : file_(path), options_(options), builder_(path, options) {}
    Trajectory read();

private:
    // Data of an element: the dataset itself where it is fixed, else its value.
    [[nodiscard]] std::string data_of(const std::string& element) const {
        return file_.is_group(element) ? element + "/value" : element;
    }
    [[nodiscard]] bool fixed(const std::string& element) const { return file_.is_dataset(element); }

    void find_group();
    [[nodiscard]] double length_unit(const std::string& path) const;
    [[nodiscard]] std::vector<double> axis(const std::string& path) const;
    void read_axes();
    void read_boxes();
    void read_labels();
    void read_ids();
    void read_frames();
    void frame(std::size_t number, const double* r, const std::int32_t* image, const std::int64_t* exact);

    ReadFile file_;
    const TrajectoryOptions& options_;
    TrajectoryBuilder builder_;
    std::string group_;
    std::string position_;  // dataset
    std::size_t frames_ = 0;
    std::size_t atoms_ = 0;
    double unit_ = 1;  // [angstrom] of positions
    std::vector<double> step_;
    std::vector<double> time_;  // [s]; empty = not known
    std::vector<CellMatrix> box_;
    FileFrame frame_;
    std::string id_by_frame_;         // dataset [frames][atoms]
    std::vector<int> kind_by_frame_;  // frames x atoms, where species are stored so
    std::string image_;
    std::string exact_;
    bool named_ = false;
};

void H5mdReader::find_group() {
    const auto groups = file_.children("/particles");
    if (!options_.group.empty()) {
        group_ = "/particles/" + options_.group;
        if (!file_.is_group(group_))
            file_.fail(group_, fmt::format("no such group{}", suggestion(options_.group, groups)));
    } else {
        std::vector<std::string> with_positions;
        for (const auto& name : groups)
            if (file_.exists("/particles/" + name + "/position")) with_positions.push_back(name);
        if (with_positions.empty()) file_.fail("/particles", "no group in it has positions");
        if (with_positions.size() > 1)
            file_.fail("/particles", fmt::format("holds several groups ({}); choose one with --set group=NAME",
                                                 fmt::join(with_positions, ", ")));
        group_ = "/particles/" + with_positions.front();
    }
    const std::string element = group_ + "/position";
    position_ = data_of(element);
    const auto dims = file_.info(position_).dims;
    const std::size_t wanted = fixed(element) ? 2 : 3;
    if (dims.size() != wanted || dims.back() != 3)
        file_.fail(position_, fmt::format("has the shape ({}); {} is wanted", fmt::join(dims, ", "),
                                          wanted == 3 ? "(frames, atoms, 3)" : "(atoms, 3)"));
    frames_ = wanted == 3 ? dims[0] : 1;
    atoms_ = dims[wanted - 2];
    if (frames_ == 0 || atoms_ == 0) file_.fail(position_, "is empty");
    unit_ = length_unit(position_);
}

double H5mdReader::length_unit(const std::string& path) const {
    auto unit = file_.text_attribute(path, "unit");
    if (!unit) unit = file_.text_attribute(path, "units");
    if (!unit || unit->empty()) {
        if (options_.length_unit) return *options_.length_unit;
        file_.fail(path, "has no unit; give it, as in --set length_unit=\"1 nm\"");
    }
    static const std::map<std::string, double> known{
        {"angstrom", 1}, {"Angstrom", 1}, {"Angstroms", 1}, {"angstroms", 1}, {"A", 1},   {"\u00c5", 1},
        {"\u212b", 1},   {"nm", 10},      {"pm", 0.01},     {"um", 1e4},      {"m", 1e10}};
    const auto at = known.find(*unit);
    if (at == known.end()) file_.fail(path, fmt::format("unit '{}' is no length that is known; angstrom or nm", *unit));
    return at->second;
}

// step or time: one number for each frame, or a linear law with an offset.
std::vector<double> H5mdReader::axis(const std::string& path) const {
    auto values = file_.read<double>(path);
    if (file_.info(path).dims.empty()) {
        double offset = 0;
        const Handle attribute(H5Aopen_by_name(file_.id(), path.c_str(), "offset", H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
        if (attribute && H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &offset) < 0)
            file_.fail(path, "its attribute offset is not a number");
        const double increment = values.front();
        values.clear();
        for (std::size_t i = 0; i < frames_; ++i) values.push_back(offset + increment * static_cast<double>(i));
    }
    if (values.size() != frames_) file_.fail(path, fmt::format("has {} values for {} frames", values.size(), frames_));
    return values;
}

void H5mdReader::read_axes() {
    const std::string element = group_ + "/position";
    if (fixed(element)) {
        step_ = {0};
        return;
    }
    if (!file_.is_dataset(element + "/step"))
        file_.fail(element + "/step", "no such dataset; H5MD has a step for each frame");
    step_ = axis(element + "/step");
    const std::string time = element + "/time";
    if (!file_.is_dataset(time)) return;
    if (group_ == h5md_group && file_.is_dataset(h5md_exact_time)) {
        time_ = file_.read<double>(h5md_exact_time);
        if (time_.size() != frames_)
            file_.fail(h5md_exact_time, fmt::format("has {} values for {} frames", time_.size(), frames_));
        return;
    }
    auto unit = file_.text_attribute(time, "unit");
    if (!unit) unit = file_.text_attribute(time, "units");
    frame_.time_without_unit = !unit || unit->empty();
    if (frame_.time_without_unit && !options_.time_unit) return;
    time_ = axis(time);
    const double factor =
        frame_.time_without_unit
            ? *options_.time_unit
            : unit_factor(*unit, Dimension::time, fmt::format("{}::{}@unit", file_.path().string(), time));
    for (double& t : time_) t *= factor;
}

void H5mdReader::read_boxes() {
    const std::string box = group_ + "/box";
    for (const auto& boundary : file_.texts_attribute(box, "boundary"))
        if (boundary != "periodic")
            file_.fail(box, fmt::format("boundary '{}'; only periodic cells are analysed", boundary));
    const std::string element = box + "/edges";
    if (!file_.exists(element)) file_.fail(element, "no such element: the cell is not known");
    const std::string path = data_of(element);
    const auto dims = file_.info(path).dims;
    const std::size_t cells = fixed(element) ? 1 : dims.empty() ? 0 : static_cast<std::size_t>(dims[0]);
    const std::vector<hsize_t> shape(dims.begin() + (fixed(element) || dims.empty() ? 0 : 1), dims.end());
    const bool matrix = shape == std::vector<hsize_t>{3, 3};
    if (!matrix && shape != std::vector<hsize_t>{3})
        file_.fail(path, fmt::format("has the shape ({}); edges are (3) or (3, 3) of a frame", fmt::join(dims, ", ")));
    if (!fixed(element) && cells != frames_)
        file_.fail(path, fmt::format("has {} cells for {} frames", cells, frames_));
    const bool has_unit = file_.text_attribute(path, "unit") || file_.text_attribute(path, "units");
    const double unit = has_unit ? length_unit(path) : unit_;
    const auto values = file_.read<double>(path);
    for (std::size_t f = 0; f < cells; ++f) {
        CellMatrix h{};
        for (std::size_t k = 0; k < 3; ++k) {
            if (!matrix) h[4 * k] = values[3 * f + k] * unit;
            for (std::size_t i = 0; matrix && i < 3; ++i) h[3 * i + k] = values[9 * f + 3 * k + i] * unit;
        }
        box_.push_back(h);
    }
    for (const CellMatrix& h : box_) check_cell(h, fmt::format("{}::{}", file_.path().string(), path));
}

// Names of an enumeration by value; empty for plain integers.
std::map<int, std::string> enumeration(const ReadFile& file, const std::string& path) {
    std::map<int, std::string> names;
    const Handle set(H5Dopen2(file.id(), path.c_str(), H5P_DEFAULT), H5Dclose);
    const Handle type(H5Dget_type(set.get()), H5Tclose);
    if (H5Tget_class(type.get()) != H5T_ENUM) return names;
    if (H5Tget_size(type.get()) > sizeof(std::int64_t))
        file.fail(path, fmt::format("is an enumeration of {} bytes; at most 8", H5Tget_size(type.get())));
    for (int i = 0; i < H5Tget_nmembers(type.get()); ++i) {
        char* name = H5Tget_member_name(type.get(), static_cast<unsigned>(i));
        if (!name) file.fail(path, "has a damaged enumeration");
        std::array<std::byte, 16> value{};
        const Handle base(H5Tget_super(type.get()), H5Tclose);
        H5Tget_member_value(type.get(), static_cast<unsigned>(i), value.data());
        H5Tconvert(base.get(), H5T_NATIVE_INT, 1, value.data(), nullptr, H5P_DEFAULT);
        int number = 0;
        std::copy_n(value.data(), sizeof(number), reinterpret_cast<std::byte*>(&number));
        names[number] = name;
        H5free_memory(name);
    }
    return names;
}

void H5mdReader::read_labels() {
    const std::string element = group_ + "/species";
    frame_.kind.resize(atoms_);
    if (!file_.exists(element)) {
        if (options_.elements.size() != 1)
            file_.fail(element, "no such element: species are not known; name the only one, as in --set elements=Cu");
        std::fill(frame_.kind.begin(), frame_.kind.end(), builder_.kind_of("1"));
        return;
    }
    const std::string path = data_of(element);
    const auto info = file_.info(path);
    const std::size_t total = std::accumulate(info.dims.begin(), info.dims.end(), std::size_t{1}, std::multiplies<>());
    if (info.dims.empty() || total < atoms_ || total % atoms_ != 0 || info.dims.back() != atoms_)
        file_.fail(path, fmt::format("has the shape ({}) for {} atoms", fmt::join(info.dims, ", "), atoms_));
    std::vector<int> labels;
    if (info.type_class == H5T_STRING) {
        named_ = true;
        for (const auto& name : file_.texts(path)) labels.push_back(builder_.kind_of(name));
    } else {
        const auto names = enumeration(file_, path);
        named_ = !names.empty() && options_.elements.empty();
        std::map<int, int> known;
        const auto values = file_.read<std::int32_t>(path);
        // Types count from 1; a file that counts from 0 has one more of them.
        const bool from_zero = *std::min_element(values.begin(), values.end()) == 0;
        for (const int value : values) {
            const auto [at, fresh] = known.try_emplace(value, 0);
            if (fresh) {
                const auto name = names.find(value);
                if (named_ && name == names.end()) file_.fail(path, fmt::format("value {} has no name", value));
                at->second = builder_.kind_of(named_ ? name->second : std::to_string(value + (from_zero ? 1 : 0)));
            }
            labels.push_back(at->second);
        }
    }
    std::copy_n(labels.begin(), atoms_, frame_.kind.begin());
    if (total == atoms_) return;
    if (total != frames_ * atoms_)
        file_.fail(path, fmt::format("has the shape ({}) for {} frames of {} atoms", fmt::join(info.dims, ", "),
                                     frames_, atoms_));
    kind_by_frame_ = std::move(labels);
}

void H5mdReader::read_ids() {
    const std::string element = group_ + "/id";
    if (!file_.exists(element)) return;
    const std::string path = data_of(element);
    const auto dims = file_.info(path).dims;
    if (dims == Dimensions{atoms_}) {
        frame_.id = file_.read<std::int64_t>(path);
    } else if (dims == Dimensions{frames_, atoms_}) {
        if (kind_by_frame_.empty() && builder_.labels() > 1)
            file_.fail(path, "ids change from frame to frame, species do not: which atom is which?");
        id_by_frame_ = path;
        frame_.id.resize(atoms_);
    } else {
        file_.fail(path, fmt::format("has the shape ({}) for {} atoms", fmt::join(dims, ", "), atoms_));
    }
}

void H5mdReader::frame(std::size_t number, const double* r, const std::int32_t* image, const std::int64_t* exact) {
    frame_.number = number;
    frame_.step = step_[number];
    frame_.time.reset();
    if (!time_.empty()) frame_.time = time_[number];
    frame_.box = box_[box_.size() == 1 ? 0 : number];
    if (!kind_by_frame_.empty())
        std::copy_n(kind_by_frame_.begin() + static_cast<std::ptrdiff_t>(number * atoms_), atoms_, frame_.kind.begin());
    frame_.fractional.resize(3 * atoms_);
    const CellMatrix to_fractional = inverse(frame_.box);
    for (std::size_t i = 0; i < 3 * atoms_; i += 3) {
        const std::array<double, 3> position{r[i] * unit_, r[i + 1] * unit_, r[i + 2] * unit_};
        Vector3 s = fractional_of(to_fractional, position.data(), image ? image + i : nullptr);
        for (std::size_t k = 0; k < 3; ++k) {
            if (exact) {
                constexpr double rounding = 1e-9;  // more: positions were changed after writing
                const double original = double_beyond(s[k], exact[i + k]);
                if (std::abs(original - s[k]) < rounding) s[k] = original;
            }
            frame_.fractional[i + k] = s[k];
        }
    }
    builder_.add(frame_, fmt::format("{}::{} (frame {})", file_.path().string(), position_, number));
}

void H5mdReader::read_frames() {
    const bool several = !fixed(group_ + "/position");
    image_ = data_of(group_ + "/image");
    if (!file_.is_dataset(image_)) image_.clear();
    const auto dims = file_.info(position_).dims;
    if (!image_.empty() && file_.info(image_).dims != dims) file_.fail(image_, "has not the shape of the positions");
    if (group_ == h5md_group && file_.is_dataset(h5md_exact_fractional) &&
        file_.info(h5md_exact_fractional).dims == dims)
        exact_ = h5md_exact_fractional;
    const std::size_t chunk = several ? chunk_rows(file_, position_) : 1;
    // Whole chunks, at least some megabytes: each is unpacked once.
    constexpr std::size_t target = std::size_t{1} << 20;
    const std::size_t block = std::max<std::size_t>(1, target / (3 * atoms_) / chunk) * chunk;
    std::vector<double> r;
    std::vector<std::int32_t> image;
    std::vector<std::int64_t> exact;
    const auto rows = [&](const std::string& path, auto& out, std::size_t first, std::size_t count) {
        if (path.empty()) return;
        out.resize(count * 3 * atoms_);
        using Value = typename std::remove_reference_t<decltype(out)>::value_type;
        if (several)
            file_.read_rows<Value>(path, first, count, out.data());
        else
            out = file_.read<Value>(path);
    };
    for (std::size_t first = 0; first < frames_ && !builder_.finished(first); first += block) {
        check_interrupt();
        const std::size_t count = std::min(block, frames_ - first);
        bool any = false;
        for (std::size_t f = first; f < first + count; ++f) any = any || builder_.chosen(f);
        if (!any) continue;
        rows(position_, r, first, count);
        rows(image_, image, first, count);
        rows(exact_, exact, first, count);
        for (std::size_t f = 0; f < count; ++f) {
            if (!builder_.chosen(first + f)) continue;
            if (!id_by_frame_.empty()) file_.read_rows<std::int64_t>(id_by_frame_, first + f, 1, frame_.id.data());
            const std::size_t at = f * 3 * atoms_;
            frame(first + f, &r[at], image_.empty() ? nullptr : &image[at], exact_.empty() ? nullptr : &exact[at]);
        }
    }
}

Trajectory H5mdReader::read() {
    find_group();
    read_axes();
    read_boxes();
    read_labels();
    read_ids();
    read_frames();
    std::vector<std::pair<std::string, double>> masses;
    Trajectory t = builder_.finish(named_, masses, !image_.empty(), frames_);
    const std::string mass = data_of(group_ + "/mass");
    if (file_.is_dataset(mass) && (file_.info(mass).dims.empty() || file_.info(mass).dims.back() != atoms_))
        file_.fail(mass,
                   fmt::format("has the shape ({}) for {} atoms", fmt::join(file_.info(mass).dims, ", "), atoms_));
    // In order of id only where the file is: of our own files.
    if (group_ == h5md_group && file_.is_dataset(mass) && file_.info(mass).dims == Dimensions{atoms_} &&
        file_.exists("/parameters/vitrum")) {
        t.mass = file_.read<double>(mass);
        if (file_.is_dataset("/parameters/vitrum/name")) t.name = file_.text("/parameters/vitrum/name");
    }
    return t;
}

}  // namespace

Trajectory read_h5md(const std::filesystem::path& path, const TrajectoryOptions& options) {
    const auto lock = hdf5_lock();
    return undamaged(path, [&] { return H5mdReader(path, options).read(); });
}

}  // namespace vitrum::io
