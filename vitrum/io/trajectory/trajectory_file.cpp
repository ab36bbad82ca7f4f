#include "vitrum/io/trajectory/trajectory_file.hpp"

#include <array>
#include <fstream>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/text/text_scanner.hpp"
#include "vitrum/io/trajectory/trajectory_parts.hpp"

namespace vitrum::io {

namespace {

enum class Format { h5md, other_hdf5, dump, data, xyz, compressed, unknown };

// From the first lines; LAMMPS data files have a free title, then counts of atoms.
Format format_of(const std::filesystem::path& path) {
    TextScanner text(path);
    std::string_view line;
    if (!text.next(line)) return Format::unknown;
    if (line.size() >= 2 &&
        (line.substr(0, 2) == "\x1f\x8b" || line.substr(0, 2) == "\x28\xb5" || line.substr(0, 2) == "BZ" ||
         line.substr(0, 2) == "\xfd"
                              "7"))
        return Format::compressed;
    if (line.substr(0, 4) == "\x89HDF") {
        const auto lock = hdf5_lock();
        return ReadFile(path).is_group("/particles") ? Format::h5md : Format::other_hdf5;
    }
    if (line.substr(0, 5) == "ITEM:") return Format::dump;
    std::string_view rest = line;
    std::size_t count = 0;
    const bool number = parse_number(take_word(rest), count) && take_word(rest).empty();
    std::string_view second;
    const bool more = text.next(second);
    if (number && more && (second.find('=') != std::string_view::npos)) return Format::xyz;
    constexpr int header_lines = 60;
    for (int i = 0; more && i < header_lines; ++i) {
        rest = second;
        const auto first = take_word(rest);
        if (parse_number(first, count) && take_word(rest) == "atoms") return Format::data;
        if (!text.next(second)) break;
    }
    return number && more ? Format::xyz : Format::unknown;
}

}  // namespace

bool is_trajectory(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) return false;
    const Format format = format_of(file);
    return format != Format::unknown && format != Format::compressed && format != Format::other_hdf5;
}

Trajectory read_trajectory(const std::filesystem::path& file, const TrajectoryOptions& options) {
    if (options.time_step && !(*options.time_step > 0))
        throw InputError(fmt::format("time_step = {} s: a time step is positive", *options.time_step));
    if (options.frame_time && !(*options.frame_time > 0))
        throw InputError(fmt::format("frame_time = {} s: a time between frames is positive", *options.frame_time));
    if (options.frame_time && options.time_step)
        throw InputError("frame_time and time_step exclude each other: times come from one of them");
    switch (format_of(file)) {
        case Format::h5md: return read_h5md(file, options);
        case Format::dump: return read_lammps_dump(file, options);
        case Format::data: return read_lammps_data(file, options);
        case Format::xyz: return read_extended_xyz(file, options);
        case Format::compressed:
            throw InputError(fmt::format("'{}' is compressed as a whole; unpack it first (gunzip)", file.string()));
        case Format::other_hdf5:
            throw InputError(fmt::format("'{}' is HDF5 but not H5MD: it has no group /particles", file.string()));
        default: break;
    }
    throw InputError(
        fmt::format("'{}' is no trajectory that is read here: H5MD, LAMMPS dump (text), LAMMPS data or extended XYZ",
                    file.string()));
}

}  // namespace vitrum::io
