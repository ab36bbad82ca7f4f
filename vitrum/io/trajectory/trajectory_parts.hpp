// What the readers of trajectory files share: a frame as it stands in a file, and the frames put together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vitrum/io/trajectory/trajectory_file.hpp"

namespace vitrum::io {

// One frame in the order of the file. `kind` of an atom is its number in the list of labels of the builder.
struct FileFrame {
    std::size_t number = 0;  // in the file, from 0
    double step = 0;
    bool has_step = true;
    bool time_without_unit = false;  // and so not in `time`
    std::optional<double> time{};    // [s]
    CellMatrix box{};
    std::vector<double> fractional;
    std::vector<std::int64_t> id;  // empty = the file has none
    std::vector<int> kind;
};

class TrajectoryBuilder {
public:
    TrajectoryBuilder(std::filesystem::path file, TrajectoryOptions options);

    // Of the frame with this number in the file, from 0: is it chosen; is no later one?
    [[nodiscard]] bool chosen(std::size_t number) const;
    [[nodiscard]] bool finished(std::size_t number) const;

    // Number of a label ("Cu", or "2" of a type), new ones are added.
    [[nodiscard]] int kind_of(std::string_view label);
    [[nodiscard]] bool labels_are_numbers() const;
    [[nodiscard]] std::size_t labels() const { return labels_.size(); }

    // Where a frame stands goes before every complaint: "run.dump:17".
    void add(const FileFrame& frame, const std::string& where);

    // `named`: labels are element names, else type numbers. `masses` [g/mol] of labels, where the file has them.
    // `frames_in_file` were seen (chosen or not).
    [[nodiscard]] Trajectory finish(bool named, const std::vector<std::pair<std::string, double>>& masses,
                                    bool unwrapped, std::size_t frames_in_file);

private:
    void take_order(const FileFrame& frame, const std::string& where);
    void place(const FileFrame& frame, const std::string& where);
    [[nodiscard]] double time_of(const FileFrame& frame) const;
    [[noreturn]] void refuse_without_time(const FileFrame& frame, const std::string& where) const;
    [[nodiscard]] std::vector<std::string> elements_of_labels(
        bool named, const std::vector<std::pair<std::string, double>>& masses) const;

    std::filesystem::path file_;
    TrajectoryOptions options_;
    Trajectory trajectory_;
    std::vector<std::string> labels_;
    std::vector<int> kind_;                 // of each atom in order of id
    std::vector<std::int64_t> file_order_;  // ids of the last frame as they stood in the file
    std::vector<std::size_t> target_;       // place of each of these in the trajectory
    bool has_id_ = false;
};

// h [angstrom] of edge lengths and tilt factors in the convention of LAMMPS.
[[nodiscard]] CellMatrix lammps_cell(const std::array<double, 3>& length, const std::array<double, 3>& tilt_xy_xz_yz);

// Throws InputError where the cell is flat, not finite or left without volume.
void check_cell(const CellMatrix& box, const std::string& where);

[[nodiscard]] Trajectory read_h5md(const std::filesystem::path& file, const TrajectoryOptions& options);
[[nodiscard]] Trajectory read_lammps_dump(const std::filesystem::path& file, const TrajectoryOptions& options);
[[nodiscard]] Trajectory read_lammps_data(const std::filesystem::path& file, const TrajectoryOptions& options);
[[nodiscard]] Trajectory read_extended_xyz(const std::filesystem::path& file, const TrajectoryOptions& options);

// Position of an atom as it is written: inside the cell, and its image; with `wrap` false as it is, image 0.
struct WrappedPosition {
    std::array<double, 3> r{};
    std::array<std::int32_t, 3> image{};
};
[[nodiscard]] WrappedPosition wrapped_position(const CellMatrix& box, const double* fractional, bool wrap);

}  // namespace vitrum::io
