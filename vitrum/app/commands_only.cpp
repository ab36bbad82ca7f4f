#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <tbb/global_control.h>

#include "vitrum/app/commands.hpp"
#include "vitrum/app/json.hpp"
#include "vitrum/app/print.hpp"
#include "vitrum/core/error.hpp"
#include "vitrum/core/files/temporary_folder.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/pipeline/run/work.hpp"
#include "vitrum/validation/study/study_run.hpp"

namespace vitrum::app {

namespace v = validation;

namespace {

struct Place {
    std::uint32_t cell = 0;
    std::uint64_t replicate = 0;
};

Place parse_only(const std::string& text, const v::Study& study) {
    Place place;
    const auto colon = text.find(':');
    const char* end = text.data() + text.size();
    const char* middle = text.data() + std::min(colon, text.size());
    const auto cell = std::from_chars(text.data(), middle, place.cell);
    const auto replicate = std::from_chars(std::min(middle + 1, end), end, place.replicate);
    if (colon == std::string::npos || cell.ec != std::errc{} || cell.ptr != middle || replicate.ec != std::errc{} ||
        replicate.ptr != end)
        throw InputError(fmt::format("--only {}: write CELL:REPLICATE, both from 0, as in 2:17", text));
    if (place.cell >= study.cells.size())
        throw InputError(fmt::format("--only {}: the study has the cells 0 to {}", text, study.cells.size() - 1));
    return place;
}

Json as_json(const v::Estimand& e, const v::Row& r) {
    return {{"method", e.method},
            {"series", e.series},
            {"quantity", e.quantity},
            {"unit", e.unit},
            {"place", e.abscissa.label()},
            {"truth", number(r.truth)},
            {"estimate", number(r.estimate)},
            {"standard_error", number(r.standard_error)},
            {"interval", {number(r.lower), number(r.upper)}},
            {"status", name(r.status)}};
}

}  // namespace

int validate_only(const std::string& file, const ValidateOptions& options, const Common& common) {
    if (!common.output.empty() || !common.report.empty() || !options.chunk.empty())
        throw InputError("--only prints and writes nothing: no --output, --report or --chunk with it");
    const v::Study study = v::read_study(file, {options.replicates, common.seed, common.settings});
    const Place place = parse_only(options.only, study);
    v::expect_consent(study);
    const auto& scenario = study.cells[place.cell].scenario;
    expect_work(pipeline::core_seconds(scenario), study.file.string());
    expect_memory(pipeline::bytes_of(scenario), study.file.string());
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    common.threads > 0 ? static_cast<std::size_t>(common.threads) : 1);
    const TemporaryFolder scratch("replicate");
    const v::Observed seen = v::one_replicate(study, place.cell, place.replicate, scratch.path());
    if (options.json) {
        Json document = {{"study", study.name},
                         {"cell", study.cells[place.cell].label},
                         {"replicate", place.replicate},
                         {"failure", seen.rows.failure},
                         {"rows", Json::array()}};
        for (const auto& row : seen.rows.rows) document["rows"].push_back(as_json(seen.estimands[row.estimand], row));
        print_json(document);
        return 0;
    }
    print("{}: {}, replicate {}\n", study.name, study.cells[place.cell].label, place.replicate);
    if (!seen.rows.failure.empty()) print("failed: {}\n", seen.rows.failure);
    for (const auto& row : seen.rows.rows) {
        const v::Estimand& e = seen.estimands[row.estimand];
        print("{:<12} {:<14} {:<26} {:<22} truth {:<12.6g} {:.6g} +- {:.3g} [{:.6g}, {:.6g}]  {}\n", e.method, e.series,
              e.quantity, e.abscissa.label(), row.truth, row.estimate, row.standard_error, row.lower, row.upper,
              name(row.status));
    }
    return 0;
}

}  // namespace vitrum::app
