# ormc_room(NAME SOURCES ... DEPS ... [LIBS ...])
#   Declares a room: a static library `ormc_NAME` with the project's warnings.
#   DEPS are other rooms (public), LIBS are third-party targets or libraries (private).
# ormc_test(NAME SOURCES ... DEPS ... [LIBS ...])
#   Declares a GoogleTest executable that ctest runs as NAME.
set(ORMC_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Werror=switch)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # False in g++ 12: `"x" + std::string` where it is inlined (GCC bug 105651), and the frames of Asio's
  # coroutines.
  list(APPEND ORMC_WARNINGS -Wno-restrict -Wno-mismatched-new-delete)
else()
  # clang's -Wconversion knows more than that of g++, which is the judge; clang builds for the checks only.
  list(REMOVE_ITEM ORMC_WARNINGS -Werror)
endif()

function(ormc_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  add_library(ormc_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(ormc_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(ormc_${name} PRIVATE ${ORMC_WARNINGS})
  list(TRANSFORM ROOM_DEPS PREPEND ormc_)
  target_link_libraries(ormc_${name} PUBLIC ${ROOM_DEPS} PRIVATE ${ROOM_LIBS})
endfunction()

function(ormc_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${TEST_SOURCES})
  target_compile_options(${name} PRIVATE ${ORMC_WARNINGS})
  list(TRANSFORM TEST_DEPS PREPEND ormc_)
  target_link_libraries(${name} PRIVATE ${TEST_DEPS} ${TEST_LIBS} GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
