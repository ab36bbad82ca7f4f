#include "vitrum/io/frames/kernel_file.hpp"

#include <bit>
#include <vector>

#include <fmt/format.h>

#include "vitrum/core/error.hpp"
#include "vitrum/io/hdf5/hdf5.hpp"
#include "vitrum/io/hdf5/sha256.hpp"

namespace vitrum::io {

KernelMatrix read_kernel_matrix(const std::string& place) {
    static_assert(std::endian::native == std::endian::little);
    const auto lock = hdf5_lock();
    const auto at = place.find("::");
    if (at == std::string::npos || at == 0 || at + 2 == place.size())
        throw InputError(fmt::format("kernel_file = \"{}\": name file and dataset, as in \"kernel.h5::/g1\"", place));
    const ReadFile file(place.substr(0, at));
    const std::string path = place.substr(at + 2);
    if (!file.is_dataset(path)) file.fail(path, "no such dataset; it would hold g1(t1,t2), frames x frames");
    const auto info = file.info(path);
    if (info.type_class != H5T_FLOAT && info.type_class != H5T_INTEGER)
        file.fail(path, "does not hold real numbers; a complex g1 is not supported");
    if (info.dims.size() != 2)
        file.fail(path, fmt::format("has rank {}; a correlation g1(t1,t2) has rank 2", info.dims.size()));
    const auto values = file.read<double>(path);
    Sha256 hash;
    hash.add(values.data(), values.size() * sizeof(double));
    const auto rows = static_cast<Eigen::Index>(info.dims[0]);
    const auto columns = static_cast<Eigen::Index>(info.dims[1]);
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return {Eigen::Map<const RowMajor>(values.data(), rows, columns), hash.hex()};
}

}  // namespace vitrum::io
