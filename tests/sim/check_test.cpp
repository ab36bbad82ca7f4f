#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/sim/protocol/cuzr.hpp"
#include "vitrum/sim/protocol/potential.hpp"
#include "vitrum/sim/worker/worker_process.hpp"

namespace vitrum::sim {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

std::string message_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no InputError";
}

std::string refused(const std::function<void(CuZrOptions&)>& change) {
    CuZrOptions options;
    change(options);
    const std::string text = message_of([&] { check(options); });
    EXPECT_THAT(text, Not(HasSubstr("\n")));
    return text;
}

// Sets an environment variable for one test.
class Setting {
public:
    Setting(const char* name, const std::string& value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old, had_ = true;
        ::setenv(name, value.c_str(), 1);
    }
    ~Setting() { had_ ? ::setenv(name_, old_.c_str(), 1) : ::unsetenv(name_); }
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;

private:
    const char* name_;
    std::string old_;
    bool had_ = false;
};

class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("vitrum_check_" + std::to_string(::getpid()))) {
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] fs::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
        return path_ / name;
    }

private:
    fs::path path_;
};

// Tables of three points; `values` numbers per element after its head line, then the pair tables.
std::string setfl(const std::string& elements, std::size_t count, std::size_t values, std::size_t pairs) {
    std::string text = "a\nb\nc\n" + std::to_string(count) + " " + elements + "\n3 0.1 3 0.1 5.0\n";
    for (std::size_t e = 0; e < count; ++e) {
        text += "29 63.5 3.6 fcc\n";
        for (std::size_t i = 0; i < values; ++i) text += "0.5\n";
    }
    for (std::size_t i = 0; i < pairs; ++i) text += "0.25\n";
    return text;
}

TEST(Check, NumbersOutOfRange) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    EXPECT_THAT(refused([](auto& o) { o.copper_fraction = 1; }), HasSubstr("copper_fraction"));
    EXPECT_THAT(refused([](auto& o) { o.copper_fraction = nan; }), HasSubstr("copper_fraction"));
    EXPECT_THAT(refused([](auto& o) { o.copper_fraction = 1e-6; }), HasSubstr("without an atom"));
    EXPECT_THAT(refused([](auto& o) { o.temperature = -5; }), HasSubstr("temperature must be positive"));
    EXPECT_THAT(refused([](auto& o) { o.melt_temperature = infinity; }), HasSubstr("melt_temperature"));
    EXPECT_THAT(refused([](auto& o) { o.pressure = nan; }), HasSubstr("pressure"));
    EXPECT_THAT(refused([](auto& o) { o.hold_time = 0; }), HasSubstr("hold_time must be positive"));
    EXPECT_THAT(refused([](auto& o) { o.cooling_rate = -1; }), HasSubstr("cooling_rate"));
    EXPECT_THAT(refused([](auto& o) { o.time_limit = nan; }), HasSubstr("time_limit"));
    EXPECT_THAT(refused([](auto& o) { o.melt_time = 1e9; }), HasSubstr("more than any run"));
    EXPECT_THAT(refused([](auto& o) { o.cooling_rate = 1e-300; }), HasSubstr("more than any run"));
    EXPECT_THAT(refused([](auto& o) { o.sampling_interval = 5e-15; }), HasSubstr("whole number of time steps"));
    EXPECT_THAT(refused([](auto& o) { o.sampling_time = 1e-13; }), HasSubstr("16 frames"));
    EXPECT_THAT(refused([](auto& o) { o.wavevector_half_width = 3; }), HasSubstr("wavevector_half_width"));
    EXPECT_THAT(refused([](auto& o) { o.wavevector_half_width = 1e-3; }), HasSubstr("wavevectors"));
}

TEST(Check, AtomsFillWholeCells) {
    EXPECT_THAT(refused([](auto& o) { o.atoms = 1000; }), HasSubstr("686 and 1024"));
    EXPECT_THAT(refused([](auto& o) { o.atoms = 1025; }), HasSubstr("1024 and 1458"));
    EXPECT_THAT(refused([](auto& o) { o.atoms = -2; }), HasSubstr("between"));
}

TEST(Check, PotentialNotFoundSaysWhereItLooked) {
    const Setting setting("LAMMPS_POTENTIALS", "/nowhere/at/all");
    const std::string text = refused([](auto& o) { o.potential = "NoSuch.eam.fs"; });
    EXPECT_THAT(text, HasSubstr("NoSuch.eam.fs"));
    EXPECT_THAT(text, HasSubstr("/nowhere/at/all"));
    EXPECT_THAT(text, HasSubstr("/usr/share/lammps/potentials"));
}

TEST(Potential, WrongKindsAreNamed) {
    const Folder folder;
    // Two elements: fs has 3 + 2*3 values each, alloy 3 + 3; three pairs of 3 values.
    const fs::path good = folder.write("good", setfl("Cu Zr", 2, 9, 9));
    EXPECT_EQ(inspect_potential(good, {"Cu", "Zr"}).elements, (std::vector<std::string>{"Cu", "Zr"}));
    const auto complaint = [&](const fs::path& file) {
        return message_of([&] { (void)inspect_potential(file, {"Cu", "Zr"}); });
    };
    EXPECT_EQ(inspect_potential(good, {}).style, "eam/fs");
    EXPECT_EQ(inspect_potential(good, {}).mass, (std::vector<double>{63.5, 63.5}));
    EXPECT_NEAR(inspect_potential(good, {}).volume[1], 3.6 * 3.6 * 3.6 / 4, 1e-12);
    EXPECT_EQ(inspect_potential(folder.write("alloy", setfl("Cu Zr", 2, 6, 9)), {"Zr"}).style, "eam/alloy");
    EXPECT_THAT(complaint(folder.write("short", setfl("Cu Zr", 2, 9, 4))), HasSubstr("tables"));
    EXPECT_THAT(complaint(folder.write("words", setfl("Cu Zr", 2, 9, 9) + "end\n")), HasSubstr("tables"));
    EXPECT_THAT(complaint(folder.write("text", "just\nsome\ntext\n")), HasSubstr("fewer than four lines"));
    EXPECT_THAT(complaint(folder.write("lines", "a\nb\nc\nd e f\n")), HasSubstr("line 4"));
    const std::string missing = complaint(folder.write("other", setfl("Al Ni", 2, 9, 9)));
    EXPECT_THAT(missing, HasSubstr("has no Cu"));
    EXPECT_THAT(missing, HasSubstr("Al, Ni"));
    EXPECT_THAT(complaint("/"), HasSubstr("potential"));
}

TEST(Worker, MissingProgramIsNamed) {
    const Setting setting("VITRUM_LAMMPS", "/no/such/program");
    EXPECT_THAT(message_of([] { (void)find_worker(); }), HasSubstr("/no/such/program"));
}

TEST(Worker, EnvironmentHasNoLauncher) {
    const Setting a("OMPI_COMM_WORLD_SIZE", "4");
    const Setting b("PMIX_RANK", "1");
    const Setting c("SLURM_JOB_ID", "1");
    const Setting d("OMP_NUM_THREADS", "8");
    const std::vector<std::string> environment = worker_environment();
    int threads = 0;
    for (const std::string& entry : environment) {
        EXPECT_FALSE(entry.starts_with("OMPI_COMM") || entry.starts_with("PMIX_") || entry.starts_with("SLURM_"))
            << entry;
        if (!entry.starts_with("OMP_NUM_THREADS=")) continue;
        ++threads;
        EXPECT_EQ(entry, "OMP_NUM_THREADS=1");
    }
    EXPECT_EQ(threads, 1);
}

}  // namespace
}  // namespace vitrum::sim
