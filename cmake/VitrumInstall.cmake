# Installation: programs, scenarios, and the libraries core, io, model and analysis as the CMake package Vitrum,
# so that another project can write
#     find_package(Vitrum 0.1 REQUIRED)
#     target_link_libraries(mine PRIVATE Vitrum::analysis)
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(TARGET vitrum)
  install(TARGETS vitrum RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET vitrum-lammps)
  install(TARGETS vitrum-lammps RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/vitrum)
endif()
foreach(kind scenarios studies)
  install(DIRECTORY ${kind}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/vitrum/${kind} FILES_MATCHING
    PATTERN "*.toml" PATTERN "*.csv")
endforeach()
install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DATADIR}/vitrum/examples FILES_MATCHING PATTERN "*.py")
install(FILES LICENSE CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Libraries: those made in the folders that others may build on.
set(VITRUM_EXPORTED "")
get_property(modules GLOBAL PROPERTY VITRUM_MODULES)
foreach(module IN LISTS modules)
  get_target_property(folder ${module} SOURCE_DIR)
  cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(folder MATCHES "^vitrum/(core|io|model|analysis)$")
    install(TARGETS ${module} EXPORT VitrumTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    list(APPEND VITRUM_EXPORTED ${module})
  endif()
endforeach()

# Headers keep their folders: #include "vitrum/core/data/speckle_series.hpp". Those that show HDF5 stay inside.
file(GLOB_RECURSE headers RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS vitrum/core/*.hpp vitrum/io/*.hpp
  vitrum/model/*.hpp vitrum/analysis/*.hpp)
foreach(header IN LISTS headers)
  file(STRINGS ${PROJECT_SOURCE_DIR}/${header} shows_hdf5 REGEX "#include [<\"](vitrum/io/hdf5/)?hdf5")
  if(NOT shows_hdf5)
    cmake_path(GET header PARENT_PATH folder)
    install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder})
  endif()
endforeach()

if(VITRUM_EXPORTED)
  set(VITRUM_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/Vitrum)
  install(EXPORT VitrumTargets NAMESPACE Vitrum:: DESTINATION ${VITRUM_PACKAGE_DIR})
  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/VitrumConfig.cmake.in ${PROJECT_BINARY_DIR}/VitrumConfig.cmake
                                INSTALL_DESTINATION ${VITRUM_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
  # Versions below 1.0 promise nothing across the second number.
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/VitrumConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/VitrumConfig.cmake ${PROJECT_BINARY_DIR}/VitrumConfigVersion.cmake
          DESTINATION ${VITRUM_PACKAGE_DIR})
endif()
