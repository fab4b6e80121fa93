# The generator must match the runtime that is installed: Debian 12 has the runtime 4.9 but the tool
# 4.7.2, whose output does not compile as C++20. `make deps` fetches the tool with the runtime's
# version (scripts/deps/antlr.sh).
find_library(ANTLR4_RUNTIME antlr4-runtime REQUIRED)
find_path(ANTLR4_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
find_program(JAVA java REQUIRED)
file(REAL_PATH ${ANTLR4_RUNTIME} ANTLR4_RUNTIME_FILE)
string(REGEX REPLACE ".*\\.so\\." "" ORMC_ANTLR_VERSION ${ANTLR4_RUNTIME_FILE})
set(ORMC_ANTLR_JAR "$ENV{HOME}/.m2/repository/org/antlr/antlr4/${ORMC_ANTLR_VERSION}/antlr4-${ORMC_ANTLR_VERSION}-complete.jar"
    CACHE FILEPATH "the ANTLR tool that matches the runtime")
if(NOT EXISTS ${ORMC_ANTLR_JAR})
  message(FATAL_ERROR "no ANTLR tool at ${ORMC_ANTLR_JAR}: run `make deps`")
endif()
