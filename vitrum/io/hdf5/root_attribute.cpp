#include "vitrum/io/hdf5/root_attribute.hpp"

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"

namespace vitrum::io {

void add_root_attribute(const std::filesystem::path& path, const std::string& name, const std::string& value) {
    const auto lock = hdf5_lock();
    const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access_without_locks().get()), H5Fclose);
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), value.size() + 1);
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(file.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    if (!attribute || H5Awrite(attribute.get(), type.get(), value.c_str()) < 0 ||
        H5Fflush(file.get(), H5F_SCOPE_GLOBAL) < 0)
        throw RunError(fmt::format("cannot write {} into '{}': {}", name, path.string(), last_hdf5_error()));
}

std::string root_attribute(const std::filesystem::path& path, const std::string& name) {
    const auto lock = hdf5_lock();
    return ReadFile(path).text_attribute("/", name).value_or("");
}

}  // namespace vitrum::io
