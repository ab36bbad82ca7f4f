#include "vitrum/sim/worker/worker_protocol.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace vitrum::sim {

NLOHMANN_JSON_SERIALIZE_ENUM(Ensemble, {{Ensemble::npt, "npt"}, {Ensemble::nvt, "nvt"}, {Ensemble::nve, "nve"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Deformation, {{Deformation::compress, "compress"},
                                           {Deformation::decompress, "decompress"},
                                           {Deformation::shear, "shear"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Job, stage, start, fresh, start_temperature, velocity_seed, potential, pair_style,
                                   elements, suffix, ranks, channel, ensemble, temperature, pressure, box_length,
                                   total_energy, set_energy, time_step, thermostat_time, barostat_time, steps,
                                   row_every, frame_every, log, restart, minimise, strain_steps, strain_step,
                                   deformation, back)

std::string_view name(Deformation deformation) {
    switch (deformation) {
        case Deformation::compress: return "compress";
        case Deformation::decompress: return "decompress";
        case Deformation::shear: return "shear";
    }
    return "";
}

nlohmann::json to_json(const Job& job) {
    nlohmann::json json;
    to_json(json, job);
    json["protocol"] = protocol_version;
    return json;
}

Job job_from(const nlohmann::json& json) {
    if (json.at("protocol").get<int>() != protocol_version)
        throw std::runtime_error("the job is of another version of vitrum");
    return json.get<Job>();
}

namespace {

constexpr std::size_t header_words = 2;
constexpr std::size_t header_bytes = header_words * sizeof(std::uint64_t);

bool write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return true;
}

}  // namespace

bool send(int descriptor, Message kind, std::span<const std::byte> payload) {
    const std::array<std::uint64_t, header_words> header{static_cast<std::uint64_t>(kind), payload.size()};
    return write_all(descriptor, std::as_bytes(std::span(header))) && write_all(descriptor, payload);
}

bool send(int descriptor, Message kind, const std::string& text) {
    return send(descriptor, kind, std::as_bytes(std::span(text.data(), text.size())));
}

bool send(int descriptor, const Row& row) {
    const std::array<double, 9> values{row.step,         row.temperature, row.pressure,         row.potential_energy,
                                       row.total_energy, row.volume,      row.conserved_energy, row.largest_force,
                                       row.shear_stress};
    return send(descriptor, Message::row, std::as_bytes(std::span(values)));
}

bool send(int descriptor, const Frame& frame) {
    std::vector<double> values{frame.step};
    values.insert(values.end(), frame.box.begin(), frame.box.end());
    values.insert(values.end(), frame.fractional.begin(), frame.fractional.end());
    return send(descriptor, Message::frame, std::as_bytes(std::span(values)));
}

Row row_from(std::span<const std::byte> payload) {
    std::array<double, 9> v{};
    if (payload.size() != sizeof v) throw std::runtime_error("a row of the worker has the wrong size");
    std::memcpy(v.data(), payload.data(), sizeof v);
    return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]};
}

Frame frame_from(std::span<const std::byte> payload) {
    constexpr std::size_t fixed = 10 * sizeof(double);
    if (payload.size() < fixed || (payload.size() - fixed) % (3 * sizeof(double)) != 0)
        throw std::runtime_error("a frame of the worker has the wrong size");
    Frame frame;
    std::memcpy(&frame.step, payload.data(), sizeof frame.step);
    std::memcpy(frame.box.data(), payload.data() + sizeof frame.step, sizeof frame.box);
    frame.fractional.resize((payload.size() - fixed) / sizeof(double));
    if (!frame.fractional.empty()) std::memcpy(frame.fractional.data(), payload.data() + fixed, payload.size() - fixed);
    return frame;
}

void MessageReader::append(std::span<const std::byte> bytes) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(read_));
    read_ = 0;
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

bool MessageReader::next(Message& kind, std::span<const std::byte>& payload) {
    if (buffer_.size() - read_ < header_bytes) return false;
    std::array<std::uint64_t, header_words> header{};
    std::memcpy(header.data(), buffer_.data() + read_, header_bytes);
    if (header[0] < static_cast<std::uint64_t>(Message::started) ||
        header[0] > static_cast<std::uint64_t>(Message::finished))
        throw std::runtime_error("the stream of the worker is garbled");
    if (buffer_.size() - read_ - header_bytes < header[1]) return false;
    kind = static_cast<Message>(header[0]);
    payload = std::span(buffer_).subspan(read_ + header_bytes, header[1]);
    read_ += header_bytes + header[1];
    return true;
}

}  // namespace vitrum::sim
