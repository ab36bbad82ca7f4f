#include "vitrum/validation/challenge/challenge_make.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <memory>
#include <numeric>
#include <thread>
#include <variant>

#include <boost/random/uniform_int_distribution.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/global_control.h>
#include <unistd.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/files/owned.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/io/text/output_path.hpp"
#include "vitrum/pipeline/config/progress.hpp"
#include "vitrum/pipeline/config/provenance.hpp"
#include "vitrum/pipeline/run/runner.hpp"
#include "vitrum/pipeline/run/series_of.hpp"
#include "vitrum/pipeline/run/slabs.hpp"
#include "vitrum/validation/challenge/challenge_table.hpp"
#include "vitrum/validation/challenge/challenge_text.hpp"
#include "vitrum/validation/study/study_keys.hpp"

namespace vitrum::validation {

namespace fs = std::filesystem;

namespace {

// What a reader of the data may know of where a scan was made.
constexpr std::array shown_places{"pressure", "branch"};

struct Job {
    std::shared_ptr<const pipeline::Scenario> scenario;
    const pipeline::SourcePlan* source = nullptr;
    const pipeline::Unit* unit = nullptr;
    SealedSet sealed;
};

// A folder of work beside the output; it disappears whatever happens.
class WorkFolder {
public:
    explicit WorkFolder(const fs::path& output) : own_(make(output)) { fs::create_directory(data()); }
    ~WorkFolder() {
        std::error_code ignored;
        fs::remove_all(own_.path(), ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    [[nodiscard]] fs::path data() const { return own_.path() / "data"; }
    [[nodiscard]] fs::path old() const { return own_.path() / "old"; }
    [[nodiscard]] fs::path scratch() const { return own_.path() / "scratch"; }

private:
    static Owned make(const fs::path& output) {
        io::remove_left_behind(output);
        return Owned::folder(output.string() + fmt::format(".writing-{}", getpid()));
    }
    Owned own_;
};

// In the order in which they are written: drawn, so that it tells nothing.
std::vector<Job> jobs_of(const Challenge& challenge, const Secret& secret) {
    std::vector<Job> jobs;
    std::uint64_t group = 0;
    for (std::size_t cell = 0; cell < challenge.cells.size(); ++cell)
        for (std::size_t r = 0; r < challenge.replicates; ++r) {
            const auto settings = challenge.settings(cell, secret.key(group++));
            const auto scenario = std::make_shared<const pipeline::Scenario>(challenge.scenario(settings));
            for (const auto& source : scenario->sources)
                for (const auto& unit : source.units) {
                    Job job{scenario, &source, &unit, {}};
                    job.sealed.setting = label_of(challenge.cells[cell].settings);
                    job.sealed.settings = settings;
                    job.sealed.replicate = r;
                    job.sealed.unit = unit.name;
                    job.sealed.number = jobs.size();
                    job.sealed.scenario = scenario->resolved;
                    jobs.push_back(std::move(job));
                }
        }
    Stream stream(secret.key(0), of_challenge, 1);
    for (std::size_t i = jobs.size(); i > 1; --i)
        std::swap(jobs[i - 1], jobs[boost::random::uniform_int_distribution<std::size_t>(0, i - 1)(stream)]);
    const std::size_t digits = fmt::format("{}", jobs.size()).size();
    for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].sealed.name = fmt::format("set_{:0{}}", i + 1, digits);
    return jobs;
}

void must_be_answerable(const SealedSet& set, const std::vector<std::string>& quantities) {
    for (const auto& name : quantities) {
        const auto asked = [&](const TruthRow& row) {
            return row.quantity == name && std::isfinite(row.value) &&
                   (row.abscissa.empty() || (row.abscissa.size() == 1 && row.abscissa.front().name == "region"));
        };
        if (std::any_of(set.truth.begin(), set.truth.end(), asked)) continue;
        std::vector<std::string> known;
        for (const auto& row : set.truth)
            if (row.abscissa.empty() && std::isfinite(row.value)) known.push_back(row.quantity);
        std::sort(known.begin(), known.end());
        known.erase(std::unique(known.begin(), known.end()), known.end());
        throw InputError(fmt::format("'{}' has no single true value in the data sets of '{}' ({}); there are {}", name,
                                     set.unit, set.setting, fmt::join(known, ", ")));
    }
}

// Everything that tells what the data are is taken out.
DataSet blind(DataSet set, const std::string& called, const Challenge& challenge) {
    DataSet shown;
    shown.name = shown.title = called;
    if (challenge.places)
        for (const auto& c : set.abscissa)
            if (std::find(shown_places.begin(), shown_places.end(), c.name) != shown_places.end())
                shown.abscissa.push_back(c);
    for (const auto& name : challenge.traces) {
        const auto at =
            std::find_if(set.traces.begin(), set.traces.end(), [&](const auto& t) { return t.name == name; });
        if (at == set.traces.end()) {
            std::vector<std::string> names;
            for (const auto& trace : set.traces) names.push_back(trace.name);
            throw InputError(fmt::format("{}: challenge.traces: a data set has no trace '{}'{}",
                                         challenge.file.string(), name,
                                         names.empty() ? "; it has none" : suggestion(name, names)));
        }
        shown.traces.push_back(std::move(*at));
    }
    if (!std::holds_alternative<SpeckleSeries>(set.data))
        throw InputError(
            fmt::format("{}: a challenge is made of frames; '{}' gives none", challenge.file.string(), set.name));
    shown.data = std::move(set.data);
    return shown;
}

// g2 with its errors, as a program that correlates would hand it to one that fits.
std::vector<Column> curve_of(const Labelled<DataSet>& set, analysis::ChainOptions chain) {
    chain.heterogeneity = false;
    const auto found = pipeline::correlate_labelled(set, chain, 0);
    const bool regions = found.size() > 1;
    Column region{"region", "", {}};
    Column lag{"lag", "s", {}};
    Column g2{"g2", "", {}};
    Column error{"error", "", {}};
    for (std::size_t r = 0; r < found.size(); ++r)
        for (std::size_t i = 0; found[r].g2 && i < found[r].g2->size(); ++i) {
            const Curve& curve = *found[r].g2;
            region.values.push_back(static_cast<double>(r + 1));
            lag.values.push_back(curve.x[i]);
            g2.values.push_back(curve.y[i]);
            error.values.push_back(i < curve.y_error.size() ? curve.y_error[i] : not_a_number);
        }
    std::vector<Column> columns;
    if (regions) columns.push_back(std::move(region));
    columns.push_back(std::move(lag));
    columns.push_back(std::move(g2));
    columns.push_back(std::move(error));
    return columns;
}

// A catalogue or columns as they are handed out.
std::vector<Column> columns_of(const Data& data) {
    if (const auto* events = std::get_if<EventCatalogue>(&data)) return {{"size", events->unit, events->size}};
    return std::get<Columns>(data).columns;
}

void make_set(Job& job, const Challenge& challenge, const Secret& secret, const WorkFolder& work,
              pipeline::Progress& progress) {
    SealedSet& sealed = job.sealed;
    pipeline::UnitContext context;
    context.key = secret.key(sealed.number);
    context.scratch = work.scratch();
    context.progress = [&](double fraction, const std::string& what) {
        check_interrupt();
        progress.update(sealed.name, job.unit->cost, fraction, what);
    };
    fs::create_directories(work.scratch());
    const auto named = [&] { return work.data() / sealed.file(); };
    if (job.source->data == DataKind::events || job.source->data == DataKind::columns) {
        auto made = job.unit->generate(context);
        sealed.ending = ".csv";
        sealed.truth = std::move(made.truth.rows);
        must_be_answerable(sealed, challenge.quantities);
        write_table(named(), columns_of(made.data.data));
    } else if (challenge.curves && job.unit->generate) {
        auto made = job.unit->generate(context);
        sealed.ending = ".csv";
        const auto columns = curve_of(made, job.source->chain);
        sealed.truth = std::move(made.truth.rows);
        must_be_answerable(sealed, challenge.quantities);
        write_table(named(), columns);
    } else if (job.unit->generate || job.unit->slabs) {
        pipeline::GeneratedSet made;
        if (job.unit->slabs)
            made = pipeline::in_slabs(*job.unit, context, 1);
        else
            made.set = job.unit->generate(context);
        sealed.truth = std::move(made.set.truth.rows);
        must_be_answerable(sealed, challenge.quantities);
        io::write_blind_frames(named(), blind(std::move(made.set.data), sealed.name, challenge),
                               made.slabs ? &*made.slabs : nullptr);
    } else {
        throw InputError(fmt::format("{}: '{}' gives neither frames nor columns; a challenge cannot hand it out",
                                     challenge.file.string(), job.unit->name));
    }
    sealed.data_hash = data_hash_of(named());
    fs::remove_all(work.scratch());
    progress.finished(sealed.name, job.unit->cost, "done");
}

fs::path without_slash(const fs::path& folder) {
    std::string name = folder.string();
    while (name.size() > 1 && name.back() == '/') name.pop_back();
    return name;
}

void write_text(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw RunError(fmt::format("cannot write '{}'", file.string()));
}

// Only what a challenge is made of may be thrown away.
void check_replaceable(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name == readme_name || name == template_name ||
            (name.starts_with("set_") && (name.ends_with(".h5") || name.ends_with(".csv"))))
            continue;
        throw InputError(fmt::format("'{}' holds '{}', which --force would throw away; name another folder with -o",
                                     folder.string(), name));
    }
    if (!fs::is_empty(folder) && !fs::exists(folder / readme_name))
        throw InputError(fmt::format("'{}' is no challenge; name another folder with -o", folder.string()));
}

void check_places(const fs::path& folder, const fs::path& seal, const fs::path& input, bool force) {
    const fs::path in = fs::weakly_canonical(seal);
    const fs::path out = fs::weakly_canonical(folder);
    if (std::mismatch(out.begin(), out.end(), in.begin(), in.end()).first == out.end())
        throw InputError(fmt::format("the seal '{}' would lie in '{}', for all to read; name another place with --seal",
                                     seal.string(), folder.string()));
    if (fs::is_directory(folder)) {
        if (!force)
            throw InputError(fmt::format("the output '{}' exists; name another with -o, or replace it with --force",
                                         folder.string()));
        check_replaceable(folder);
    } else {
        if (fs::exists(folder))
            throw InputError(fmt::format("the output '{}' is a file; name a folder", folder.string()));
        io::check_output(folder, {}, false);
    }
    io::check_output(seal, {input}, force);
    if (fs::exists(seal)) static_cast<void>(read_seal(seal));
}

}  // namespace

fs::path seal_beside(const fs::path& folder) { return without_slash(folder).string() + ".seal"; }

std::vector<Asked> asked_of(const SealContents& contents) {
    std::vector<Asked> all;
    for (std::size_t s = 0; s < contents.sets.size(); ++s)
        for (const auto& name : contents.quantities)
            for (const auto& row : contents.sets[s].truth) {
                if (row.quantity != name || !std::isfinite(row.value)) continue;
                if (row.abscissa.empty())
                    all.push_back({s, name, row.unit, "", row.value});
                else if (row.abscissa.size() == 1 && row.abscissa.front().name == "region")
                    all.push_back({s, name, row.unit, fmt::format("{}", row.abscissa.front().index), row.value});
            }
    return all;
}

void make_challenge(const Challenge& challenge, const Secret& secret, const fs::path& given, const fs::path& seal_file,
                    const MakeControl& control) {
    const fs::path folder = without_slash(given);
    check_places(folder, seal_file, challenge.file, control.force);
    constexpr double most_sets = 1e5;
    if (static_cast<double>(challenge.replicates) * static_cast<double>(challenge.cells.size()) > most_sets)
        throw InputError(fmt::format("{}: asks for {} replicates of {} cells; at most {:g} data sets",
                                     challenge.file.string(), challenge.replicates, challenge.cells.size(), most_sets));
    auto jobs = jobs_of(challenge, secret);
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    control.threads > 0 ? static_cast<std::size_t>(control.threads) : cores);
    double cost = 0;
    for (const auto& job : jobs) cost += job.unit->cost;
    expect_work(cost, challenge.file.string());
    const WorkFolder work(folder);
    pipeline::Progress progress(cost, control.quiet);

    SealContents contents;
    contents.title = challenge.title;
    contents.question = challenge.question;
    contents.seed = secret.seed;
    contents.quantities = challenge.quantities;
    contents.relative = challenge.relative;
    contents.level = challenge.level;
    contents.most_missing = challenge.most_missing;
    contents.challenge = challenge.input;
    for (const auto& [key, value] : pipeline::provenance())
        if (key != "program") contents.provenance.emplace_back(key, value);
    const auto must_not_tell = [&](const std::vector<Asked>& asked) {
        if (const auto told = truth_told_by(contents, asked); !told.empty())
            throw InputError(
                fmt::format("{}: title or question holds {}, a true value or setting of a data set; all "
                            "who take part read them",
                            challenge.file.string(), told));
    };
    for (const auto& job : jobs) contents.sets.push_back(job.sealed);
    must_not_tell({});
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        check_interrupt();
        make_set(jobs[i], challenge, secret, work, progress);
        contents.sets[i] = std::move(jobs[i].sealed);
    }
    const auto asked = asked_of(contents);
    must_not_tell(asked);
    const auto& relative = contents.relative;
    for (const auto& a : asked)
        if (a.truth == 0 && std::find(relative.begin(), relative.end(), a.quantity) != relative.end())
            throw InputError(fmt::format("{}: challenge.relative: '{}' is 0 in a data set: no part of it can be taken",
                                         challenge.file.string(), a.quantity));

    const Seal seal = make_seal(contents, secret.salt);
    for (const auto& set : contents.sets) put_seal(work.data() / set.file(), seal.hash());
    write_text(work.data() / readme_name, readme_of(contents, seal.hash()));
    write_text(work.data() / template_name, template_of(contents, asked));
    // Times of writing would tell how long each took.
    const auto now = fs::file_time_type::clock::now();
    for (const auto& entry : fs::directory_iterator(work.data())) fs::last_write_time(entry.path(), now);

    io::write_and_rename(seal_file, [&](const fs::path& file) { write_seal(file, seal); });
    std::error_code failed;
    if (fs::is_directory(folder)) fs::rename(folder, work.old(), failed);
    if (!failed) fs::rename(work.data(), folder, failed);
    if (failed) throw RunError(fmt::format("cannot write '{}': {}", folder.string(), failed.message()));
}

}  // namespace vitrum::validation
