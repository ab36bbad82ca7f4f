# Build options, warnings and instruction set.
include(CheckCXXSourceRuns)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(VITRUM_TESTS "Build the tests" ON)
option(VITRUM_BENCHMARKS "Build the benchmarks" ON)
option(VITRUM_FUZZ "Build the fuzzer of the readers, and nothing else; wants clang (preset fuzz)" OFF)
option(VITRUM_PRECOMPILE "Compile headers of others once for many sources" ON)
option(VITRUM_WERROR "Warnings are errors" ON)
set(VITRUM_SANITIZE "" CACHE STRING "Sanitizers, as in 'address,undefined' or 'thread'")
set(VITRUM_ARCH "auto" CACHE STRING "-march of the build: auto (x86-64-v3 where this machine runs it), none, or a name")

if(NOT CMAKE_RUNTIME_OUTPUT_DIRECTORY)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endif()

find_program(VITRUM_CCACHE ccache)
if(VITRUM_CCACHE)
  foreach(language C CXX)
    if(NOT CMAKE_${language}_COMPILER_LAUNCHER)
      # What ccache must overlook to serve sources with precompiled headers, where their checksum stands; dependencies as the
      # compiler names them, so that nothing is preprocessed twice.
      set(CMAKE_${language}_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
          CCACHE_PCH_EXTSUM=1 CCACHE_DEPEND=1 ${VITRUM_CCACHE})
    endif()
  endforeach()
  if(VITRUM_PRECOMPILE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()

if(VITRUM_ARCH STREQUAL "auto")
  set(CMAKE_REQUIRED_FLAGS "-march=x86-64-v3")
  check_cxx_source_runs("int main(){return __builtin_cpu_supports(\"avx2\") && __builtin_cpu_supports(\"fma\") ? 0 : 1;}"
                        VITRUM_RUNS_X86_64_V3)
  unset(CMAKE_REQUIRED_FLAGS)
  if(VITRUM_RUNS_X86_64_V3)
    set(VITRUM_MARCH "-march=x86-64-v3")
  endif()
elseif(NOT VITRUM_ARCH STREQUAL "none")
  set(VITRUM_MARCH "-march=${VITRUM_ARCH}")
endif()

# gcc 12 sees overlapping copies in plain assignments of text (gcc bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  set(VITRUM_FALSE_WARNINGS -Wno-restrict)
  # It forgets that precompiled code of the standard library is not ours, and warns of "text" + std::string anywhere.
  # Without precompiled headers these warnings are on.
  if(VITRUM_PRECOMPILE)
    list(APPEND VITRUM_FALSE_WARNINGS -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endif()

# Flags of our own code. No fast-math, no contraction: the same bits at every optimisation level.
add_library(vitrum_flags INTERFACE)
target_compile_options(vitrum_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -ffp-contract=off ${VITRUM_MARCH}
  ${VITRUM_FALSE_WARNINGS}
  $<$<BOOL:${VITRUM_WERROR}>:-Werror>)
if(VITRUM_SANITIZE)
  add_compile_options(-fsanitize=${VITRUM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${VITRUM_SANITIZE})
endif()

# cmake --build --preset lint
add_custom_target(lint COMMAND ${CMAKE_COMMAND} -E env VITRUM_BUILD_DIR=${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR}/scripts/lint
                  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL VERBATIM)

# vitrum_module(NAME PUBLIC libs... PRIVATE libs... EXCEPT files...): a static library vitrum_NAME, alias Vitrum::NAME, of
# every source in the folder.
function(vitrum_module name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE;EXCEPT" ${ARGN})
  file(GLOB_RECURSE sources RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS *.cpp)
  if(ARG_EXCEPT)
    list(REMOVE_ITEM sources ${ARG_EXCEPT})
  endif()
  add_library(vitrum_${name} STATIC ${sources})
  add_library(Vitrum::${name} ALIAS vitrum_${name})
  set_target_properties(vitrum_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(vitrum_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include>)
  target_compile_features(vitrum_${name} PUBLIC cxx_std_20)
  # Eigen's alignment follows the instruction set: a program linked with an installed Vitrum must share it.
  target_compile_options(vitrum_${name} INTERFACE $<INSTALL_INTERFACE:${VITRUM_MARCH}>)
  set_property(GLOBAL APPEND PROPERTY VITRUM_MODULES vitrum_${name})
  target_link_libraries(vitrum_${name} PUBLIC ${ARG_PUBLIC} PRIVATE $<BUILD_INTERFACE:vitrum_flags> ${ARG_PRIVATE})
endfunction()

# Headers of others that many sources include: compiled once. Never our own: a change of one would rebuild all.
set(VITRUM_COMMON_HEADERS <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <limits> <map> <memory> <numeric>
  <optional> <span> <string> <string_view> <utility> <variant> <vector> <Eigen/Core> <fmt/format.h> <tbb/parallel_for.h>)

# vitrum_precompile_headers(TARGET headers...): with a checksum for ccache, which would else read 140 MB for each source.
function(vitrum_precompile_headers target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  set(sum ${ARGN} ${CMAKE_CXX_COMPILER} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_BUILD_TYPE} ${CMAKE_CXX_FLAGS} ${VITRUM_MARCH}
      ${VITRUM_SANITIZE} ${Eigen3_VERSION} ${Boost_VERSION} ${TBB_VERSION} ${fmt_VERSION} ${GTest_VERSION})
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.gch.sum CONTENT "${sum}\n")
endfunction()

# vitrum_precompile(NAME headers...) or vitrum_precompile(NAME FROM OTHER), which must have the same flags.
function(vitrum_precompile name)
  if(NOT VITRUM_PRECOMPILE)
    return()
  endif()
  if(ARGV1 STREQUAL "FROM")
    target_precompile_headers(vitrum_${name} REUSE_FROM vitrum_${ARGV2})
  else()
    vitrum_precompile_headers(vitrum_${name} ${ARGN})
  endif()
endfunction()
