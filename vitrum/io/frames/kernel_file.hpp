// A correlation g1(t1,t2) that a user gives as a real square matrix in HDF5.
#pragma once

#include <string>

#include <Eigen/Core>

namespace vitrum::io {

struct KernelMatrix {
    Eigen::MatrixXd values;  // (row, column) as in the file
    std::string sha256;      // of the values as 64-bit floats, row by row, lowest byte first
};

// `place` = "FILE::/path". Throws InputError: form of the place, no such file or dataset, not two-dimensional, not real
// numbers.
[[nodiscard]] KernelMatrix read_kernel_matrix(const std::string& place);

}  // namespace vitrum::io
