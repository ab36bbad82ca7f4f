#include "vitrum/sim/worker/worker_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <fstream>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/process/child.hpp"
#include "vitrum/process/descriptor.hpp"

namespace vitrum::sim {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string end_of(const fs::path& file) {
    std::ifstream in(file);
    std::deque<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        if (line.empty()) continue;
        lines.push_back(line);
        if (lines.size() > 15) lines.pop_front();
    }
    std::string text;
    for (const std::string& line : lines) text += "\n  " + line;
    return text;
}

struct Failure {
    const Job& job;
    const fs::path& folder;
    [[noreturn]] void operator()(const std::string& what) const {
        const fs::path log = folder / job.log;
        std::string text = fmt::format("molecular dynamics failed in the stage '{}': {}", job.stage, what);
        if (const std::string lines = end_of(log); !lines.empty())
            text += fmt::format("\nend of {}:{}", log.string(), lines);
        if (const std::string lines = end_of(folder / (job.stage + ".out")); !lines.empty())
            text += fmt::format("\nend of {}:{}", (folder / (job.stage + ".out")).string(), lines);
        throw RunError(text);
    }
};

// mpirun's own words before the worker's.
std::vector<std::string> launch_words(const Job& job, const fs::path& worker) {
    if (job.ranks == 1) return {"vitrum-lammps"};
    return {"mpirun",
            "-np",
            std::to_string(job.ranks),
            "--host",
            fmt::format("localhost:{}", job.ranks),
            "--oversubscribe",
            "--bind-to",
            "none",
            worker.string()};
}

std::unique_ptr<process::Child> start(const Job& job, const fs::path& folder, const Failure& fail, int write_end) {
    const fs::path worker = find_worker();
    const std::string job_file = job.stage + ".job.json";
    fs::remove(folder / job.log);  // no tail of an earlier attempt
    if (!(std::ofstream(folder / job_file) << to_json(job).dump(2) << '\n' << std::flush))
        throw RunError("cannot write " + (folder / job_file).string());

    const process::Descriptor output(
        ::open((folder / (job.stage + ".out")).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (output.get() < 0) fail(fmt::format("cannot write into {}", folder.string()));

    process::StartOptions options;
    options.program = job.ranks == 1 ? worker : find_launcher();
    options.arguments = launch_words(job, worker);
    options.arguments.push_back(job_file);
    options.environment = worker_environment(job.ranks);
    // A folder of its own: in a shared one a worker that ends may take away what another is just making.
    options.environment.push_back("OMPI_MCA_orte_tmpdir_base=" + folder.string());
    options.folder = folder;
    options.output = output.get();
    options.channel = write_end;
    static_assert(process::channel_number == worker_pipe);
    try {
        return std::make_unique<process::Child>(options);
    } catch (const RunError& error) {
        fail(error.what());
    }
}

// Read and write end of the way up; a named pipe where the job wants one. Its write end is held by mpirun, so that the
// stream ends with the last of mpirun and rank 0.
std::array<int, 2> open_channel(const Job& job, const fs::path& folder, const Failure& fail) {
    std::array<int, 2> ends{-1, -1};
    if (job.channel.empty()) {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(fmt::format("no pipe: {}", std::strerror(errno)));
        return ends;
    }
    const fs::path name = folder / job.channel;
    fs::remove(name);
    if (::mkfifo(name.c_str(), 0600) == 0) {
        ends[0] = ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        ends[1] = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
    }
    if (ends[0] < 0 || ends[1] < 0) fail(fmt::format("no named pipe {}: {}", name.string(), std::strerror(errno)));
    return ends;
}

}  // namespace

StageOutput run_worker(const Job& job, const fs::path& folder, const WorkerControl& control) {
    const Failure fail{job, folder};
    const std::array<int, 2> ends = open_channel(job, folder, fail);
    const process::Descriptor read_end(ends[0]);
    process::Descriptor write_end(ends[1]);
    const std::unique_ptr<process::Child> worker = start(job, folder, fail, write_end.get());
    write_end.close();

    StageOutput result;
    MessageReader reader;
    std::vector<std::byte> bytes(1 << 18);
    auto last_message = Clock::now();
    bool finished = false;

    const auto take = [&](Message kind, std::span<const std::byte> payload) {
        const std::string text(reinterpret_cast<const char*>(payload.data()), payload.size());
        if (kind == Message::started && !text.empty()) result.lammps_version = text;
        if (kind == Message::finished) finished = true;
        if (kind == Message::trouble) {
            worker->end();
            fail(text);
        }
        if (kind == Message::frame) result.frames.push_back(frame_from(payload));
        if (kind != Message::row) return;
        result.rows.push_back(row_from(payload));
        const auto rows = static_cast<double>(result.rows.size());
        double done = 0;
        if (job.strain_steps > 0)
            done = rows / static_cast<double>((job.back ? 2 : 1) * job.strain_steps + 1);
        else if (job.minimise.empty())
            done = result.rows.back().step / static_cast<double>(job.steps);
        else
            done = rows / static_cast<double>(job.minimise.size());
        if (control.progress) control.progress(done);
    };

    while (true) {
        if (control.cancelled && control.cancelled()) throw Interrupted();
        pollfd waiting{read_end.get(), POLLIN, 0};
        if (::poll(&waiting, 1, 100) <= 0) {  // nothing yet, or a signal
            // Judged only when nothing waits to be read: vitrum itself may have been stopped for hours.
            if (std::chrono::duration<double>(Clock::now() - last_message).count() > control.silence_limit) {
                worker->end();
                fail(fmt::format("vitrum-lammps hangs: no sign of life for {} s; it was ended", control.silence_limit));
            }
            continue;
        }
        const ssize_t n = ::read(read_end.get(), bytes.data(), bytes.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) fail(fmt::format("reading from vitrum-lammps: {}", std::strerror(errno)));
        if (n == 0) break;
        reader.append(std::span(bytes).first(static_cast<std::size_t>(n)));
        Message kind{};
        std::span<const std::byte> payload;
        while (reader.next(kind, payload)) {
            last_message = Clock::now();
            take(kind, payload);
        }
    }
    worker->wait(std::chrono::seconds(30));
    if (!finished)
        fail("vitrum-lammps " + (worker->start_error().empty() ? process::describe_status(worker->status())
                                                               : "could not be started: " + worker->start_error()));
    return result;
}

}  // namespace vitrum::sim
