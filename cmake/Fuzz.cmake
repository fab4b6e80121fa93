# ormc_fuzz(NAME SOURCES ... DEPS ...)
#   Declares a libFuzzer target, built with clang as bin/fuzz_NAME. Its seeds stand in
#   tests/fuzz/corpus/NAME, its dictionary, where it has one, is tests/fuzz/NAME.dict.
add_custom_target(fuzzers)

function(ormc_fuzz name)
  cmake_parse_arguments(FUZZ "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(fuzz_${name} ${FUZZ_SOURCES})
  target_compile_options(fuzz_${name} PRIVATE ${ORMC_WARNINGS} -fsanitize=fuzzer)
  list(TRANSFORM FUZZ_DEPS PREPEND ormc_)
  target_link_libraries(fuzz_${name} PRIVATE ${FUZZ_DEPS} -fsanitize=fuzzer)
  add_dependencies(fuzzers fuzz_${name})
endfunction()
