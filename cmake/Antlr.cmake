# The generator must match the runtime that is installed: Debian 12 has the runtime 4.9 but the tool
# 4.7.2, whose output does not compile as C++20. ORMC_ANTLR_JAR comes from the Makefile, which fetches
# org.antlr:antlr4:<runtime version>:complete with Maven.
find_library(ANTLR4_RUNTIME antlr4-runtime REQUIRED)
find_path(ANTLR4_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
find_program(JAVA java REQUIRED)
set(ORMC_ANTLR_VERSION 4.9)
set(ORMC_ANTLR_JAR "$ENV{HOME}/.m2/repository/org/antlr/antlr4/${ORMC_ANTLR_VERSION}/antlr4-${ORMC_ANTLR_VERSION}-complete.jar"
    CACHE FILEPATH "the ANTLR tool that matches the runtime")
if(NOT EXISTS ${ORMC_ANTLR_JAR})
  message(FATAL_ERROR "no ANTLR tool at ${ORMC_ANTLR_JAR}: run `make deps`")
endif()
