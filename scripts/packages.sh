# The one list of Debian packages that Vitrum needs, and how to install them. Sourced by the other scripts.
# shellcheck shell=bash

vitrum_build_packages=(
    g++ cmake ninja-build pkg-config
    libeigen3-dev libboost-dev libtbb-dev libfmt-dev librandom123-dev
    libhdf5-dev hdf5-filter-plugin bitshuffle libssl-dev
    libceres-dev libfftw3-dev voro++-dev
    liblammps-dev lammps-data
    libcli11-dev libtoml11-dev nlohmann-json3-dev
    gnuplot-nox fonts-dejavu-core
)
vitrum_test_packages=(libgtest-dev libgmock-dev libbenchmark-dev python3 python3-h5py python3-mdanalysis python3-silx)
vitrum_benchmark_packages=(libbenchmark-dev libopenblas0-pthread)  # and the peer that some compare with
vitrum_lint_packages=(clang-format-16 clang-tidy-16)
vitrum_fuzz_packages=(clang-16 libclang-rt-16-dev)

# install_packages NAME...: installs those that are missing; without network and quick when all are there.
install_packages() {
    local missing=() package as_root=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "This system has no apt-get; install what these Debian packages hold and carry on:" >&2
        echo "  $*" >&2
        return 0
    fi
    for package in "$@"; do
        [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    echo "Installing ${#missing[@]} Debian package(s): ${missing[*]}"
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            echo "Packages are missing, and this is neither root nor is there sudo. As root, run:" >&2
            echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    # env inside sudo: sudo does not pass variables on.
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    "${as_root[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null
    "${as_root[@]}" apt-get -y -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}
