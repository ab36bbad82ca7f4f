// Progress on standard error: one moving line with the time left on a terminal, a plain line now and then elsewhere,
// nothing with --quiet. Safe for threads.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace vitrum::pipeline {

class Progress {
public:
    // total_cost in any unit; `quiet` = no output at all.
    Progress(double total_cost, bool quiet);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // Part `name`, worth `cost`, is done to this fraction; `what` says what it is doing.
    void update(const std::string& name, double cost, double fraction, const std::string& what);
    // A part is complete: a line of its own off a terminal.
    void finished(const std::string& name, double cost, const std::string& outcome);
    // Work that an earlier run did does not count for the speed.
    void already_done(double cost);

private:
    void show(const std::string& what, bool now);
    double total_;
    bool quiet_;
    bool terminal_;
    std::mutex mutex_;
    std::map<std::string, double> done_;
    double earlier_ = 0;
    bool line_open_ = false;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point last_;
};

}  // namespace vitrum::pipeline
