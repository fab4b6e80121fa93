# ccache and mold, where they are installed: a build without them is only slower.
find_program(ORMC_CCACHE ccache)
if(ORMC_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ORMC_CCACHE})
endif()
find_program(ORMC_MOLD mold)
if(ORMC_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
