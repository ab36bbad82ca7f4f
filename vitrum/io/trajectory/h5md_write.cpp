// H5MD 1.1 in the layout that MDAnalysis opens: positions with step and time, edges as full matrices that share them.
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/hdf5/hdf5_links.hpp"
#include "vitrum/io/hdf5/row_writer.hpp"
#include "vitrum/io/trajectory/h5md_parts.hpp"
#include "vitrum/io/trajectory/trajectory_parts.hpp"

namespace vitrum::io {

namespace {

void integers_attribute(const WriteFile& file, const std::string& path, const char* name,
                        const std::vector<int>& values) {
    const hsize_t count = values.size();
    const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
    const Handle attribute(H5Acreate_by_name(file.id(), path.c_str(), name, H5T_STD_I32LE, space.get(), H5P_DEFAULT,
                                             H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    if (!attribute || H5Awrite(attribute.get(), H5T_NATIVE_INT, values.data()) < 0)
        throw RunError(fmt::format("cannot write {}@{}: {}", path, name, last_hdf5_error()));
}

// H5MD says @unit; Vitrum's own files, and their hash, @units.
void unit(WriteFile& file, const std::string& path, const std::string& text) {
    file.attribute(path, "unit", text);
    file.attribute(path, "units", text);
}

void write_species(WriteFile& file, const std::string& path, const Trajectory& t) {
    const Handle type(H5Tenum_create(H5T_NATIVE_INT32), H5Tclose);
    for (std::size_t i = 0; i < t.elements.size(); ++i) {
        const auto value = static_cast<std::int32_t>(i);
        H5Tenum_insert(type.get(), t.elements[i].c_str(), &value);
    }
    const std::vector<std::int32_t> species(t.species.begin(), t.species.end());
    const Handle set = file.create(path, type.get(), sizeof(std::int32_t), {species.size()});
    if (H5Dwrite(set.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, species.data()) < 0)
        throw RunError(fmt::format("cannot write {}: {}", path, last_hdf5_error()));
}

std::vector<std::int64_t> whole_steps(const Trajectory& t) {
    std::vector<std::int64_t> steps;
    for (const AtomFrame& frame : t.frames) {
        constexpr double countable = 9e15;
        if (frame.step != std::floor(frame.step) || !(std::abs(frame.step) < countable))
            throw InputError(fmt::format("step {} of a frame: H5MD stores whole steps", frame.step));
        steps.push_back(static_cast<std::int64_t>(frame.step));
    }
    return steps;
}

void write_frames(WriteFile& file, const Trajectory& t) {
    const std::size_t atoms = t.atoms();
    const Dimensions dims{t.frames.size(), atoms, 3};
    RowWriter positions(file, h5md_group + "/position/value", H5T_NATIVE_DOUBLE, dims);
    std::optional<RowWriter> images;
    if (t.unwrapped) images.emplace(file, h5md_group + "/image/value", H5T_NATIVE_INT32, dims);
    RowWriter exact(file, h5md_exact_fractional, H5T_NATIVE_INT64, dims);
    std::vector<double> r(3 * atoms);
    std::vector<std::int32_t> image(3 * atoms);
    std::vector<std::int64_t> difference(3 * atoms);
    for (const AtomFrame& frame : t.frames) {
        check_interrupt();
        const CellMatrix to_fractional = inverse(frame.box);
        for (std::size_t i = 0; i < 3 * atoms; i += 3) {
            const WrappedPosition p = wrapped_position(frame.box, &frame.fractional[i], t.unwrapped);
            for (std::size_t k = 0; k < 3; ++k) {
                r[i + k] = p.r[k];
                image[i + k] = p.image[k];
            }
            const Vector3 read = fractional_of(to_fractional, &r[i], t.unwrapped ? &image[i] : nullptr);
            for (std::size_t k = 0; k < 3; ++k) difference[i + k] = doubles_between(read[k], frame.fractional[i + k]);
        }
        positions.add(r.data(), 1);
        if (images) images->add(image.data(), 1);
        exact.add(difference.data(), 1);
    }
    positions.finish();
    if (images) images->finish();
    exact.finish();
}

void write_edges(WriteFile& file, const Trajectory& t) {
    const std::string box = h5md_group + "/box";
    file.group(box);
    integers_attribute(file, box, "dimension", {3});
    file.attribute(box, "boundary", std::vector<std::string>(3, "periodic"));
    std::vector<double> edges;
    for (const AtomFrame& frame : t.frames)
        for (std::size_t k = 0; k < 3; ++k)
            for (std::size_t i = 0; i < 3; ++i) edges.push_back(frame.box[3 * i + k]);  // rows are cell vectors
    file.write(box + "/edges/value", edges.data(), {t.frames.size(), 3, 3});
    unit(file, box + "/edges/value", "Angstrom");
}

void write_named(const std::filesystem::path& path, const Trajectory& t, const std::string& name,
                 const H5mdAuthor& author, const std::vector<std::pair<std::string, std::string>>& parameters) {
    const auto lock = hdf5_lock();
    const auto steps = whole_steps(t);
    std::vector<double> seconds;
    std::vector<double> picoseconds;
    for (const AtomFrame& frame : t.frames) {
        seconds.push_back(frame.time);
        picoseconds.push_back(frame.time * 1e12);
    }
    WriteFile file(path);
    file.attribute("/", "creator",
                   author.creator + (author.creator_version.empty() ? "" : " " + author.creator_version));
    file.attribute("/", "content", "trajectory");
    file.group("/h5md");
    integers_attribute(file, "/h5md", "version", {1, 1});
    file.group("/h5md/author");
    file.attribute("/h5md/author", "name", author.name);
    file.group("/h5md/creator");
    file.attribute("/h5md/creator", "name", author.creator);
    file.attribute("/h5md/creator", "version", author.creator_version);
    file.group("/particles");
    write_frames(file, t);
    unit(file, h5md_group + "/position/value", "Angstrom");
    file.write(h5md_group + "/position/step", steps);
    file.write(h5md_group + "/position/time", picoseconds);
    unit(file, h5md_group + "/position/time", "ps");
    write_edges(file, t);
    for (const char* element : {"/box/edges", "/image"}) {
        if (std::string(element) == "/image" && !t.unwrapped) continue;
        for (const char* axis : {"/step", "/time"})
            hard_link(file, h5md_group + "/position" + axis, h5md_group + element + axis);
    }
    write_species(file, h5md_group + "/species", t);
    file.write(h5md_group + "/id", t.id);
    file.write(h5md_group + "/mass", t.mass);
    unit(file, h5md_group + "/mass", "u");
    file.group("/observables");
    file.write(h5md_exact_time, seconds, "s");
    file.text("/parameters/vitrum/name", name);
    for (const auto& [key, value] : parameters) file.text("/parameters/" + key, value);
    file.close();
    store_data_hash(path);
}

}  // namespace

void write_h5md(const std::filesystem::path& path, const Trajectory& t, const H5mdAuthor& author,
                const std::vector<std::pair<std::string, std::string>>& parameters) {
    write_named(path, t, t.name, author, parameters);
}

void write_plain_h5md(const std::filesystem::path& path, const Trajectory& t) {
    write_named(path, t, "trajectory", {"unknown", "vitrum", ""}, {});
}

}  // namespace vitrum::io
