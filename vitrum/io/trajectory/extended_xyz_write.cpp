#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/io/trajectory/trajectory_parts.hpp"

namespace vitrum::io {

void write_extended_xyz(const std::filesystem::path& path, const Trajectory& t) {
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "wb"));
    const auto must = [&](bool good) {
        if (!good) throw RunError(fmt::format("cannot write '{}': {}", path.string(), std::strerror(errno)));
    };
    must(file != nullptr);
    for (const AtomFrame& frame : t.frames) {
        check_interrupt();
        const CellMatrix& h = frame.box;
        fmt::memory_buffer out;
        auto to = std::back_inserter(out);
        fmt::format_to(to,
                       "{}\nLattice=\"{} {} {} {} {} {} {} {} {}\" Properties=species:S:1:pos:R:3:id:I:1{} "
                       "pbc=\"T T T\" Step={} Time={} Time_unit=ps\n",
                       t.atoms(), h[0], h[3], h[6], h[1], h[4], h[7], h[2], h[5], h[8], t.unwrapped ? ":image:I:3" : "",
                       frame.step, frame.time * 1e12);
        for (std::size_t i = 0; i < t.atoms(); ++i) {
            const WrappedPosition p = wrapped_position(h, &frame.fractional[3 * i], t.unwrapped);
            fmt::format_to(to, "{} {} {} {} {}", t.elements[static_cast<std::size_t>(t.species[i])], p.r[0], p.r[1],
                           p.r[2], t.id[i]);
            if (t.unwrapped) fmt::format_to(to, " {} {} {}", p.image[0], p.image[1], p.image[2]);
            out.push_back('\n');
        }
        must(std::fwrite(out.data(), 1, out.size(), file.get()) == out.size());
    }
    must(std::fflush(file.get()) == 0);
}

}  // namespace vitrum::io
