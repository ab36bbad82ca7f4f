// Small valid files of every layout, made here.
#include <cmath>
#include <fstream>

#include "tests/fuzz/targets.hpp"
#include "vitrum/io/frames/frames_file.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/result/columns_file.hpp"
#include "vitrum/io/result/result_file.hpp"
#include "vitrum/io/trajectory/trajectory_file.hpp"
#include "vitrum/validation/challenge/challenge_seal.hpp"
#include "vitrum/validation/study/journal.hpp"

namespace vitrum::fuzz {

namespace fs = std::filesystem;

namespace {

void write_text(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

SpeckleSeries series(bool sparse) {
    SpeckleSeries s;
    s.frames = 6;
    s.rows = 3;
    s.columns = 4;
    s.frame_time = 0.5;
    s.region = {1, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0};
    s.used.assign(s.pixels(), 1);
    s.frame_ptr.push_back(0);
    for (std::size_t i = 0; i < s.frames * s.pixels(); ++i) {
        const auto count = static_cast<std::uint32_t>(i * 7 % 5);
        if (!sparse) s.counts.push_back(static_cast<float>(count));
        if (sparse && count > 2) {
            s.index.push_back(static_cast<std::uint32_t>(i % s.pixels()));
            s.intensity.push_back(count);
        }
        if (sparse && (i + 1) % s.pixels() == 0) s.frame_ptr.push_back(s.index.size());
    }
    if (!sparse) s.frame_ptr.clear();
    return s;
}

io::LabelledData labelled(bool sparse) {
    io::LabelledData set;
    set.data.name = "glass";
    set.data.source = "speckle";
    set.data.source_name = "glass";
    set.data.title = "A seed";
    set.data.data = series(sparse);
    set.data.abscissa = {{"pressure", 0, 2.5, "GPa"}};
    set.data.notes = {"one note"};
    set.data.traces = {{"pressure", "GPa", {0, 0.5, 1, 1.5, 2, 2.5}, {1, 2, 3, 4, 5, 6}}};
    set.truth.add("tau", {}, 10, Origin::closed_form, "");
    return set;
}

void write_map(const fs::path& file) {
    const auto lock = io::hdf5_lock();
    io::WriteFile out(file);
    constexpr std::size_t n = 8;
    std::vector<double> values, times;
    for (std::size_t i = 0; i < n; ++i) {
        times.push_back(0.5 * static_cast<double>(i));
        for (std::size_t j = 0; j < n; ++j)
            values.push_back(1 + 0.2 * std::exp(-std::abs(static_cast<double>(i) - static_cast<double>(j)) / 3));
    }
    out.attribute("/", "default", "m");
    out.group("/m", "NXdata");
    out.attribute("/m", "signal", "c");
    out.attribute("/m", "axes", std::vector<std::string>{"t", "t"});
    out.write("/m/c", values.data(), {n, n});
    out.write("/m/t", times, "s");
    out.close();
}

void write_result(const fs::path& file) {
    Result r;
    r.title = "A seed";
    SeriesResult s;
    s.name = s.source_name = "glass";
    s.source = "file";
    s.frames = 3;
    s.pixels = 4;
    s.abscissa = {{"pressure", 0, 2.5, "GPa"}};
    Curve g2 = make_curve("g2", "lag", "s", "g2", "");
    g2.x = {1, 2};
    g2.y = {1.2, 1.1};
    g2.y_error = {0.1, 0.1};
    g2.covariance_factor = Eigen::MatrixXd::Identity(2, 2);
    g2.degrees_of_freedom = 5;
    s.g2 = g2;
    s.map = TwoTimeMap{3, {1, 1.2, 1.1, 1.2, 1, 1.2, 1.1, 1.2, 1}, 1, "s"};
    s.estimates = {make_estimate("tau", {}, 2, 0.1, 10, Status::ok, "a note")};
    s.truth.add("tau", {}, 2, Origin::imposed, "");
    r.series.push_back(std::move(s));
    r.curves = {g2};
    r.provenance = {{"program", "vitrum"}};
    io::write_result(file, r);
}

void write_study(const fs::path& file) {
    io::ColumnsWriter out(file, "study");
    out.text("study", "[study]\ntitle = \"A seed\"\n[grid]\n\"source.s.tau\" = [\"1 s\", \"2 s\"]\n");
    out.column("estimands/quantity", std::vector<std::string>{"tau", "beta"});
    out.column("estimands/method", std::vector<std::string>{"chain", "chain"});
    out.column("estimands/series", std::vector<std::string>{"s", "s"});
    out.column("estimands/unit", std::vector<std::string>{"s", ""});
    out.column("estimands/level", std::vector<double>{0.95, 0.95});
    out.places("estimands", {{}, {{"lag", 1, 1, "frames"}}});
    out.column("replicates/cell", std::vector<std::uint32_t>{0, 1});
    out.column("replicates/replicate", std::vector<std::int64_t>{0, 0});
    out.column("replicates/failure", std::vector<std::string>{"", "died"});
    out.column("rows/replicate", std::vector<std::uint32_t>{0, 0});
    out.column("rows/estimand", std::vector<std::uint32_t>{0, 1});
    out.column("rows/status", std::vector<std::uint8_t>{0, 1});
    out.column("rows/origin", std::vector<std::uint8_t>{0, 1});
    for (const char* name : {"truth", "estimate", "standard_error", "lower", "upper"})
        out.column(std::string("rows/") + name, std::vector<double>{1, 2});
    out.provenance({{"program", "vitrum"}});
    out.close();
}

Trajectory atoms() {
    Trajectory t;
    t.elements = {"Cu", "Zr"};
    t.species = {0, 1, 0};
    t.id = {1, 2, 3};
    t.mass = {63.5, 91.2, 63.5};
    for (int f = 0; f < 2; ++f) {
        AtomFrame frame;
        frame.step = 10 * f;
        frame.time = 1e-14 * f;
        frame.box = {10, 0, 0, 0, 10, 0, 0, 0, 10};
        frame.fractional = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
        t.frames.push_back(frame);
    }
    return t;
}

validation::Observed observed(std::uint64_t number) {
    validation::Observed o;
    o.estimands = {{"chain", "s", "tau", "s", {}, 0.95}, {"chain", "s", "g2", "", {{"lag", 1, 1, "frames"}}, 0.95}};
    o.rows.replicate = number;
    for (std::uint32_t i = 0; i < 2; ++i) {
        validation::Row row;
        row.estimand = i;
        row.estimate = 1;
        o.rows.rows.push_back(row);
    }
    return o;
}

constexpr auto lammps_dump =
    "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n0 10\n0 10\n0 10\n"
    "ITEM: ATOMS id element x y z\n1 Cu 1.0 2.0 3.0\n2 Zr 4.0 5.0 6.0\n";
constexpr auto tilted_dump =
    "ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS xy xz yz pp pp pp\n0 12 1\n0 10 0\n0 10 0\n"
    "ITEM: ATOMS id type element xs ys zs ix iy iz\n1 1 Cu 0.1 0.2 0.3 0 0 0\n2 2 Zr 0.4 0.5 0.6 1 0 -1\n";
constexpr auto lammps_data =
    "a title\n\n2 atoms\n2 atom types\n\n0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n\nMasses\n\n1 63.546\n2 91.224\n\n"
    "Atoms # atomic\n\n1 1 1.0 2.0 3.0\n2 2 4.0 5.0 6.0\n";
constexpr auto extended =
    "2\nLattice=\"10 0 0 0 10 0 0 0 10\" Properties=species:S:1:pos:R:3 Step=0\nCu 1 2 3\nZr 4 5 6\n"
    "2\nLattice=\"10 0 0 0 10 0 0 0 10\" Properties=species:S:1:pos:R:3 Step=1\nCu 1 2 3\nZr 4 5 6\n";

}  // namespace

void h5_seeds(const fs::path& folder, std::string_view layout) {
    const fs::path file = folder / "seed.h5";
    if (layout == "frames")
        io::write_frames(file, {labelled(false)}, "[scenario]\nseed = 1\n", {{"program", "vitrum"}});
    if (layout == "sparse") io::write_frames(file, {labelled(true)}, "", {});
    if (layout == "map") write_map(file);
    if (layout == "result") write_result(file);
    if (layout == "study") write_study(file);
    if (layout == "h5md") io::write_h5md(file, atoms(), {"a seed", "vitrum", ""}, {});
}

void text_seeds(const fs::path& folder, std::string_view format) {
    if (format == "toml") {
        write_text(folder / "scenario",
                   "[scenario]\ntitle = \"A \\\"seed\\\"\" # why\nseed = 5\n[source.glass]\n"
                   "kind = \"speckle\"\ntau = '6 s'\nlist = [1, 2.5, [true]]\nmore = {a = 1, b.c = 2}\n");
        write_text(folder / "tables",
                   "text = \"\"\"\nlong\n\"\"\"\nday = 2026-01-02\n[[scans]]\na.b = 1\n[[scans]]\na = inf\n");
    }
    if (format == "csv") {
        write_text(folder / "names", "tau [s], value, error\n1, 2.5, 0.1\n2, nan, 0.2\n# why\n3, 1e-3, 0.3\n");
        write_text(folder / "blanks", "1 2 3\n4 5 6\n");
        write_text(folder / "quotes", "\"a;b\";c\n1;2\n");
        write_text(folder / "hash", "# lag [s] g2\n1 1.2\n2 1.1\n");
    }
    if (format == "poni")
        write_text(folder / "poni",
                   "# pyFAI\nponi_version: 2\nDetector_config: {\"pixel1\": 7.5e-05, \"pixel2\": 7.5e-05}\n"
                   "Distance: 1.5\nPoni1: 0.01\nPoni2: 0.02\nRot1: 0.1\nWavelength: 1e-10\n");
    if (format == "dump") {
        write_text(folder / "plain", lammps_dump);
        write_text(folder / "tilted", tilted_dump);
    }
    if (format == "data") write_text(folder / "data", lammps_data);
    if (format == "xyz") write_text(folder / "xyz", extended);
    if (format == "journal") {
        validation::Journal journal(folder / "journal");
        for (std::uint64_t i = 0; i < 3; ++i) journal.add(observed(i));
    }
    if (format == "seal") {
        validation::SealContents c;
        c.title = "A seed";
        c.quantities = {"tau"};
        validation::SealedSet set;
        set.name = "set_1";
        set.settings = {{"source.s.tau", "\"1 s\""}};
        set.truth = {{"tau", "s", {{"lag", 1, 1, "frames"}}, 2.0, Origin::imposed, ""}};
        c.sets.push_back(set);
        const auto seal = validation::make_seal(c, std::string(64, '0'));
        write_text(folder / "contents", seal.contents);
    }
}

}  // namespace vitrum::fuzz
