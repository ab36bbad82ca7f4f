#!/usr/bin/env bash
# Installs a build into a folder of its own, then builds and runs a project that finds Vitrum there.
# Usage: tests/package/run.sh BUILD_DIR
set -euo pipefail

consumer=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "${1:?usage: run.sh BUILD_DIR}" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

cmake --install "$build" --prefix "$place/vitrum" >"$place/install.log" || { cat "$place/install.log"; exit 1; }

# Whoever builds with sanitizers links with them.
flags=$(sed -n 's/^VITRUM_SANITIZE:STRING=\(..*\)/-fsanitize=\1/p' "$build/CMakeCache.txt")
cmake -S "$consumer" -B "$place/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$place/vitrum" \
    -DCMAKE_CXX_FLAGS="$flags" >"$place/configure.log" 2>&1 || { cat "$place/configure.log"; exit 1; }
cmake --build "$place/build"

# What is installed does not lean on the tree that it came from.
source_dir=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$build/CMakeCache.txt")
if grep -rnF "$source_dir" "$place/vitrum" --include='*.cmake'; then
    echo "the installed package names the source folder"
    exit 1
fi

"$place/build/consumer"
if [[ -x $place/build/reader ]]; then (cd "$place" && "$place/build/reader"); fi
if [[ -x $place/vitrum/bin/vitrum ]]; then (cd "$place" && "$place/vitrum/bin/vitrum" list >/dev/null); fi
