#include "vitrum/io/hdf5/hdf5_reach.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/core/limits.hpp"
#include "vitrum/io/hdf5/hdf5_layout.hpp"
#include "vitrum/io/text/input_file.hpp"

namespace vitrum::io {

namespace fs = std::filesystem;

namespace {

constexpr int most_links = 100;          // on the way to one dataset
constexpr int most_files = 8;            // one behind the other
constexpr hsize_t most_blocks = 100000;  // of a numbered virtual source

std::deque<std::string> parts_of(const std::string& path) {
    std::deque<std::string> parts;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, end - at);
        if (!part.empty() && part != ".") parts.push_back(part);
        at = end + 1;
    }
    return parts;
}

// The file that the library opens for `name` in a file of `folder`, in the order in which it looks; "" if there is
// none.
fs::path found(const std::string& name, const fs::path& folder, const char* variable) {
    if (name.empty()) return {};
    std::error_code ignored;
    std::vector<fs::path> candidates;
    fs::path sought = name;
    if (sought.is_absolute()) {
        candidates.push_back(sought);
        sought = sought.filename();
    }
    if (const char* prefix = std::getenv(variable)) candidates.push_back(fs::path(prefix) / sought);
    candidates.push_back(folder / sought);
    candidates.push_back(sought);
    for (const auto& candidate : candidates)
        if (fs::exists(candidate, ignored)) return candidate;
    return {};
}

class Reach {
public:
    explicit Reach(const ReadFile& file) : main_(file.path()) {
        std::error_code ignored;
        const fs::path beside = main_.has_parent_path() ? main_.parent_path() : fs::path(".");
        roots_ = {fs::weakly_canonical(beside, ignored), fs::weakly_canonical(main_, ignored).parent_path()};
    }

    void follow(const ReadFile& file, const std::string& path) {
        std::string done;
        auto todo = parts_of(path);
        while (!todo.empty()) {
            const std::string next = done + "/" + todo.front();
            H5L_info_t info;
            if (H5Lget_info(file.id(), next.c_str(), &info, H5P_DEFAULT) < 0) return;
            todo.pop_front();
            if (info.type == H5L_TYPE_HARD) {
                done = next;
                continue;
            }
            if (++links_ > most_links) file.fail(path, "links lead in circles");
            std::vector<char> value(info.u.val_size + 1, '\0');
            if (H5Lget_val(file.id(), next.c_str(), value.data(), info.u.val_size, H5P_DEFAULT) < 0) return;
            if (info.type == H5L_TYPE_SOFT) {
                const std::string target(value.data());
                auto more = parts_of(target);
                if (!target.empty() && target.front() == '/') done.clear();
                todo.insert(todo.begin(), more.begin(), more.end());
            } else if (info.type == H5L_TYPE_EXTERNAL) {
                const char* name = nullptr;
                const char* object = nullptr;
                unsigned flags = 0;
                if (H5Lunpack_elink_val(value.data(), info.u.val_size, &flags, &name, &object) < 0) return;
                std::string rest(object);
                for (const auto& part : todo) rest += "/" + part;
                enter(file, next, found(name, folder_of(file), "HDF5_EXT_PREFIX"), rest);
                return;
            } else {
                file.fail(next, "is a link of a kind that is not followed");
            }
        }
        if (!done.empty()) look_behind(file, done);
    }

    [[nodiscard]] double bytes() const { return bytes_; }

private:
    static fs::path folder_of(const ReadFile& file) {
        return file.path().has_parent_path() ? file.path().parent_path() : fs::path(".");
    }

    // Goes on at `path` of another file.
    void enter(const ReadFile& from, const std::string& link, const fs::path& source, const std::string& path) {
        if (source.empty()) return;
        allow(from, link, source);
        std::error_code ignored;
        if (!entered_.insert(fs::weakly_canonical(source, ignored).string() + "::" + path).second) return;
        if (++depth_ > most_files) from.fail(link, "leads through too many files, one behind the other");
        const ReadFile other(source);
        follow(other, path);
        --depth_;
    }

    void allow(const ReadFile& from, const std::string& link, const fs::path& source) {
        std::error_code failed;
        const fs::path real = fs::weakly_canonical(source, failed);
        const bool inside = std::any_of(roots_.begin(), roots_.end(), [&](const fs::path& root) {
            return std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first == root.end();
        });
        try {
            expect_input_file(source);
        } catch (const InputError& e) {
            from.fail(link, fmt::format("leads to a file that is not read: {}", e.what()));
        }
        if (!inside && !consent().follow_links)
            from.fail(link,
                      fmt::format("leads out of the folder of '{}', to '{}'; if that is meant, say --follow-links",
                                  main_.string(), source.string()));
        note_followed(source);
        bytes_ += static_cast<double>(fs::file_size(source, failed));
    }

    void look_behind(const ReadFile& file, const std::string& path) {
        const Handle object(H5Oopen(file.id(), path.c_str(), H5P_DEFAULT), H5Oclose);
        if (!object || H5Iget_type(object.get()) != H5I_DATASET) return;
        const Handle layout(H5Dget_create_plist(object.get()), H5Pclose);
        const int raw = H5Pget_external_count(layout.get());
        for (int i = 0; i < raw; ++i) {
            std::array<char, 4096> name{};
            if (H5Pget_external(layout.get(), static_cast<unsigned>(i), name.size() - 1, name.data(), nullptr,
                                nullptr) < 0)
                continue;
            if (const fs::path source = found(name.data(), folder_of(file), "HDF5_EXTFILE_PREFIX"); !source.empty())
                allow(file, path, source);
        }
        for (const auto& [name, set] : virtual_sources(object.get())) {
            if (name == ".") {
                if (entered_.insert("::" + set).second) follow(file, set);
            } else if (name.find('%') == std::string::npos) {
                enter(file, path, found(name, folder_of(file), "HDF5_VDS_PREFIX"), set);
            } else {
                numbered(file, path, name, set);
            }
        }
    }

    // "part_%b.h5": as many as are there.
    void numbered(const ReadFile& file, const std::string& path, const std::string& name, const std::string& set) {
        const auto with = [](std::string text, hsize_t block) {
            for (std::size_t at = 0; (at = text.find('%', at)) != std::string::npos && at + 1 < text.size();) {
                const std::string by = text[at + 1] == 'b' ? fmt::format("{}", block) : text[at + 1] == '%' ? "%" : "";
                text.replace(at, 2, by);
                at += by.size();
            }
            return text;
        };
        for (hsize_t block = 0; block < most_blocks; ++block) {
            const fs::path source = found(with(name, block), folder_of(file), "HDF5_VDS_PREFIX");
            if (source.empty()) return;
            enter(file, path, source, with(set, block));
        }
    }

    fs::path main_;
    std::vector<fs::path> roots_;
    std::set<std::string> entered_;
    int links_ = 0;
    int depth_ = 0;
    double bytes_ = 0;
};

}  // namespace

void expect_reachable(const ReadFile& file, const std::string& path) { Reach(file).follow(file, path); }

double bytes_behind(const ReadFile& file, const std::string& path) {
    Reach reach(file);
    reach.follow(file, path);
    std::error_code ignored;
    return static_cast<double>(fs::file_size(file.path(), ignored)) + reach.bytes();
}

}  // namespace vitrum::io
