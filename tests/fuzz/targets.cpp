#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/data_hash.hpp"
#include "vitrum/io/measured/measured_file.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/io/text/csv.hpp"
#include "vitrum/io/text/poni_file.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"
#include "vitrum/pipeline/config/section.hpp"
#include "vitrum/validation/challenge/challenge_seal.hpp"
#include "vitrum/validation/study/journal.hpp"
#include "vitrum/validation/study/outcome_tables.hpp"

namespace vitrum::fuzz {

namespace fs = std::filesystem;

namespace {

std::string whole(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

void read_measured(const fs::path& file) {
    static_cast<void>(io::read_measured(file, {}));
    static_cast<void>(io::check_file(file));
}

void read_result(const fs::path& file) { static_cast<void>(io::read_result(file, 1e8)); }

void read_study(const fs::path& file) {
    const io::ColumnsReader tables(file, "study", "a study");
    static_cast<void>(pipeline::parse_toml_text(tables.text("study"), "study"));
    static_cast<void>(tables.provenance());
    static_cast<void>(validation::read_outcomes(tables, 2));
}

void read_atoms(const fs::path& file) {
    io::TrajectoryOptions options;
    options.time_step = 1e-15;
    options.length_unit = 1;
    static_cast<void>(io::read_trajectory(file, options));
}

void read_toml(const fs::path& file) {
    const auto root = pipeline::parse_toml_file(file.string());
    static_cast<void>(pipeline::toml_document(root));
    pipeline::Section section(&root, "", file.string());
    for (const auto& key : pipeline::names_in_order(&root)) static_cast<void>(section.where(key));
}

void read_csv(const fs::path& file) { static_cast<void>(io::read_csv(file)); }
void read_poni(const fs::path& file) { static_cast<void>(io::read_poni(file)); }

void read_journal(const fs::path& file) {
    validation::Outcomes outcomes;
    static_cast<void>(validation::read_journal(file, outcomes));
    outcomes.sort();
    validation::Journal again(file);
}

void read_seal(const fs::path& file) {
    // Whoever changes a seal can make its hash right again.
    validation::Seal seal;
    seal.contents = whole(file);
    static_cast<void>(validation::contents_of(seal, "seal"));
    try {
        static_cast<void>(validation::read_seal(file));
    } catch (const InputError&) {
        return;  // the contents alone are no seal
    }
}

template <const auto& name>
void h5(const fs::path& folder) {
    h5_seeds(folder, name);
}
template <const auto& name>
void text(const fs::path& folder) {
    text_seeds(folder, name);
}

constexpr std::string_view frames = "frames", sparse = "sparse", map = "map", result = "result", study = "study",
                           h5md = "h5md", toml = "toml", csv = "csv", dump = "dump", data = "data", xyz = "xyz",
                           journal = "journal", seal = "seal", poni = "poni";

constexpr std::array all{
    Target{frames, true, read_measured, h5<frames>}, Target{sparse, true, read_measured, h5<sparse>},
    Target{map, true, read_measured, h5<map>},       Target{result, true, read_result, h5<result>},
    Target{study, true, read_study, h5<study>},      Target{h5md, true, read_atoms, h5<h5md>},
    Target{toml, false, read_toml, text<toml>},      Target{csv, false, read_csv, text<csv>},
    Target{dump, false, read_atoms, text<dump>},     Target{data, false, read_atoms, text<data>},
    Target{xyz, false, read_atoms, text<xyz>},       Target{journal, false, read_journal, text<journal>},
    Target{seal, false, read_seal, text<seal>},      Target{poni, false, read_poni, text<poni>}};

// In memory where the system has such a place.
fs::path scratch() {
    static const fs::path folder = [] {
        const fs::path memory = "/dev/shm";
        std::string pattern =
            ((fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "vitrum-fuzz-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error("no folder for the files of the fuzzer");
        static const struct Remove {
            fs::path path;
            pid_t owner;
            ~Remove() {
                std::error_code ignored;
                if (getpid() == owner) fs::remove_all(path, ignored);
            }
        } at_exit{pattern, getpid()};
        return fs::path(pattern);
    }();
    return folder;
}

}  // namespace

std::span<const Target> targets() { return all; }

const Target* target(std::string_view name) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const Target& t) { return t.name == name; });
    return at == all.end() ? nullptr : &*at;
}

bool feed(const Target& target, std::string_view bytes) {
    // A new name each time: what is known of an earlier file of this name is not known of this one.
    static std::atomic<unsigned long> number{0};
    const fs::path file = scratch() / std::to_string(number++);
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bool taken = true;
    const auto remove = [&] {
        std::error_code ignored;
        fs::remove(file, ignored);
    };
    try {
        target.read(file);
    } catch (const InputError&) {
        taken = false;
    } catch (...) {
        remove();
        throw;
    }
    remove();
    return taken;
}

}  // namespace vitrum::fuzz
