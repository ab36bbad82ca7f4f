#include "vitrum/pipeline/config/progress.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "vitrum/core/printable.hpp"
#include "vitrum/core/warn.hpp"

namespace vitrum::pipeline {

namespace {

std::string duration(double seconds) {
    if (seconds < 90) return fmt::format("{:.0f} s", seconds);
    if (seconds < 5400) return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

Progress::Progress(double total_cost, bool quiet)
    : total_(std::max(total_cost, 1e-9)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {}

Progress::~Progress() {
    if (line_open_) write_to_standard_error("\n");
}

void Progress::already_done(double cost) {
    const std::lock_guard lock(mutex_);
    earlier_ += cost;
}

void Progress::update(const std::string& name, double cost, double fraction, const std::string& what) {
    const std::lock_guard lock(mutex_);
    done_[name] = cost * std::clamp(fraction, 0.0, 1.0);
    show(fmt::format("{}: {}", name, what), false);
}

void Progress::finished(const std::string& name, double cost, const std::string& outcome) {
    const std::lock_guard lock(mutex_);
    done_[name] = cost;
    show(fmt::format("{}: {}", name, outcome), true);
}

void Progress::show(const std::string& text, bool now) {
    if (quiet_) return;
    const std::string what = printable(text);
    using seconds = std::chrono::duration<double>;
    const auto time = std::chrono::steady_clock::now();
    const double since = seconds(time - last_).count();
    constexpr double terminal_interval = 0.2;
    constexpr double plain_interval = 15;
    if (!now && since < (terminal_ ? terminal_interval : plain_interval)) return;
    last_ = time;
    double done = 0;
    for (const auto& [name, part] : done_) done += part;
    const double elapsed = seconds(time - start_).count();
    const double left = total_ - earlier_ - done;
    const std::string remaining =
        done > 0 && elapsed > 1 ? fmt::format(", about {} left", duration(elapsed * std::max(left, 0.0) / done)) : "";
    const int percent = static_cast<int>(100 * std::min(1.0, (done + earlier_) / total_));
    if (terminal_) {
        write_to_standard_error(fmt::format("\r\x1b[K{:3d} %{}  {}", percent, remaining, what));
        line_open_ = true;
    } else {
        write_to_standard_error(fmt::format("{:3d} %{}  {}\n", percent, remaining, what));
    }
}

}  // namespace vitrum::pipeline
