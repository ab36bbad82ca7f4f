#include "vitrum/io/hdf5/data_hash.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/interrupt.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/io/hdf5/damaged.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/hdf5/hdf5_layout.hpp"
#include "vitrum/io/hdf5/hdf5_links.hpp"
#include "vitrum/io/hdf5/root_attribute.hpp"
#include "vitrum/io/hdf5/sha256.hpp"

namespace vitrum::io {

namespace {

// Datasets that say who and when, not what.
bool excluded(const std::string& name) {
    return name == "provenance" || name == "process" || name == "start_time" || name == "end_time" ||
           name == "entry_identifier";
}

// All datasets below a group. Links can lead back up, and to one group in many ways.
class Collector {
public:
    explicit Collector(const ReadFile& file) : file_(file) { below("", 0); }
    std::vector<std::string> paths;

private:
    void below(const std::string& group, int depth) {
        constexpr int deepest = 32;
        constexpr std::size_t most = 300000;
        H5O_info_t about;
        if (depth > deepest ||
            H5Oget_info_by_name(file_.id(), group.empty() ? "/" : group.c_str(), &about, H5P_DEFAULT) < 0)
            return;
        const std::pair here{about.fileno, about.addr};
        if (std::find(above_.begin(), above_.end(), here) != above_.end()) return;
        above_.push_back(here);
        for (const auto& name : file_.children(group)) {
            check_interrupt();
            if (excluded(name)) continue;
            if (++seen_ > most && !consent().large)
                file_.fail(group.empty() ? "/" : group,
                           fmt::format("has more than {} objects below it; if that is right, say --allow-large", most));
            const std::string path = group + "/" + name;
            if (!reachable(path)) continue;
            if (file_.is_dataset(path)) {
                if (!shows_others(file_, path)) paths.push_back(path);  // what it shows is hashed where it stands
            } else if (file_.is_group(path)) {
                below(path, depth + 1);
            }
        }
        above_.pop_back();
    }

    // A link to what may not be read is no part of the data, unless somebody wants to read it.
    [[nodiscard]] bool reachable(const std::string& path) const {
        try {
            return file_.exists(path);
        } catch (const InputError&) {
            return false;
        }
    }

    const ReadFile& file_;
    std::vector<std::pair<unsigned long, haddr_t>> above_;
    std::size_t seen_ = 0;
};

std::string type_name(const DatasetInfo& info) {
    switch (info.type_class) {
        case H5T_FLOAT: return fmt::format("float{}", 8 * info.size);
        case H5T_INTEGER: return fmt::format("{}int{}", info.is_signed ? "" : "u", 8 * info.size);
        case H5T_STRING: return "text";
        default: return fmt::format("class{}", static_cast<int>(info.type_class));
    }
}

// Numbers in their own width, a slab of rows at a time, so that memory stays bounded.
template <class T>
void add_numbers(const ReadFile& file, const std::string& path, const Dimensions& dims, Sha256& hash) {
    if (dims.empty()) {
        const auto value = file.read<T>(path);
        hash.add(value.data(), value.size() * sizeof(T));
        return;
    }
    std::size_t row = 1;
    for (std::size_t i = 1; i < dims.size(); ++i) row *= dims[i];
    const std::size_t rows = row == 0 ? 0 : dims[0];
    expect_inflation(static_cast<double>(row * sizeof(T)), static_cast<double>(std::filesystem::file_size(file.path())),
                     file.path().string() + "::" + path);
    constexpr std::size_t target = std::size_t{1} << 22;
    // Whole rows of chunks: one that is read in pieces is unpacked again for each.
    const std::size_t chunk = chunk_rows(file, path);
    const std::size_t room = std::max<std::size_t>(1, target / std::max<std::size_t>(1, row));
    constexpr std::size_t most = 16;
    const std::size_t slab = chunk <= room ? room / chunk * chunk : chunk <= most * room ? chunk : room;
    std::vector<T> buffer;
    for (std::size_t first = 0; first < rows; first += slab) {
        check_interrupt();
        const std::size_t count = std::min(slab, rows - first);
        buffer.resize(count * row);
        file.read_rows(path, first, count, buffer.data());
        hash.add(buffer.data(), buffer.size() * sizeof(T));
    }
}

void add_integers(const ReadFile& file, const std::string& path, const DatasetInfo& info, Sha256& hash) {
    switch (info.size) {
        case 1: return add_numbers<std::uint8_t>(file, path, info.dims, hash);
        case 2:
            return info.is_signed ? add_numbers<std::int16_t>(file, path, info.dims, hash)
                                  : add_numbers<std::uint16_t>(file, path, info.dims, hash);
        case 4:
            return info.is_signed ? add_numbers<std::int32_t>(file, path, info.dims, hash)
                                  : add_numbers<std::uint32_t>(file, path, info.dims, hash);
        default:
            return info.is_signed ? add_numbers<std::int64_t>(file, path, info.dims, hash)
                                  : add_numbers<std::uint64_t>(file, path, info.dims, hash);
    }
}

std::string compute(const ReadFile& file) {
    auto paths = Collector(file).paths;
    std::sort(paths.begin(), paths.end());
    Sha256 hash;
    for (const auto& path : paths) {
        check_interrupt();
        const DatasetInfo info = file.info(path);
        hash.add(fmt::format("{}\n{}\n{}\n{}\n", path, type_name(info), fmt::join(info.dims, ","),
                             file.text_attribute(path, "units").value_or("")));
        if (info.type_class == H5T_STRING) {
            for (const auto& text : file.texts(path)) hash.add(fmt::format("{}:{}\n", text.size(), text));
        } else if (info.type_class == H5T_FLOAT) {
            if (info.size <= 4)
                add_numbers<float>(file, path, info.dims, hash);
            else
                add_numbers<double>(file, path, info.dims, hash);
        } else if (info.type_class == H5T_INTEGER || info.type_class == H5T_ENUM) {
            if (info.size == 1 && info.is_signed)
                add_numbers<std::int8_t>(file, path, info.dims, hash);
            else
                add_integers(file, path, info, hash);
        }
    }
    return hash.hex();
}

}  // namespace

std::string compute_data_hash(const std::filesystem::path& path) {
    const auto lock = hdf5_lock();
    return compute(ReadFile(path));
}

void store_data_hash(const std::filesystem::path& path) {
    const auto lock = hdf5_lock();
    const std::string hash = compute(ReadFile(path));  // the file is closed again
    add_root_attribute(path, "data_hash", hash);
}

CheckedFile check_file(const std::filesystem::path& path) {
    const auto lock = hdf5_lock();
    return undamaged(path, [&] {
        const ReadFile file(path);
        CheckedFile result;
        result.stored = file.text_attribute("/", "data_hash").value_or("");
        result.creator = file.text_attribute("/", "creator").value_or("");
        result.computed = compute(file);
        if (file.is_dataset("/entry/scenario")) result.scenario = file.text("/entry/scenario");
        if (file.is_group("/entry/provenance"))
            for (const auto& name : file.children("/entry/provenance"))
                if (file.is_dataset("/entry/provenance/" + name))
                    result.provenance.emplace_back(name, file.text("/entry/provenance/" + name));
        return result;
    });
}

}  // namespace vitrum::io
