#include "vitrum/sim/protocol/stage_record.hpp"

#include <array>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"

namespace vitrum::sim {

void write_record(const std::filesystem::path& file, const StageOutput& output) {
    const std::filesystem::path part = file.string() + ".part";
    const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool good = descriptor >= 0 && send(descriptor, Message::started, output.lammps_version);
    for (const Row& row : output.rows) good = good && send(descriptor, row);
    for (const Frame& frame : output.frames) good = good && send(descriptor, frame);
    good = good && send(descriptor, Message::finished, std::string());
    if (descriptor >= 0) good = ::close(descriptor) == 0 && good;
    if (!good) throw RunError("cannot write " + part.string() + " (is the disk full?)");
    std::filesystem::rename(part, file);
}

bool read_record(const std::filesystem::path& file, StageOutput& output) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return false;
    output = {};
    MessageReader reader;
    std::vector<char> bytes(1 << 18);
    bool whole = false;
    try {
        while (in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())), in.gcount() > 0) {
            reader.append(std::as_bytes(std::span(bytes).first(static_cast<std::size_t>(in.gcount()))));
            Message kind{};
            std::span<const std::byte> payload;
            while (reader.next(kind, payload)) {
                if (kind == Message::started)
                    output.lammps_version.assign(reinterpret_cast<const char*>(payload.data()), payload.size());
                if (kind == Message::row) output.rows.push_back(row_from(payload));
                if (kind == Message::frame) output.frames.push_back(frame_from(payload));
                if (kind == Message::finished) whole = true;
            }
        }
    } catch (const std::runtime_error&) {
        return false;  // damaged: the stage is run again
    }
    return whole;
}

}  // namespace vitrum::sim
