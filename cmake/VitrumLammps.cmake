# LAMMPS by header and library: target Vitrum::lammps and LAMMPS_FOUND, or one line that says why not.
#
# Its own CMake package is not asked. That of Debian 12 ends the configuration of whoever reads it unless /usr/bin/lmp is
# there, which another package brings, and an error of that kind cannot be caught.
# A LAMMPS elsewhere: -DLAMMPS_ROOT=PREFIX (or CMAKE_PREFIX_PATH).
set(lammps_places HINTS ${LAMMPS_ROOT} $ENV{LAMMPS_ROOT})
find_path(LAMMPS_INCLUDE_DIR lammps/library.h ${lammps_places} PATH_SUFFIXES include)
find_library(LAMMPS_LIBRARY lammps ${lammps_places} PATH_SUFFIXES lib lib64)
mark_as_advanced(LAMMPS_INCLUDE_DIR LAMMPS_LIBRARY)

# vitrum_try_lammps(RESULT): whether a program that calls what vitrum-lammps calls can be linked.
function(vitrum_try_lammps result)
  set(source ${PROJECT_BINARY_DIR}/CMakeFiles/try_lammps.cpp)
  file(WRITE ${source} "#include <lammps/library.h>
int main() { lammps_mpi_finalize(); return lammps_open_no_mpi(0, nullptr, nullptr) != nullptr && lammps_config_has_package(\"MANYBODY\"); }
")
  try_compile(links ${PROJECT_BINARY_DIR}/CMakeFiles/try_lammps ${source}
    CMAKE_FLAGS -DINCLUDE_DIRECTORIES=${LAMMPS_INCLUDE_DIR}
    LINK_LIBRARIES ${LAMMPS_LIBRARY}
    OUTPUT_VARIABLE output)
  string(REGEX MATCH "[^\n]*(error|undefined reference)[^\n]*" first "${output}")
  set(lammps_trouble "${first}" PARENT_SCOPE)
  set(${result} ${links} PARENT_SCOPE)
  # Asked again by the next configuration: somebody may have mended it.
  unset(links CACHE)
endfunction()

set(LAMMPS_FOUND FALSE)
if(NOT LAMMPS_INCLUDE_DIR OR NOT LAMMPS_LIBRARY)
  message(STATUS "LAMMPS not found (lammps/library.h, liblammps): sources of kind 'cuzr' will say so")
else()
  vitrum_try_lammps(lammps_links)
  if(lammps_links)
    set(LAMMPS_FOUND TRUE)
    add_library(Vitrum::lammps UNKNOWN IMPORTED)
    set_target_properties(Vitrum::lammps PROPERTIES IMPORTED_LOCATION ${LAMMPS_LIBRARY}
                          INTERFACE_INCLUDE_DIRECTORIES ${LAMMPS_INCLUDE_DIR})
    message(STATUS "LAMMPS found, ${LAMMPS_LIBRARY}: vitrum-lammps will be built")
  else()
    message(STATUS "LAMMPS left out: no program links with ${LAMMPS_LIBRARY}: ${lammps_trouble}")
    message(STATUS "Sources of kind 'cuzr' will say so; another LAMMPS: -DLAMMPS_ROOT=PREFIX")
  endif()
endif()
