#include "vitrum/pipeline/run/slabs.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "vitrum/core/interrupt.hpp"

namespace vitrum::pipeline {

GeneratedSet in_slabs(const Unit& unit, const UnitContext& context, std::size_t at_a_time) {
    SlabbedSet made = unit.slabs(context);
    const auto& series = std::get<SpeckleSeries>(made.set.data.data);
    GeneratedSet result;
    result.slabs.emplace(context.scratch, series.frames, series.pixels(), made.sparse);
    // The same slabs for any number of threads, so that another run can go on with them.
    constexpr double memory = 512e6;
    const std::size_t width = slab_pixels(made.bytes, made.block, series.pixels(),
                                          memory / static_cast<double>(std::min<std::size_t>(at_a_time, 8)));
    for (std::size_t begin = 0; begin < series.pixels(); begin += width) {
        check_interrupt();
        const std::size_t end = std::min(begin + width, series.pixels());
        if (!result.slabs->resume(begin, end)) result.slabs->keep(made.slab(begin, end));
        context.progress(static_cast<double>(end) / static_cast<double>(series.pixels()),
                         fmt::format("{} of {} pixels", end, series.pixels()));
    }
    result.set = std::move(made.set);
    return result;
}

void write_generated(const std::filesystem::path& file, std::vector<GeneratedSet> sets, const std::string& scenario,
                     const std::vector<std::pair<std::string, std::string>>& provenance) {
    std::vector<io::LabelledData> data;
    std::vector<const io::SlabStore*> slabs;
    for (auto& set : sets) {
        data.push_back(std::move(set.set));
        slabs.push_back(set.slabs ? &*set.slabs : nullptr);
    }
    io::write_frames(file, data, scenario, provenance, slabs);
}

}  // namespace vitrum::pipeline
