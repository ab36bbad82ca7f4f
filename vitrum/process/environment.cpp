#include "vitrum/process/environment.hpp"

#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"

namespace vitrum::process {

std::vector<std::string> one_thread_each() {
    std::vector<std::string> settings;
    for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS",
                             "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "JULIA_NUM_THREADS"})
        settings.push_back(std::string(name) + "=1");
    return settings;
}

std::vector<std::string> plain_environment(const std::filesystem::path& scratch, const std::vector<std::string>& keep) {
    std::map<std::string, std::string> settings;
    for (const std::string& setting : one_thread_each()) {
        const auto at = setting.find('=');
        settings[setting.substr(0, at)] = setting.substr(at + 1);
    }
    const char* path = std::getenv("PATH");
    settings["PATH"] = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
    settings["HOME"] = settings["TMPDIR"] = std::filesystem::absolute(scratch).string();
    settings["LANG"] = settings["LC_ALL"] = "C.UTF-8";
    settings["TZ"] = "UTC";
    settings["PYTHONDONTWRITEBYTECODE"] = "1";
    settings["PYTHONHASHSEED"] = "0";
    for (const std::string& name : keep) {
        if (name.starts_with("VITRUM_") || name.empty() || name.find('=') != std::string::npos)
            throw InputError(fmt::format("the variable '{}' is not handed to other programs", name));
        if (settings.contains(name))
            throw InputError(
                fmt::format("the variable '{}' has a fixed value for other programs: {}", name, settings.at(name)));
        if (const char* value = std::getenv(name.c_str())) settings[name] = value;
    }
    std::vector<std::string> result;
    for (const auto& [name, value] : settings) result.push_back(fmt::format("{}={}", name, value));
    return result;
}

}  // namespace vitrum::process
