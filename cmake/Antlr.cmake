# The generator must match the runtime that is installed: Debian 12 has the runtime 4.9 but the tool
# 4.7.2, whose output does not compile as C++20. `make deps` fetches the tool with the runtime's
# version (scripts/deps/antlr.sh).
find_library(ANTLR4_RUNTIME antlr4-runtime REQUIRED)
# The archive, where there is one: calls through a shared library's table were a tenth of a compilation.
find_library(ANTLR4_ARCHIVE libantlr4-runtime.a)
find_path(ANTLR4_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
find_program(JAVA java REQUIRED)
file(REAL_PATH ${ANTLR4_RUNTIME} ANTLR4_RUNTIME_FILE)
string(REGEX REPLACE ".*\\.so\\." "" ORMC_ANTLR_VERSION ${ANTLR4_RUNTIME_FILE})
set(ORMC_ANTLR_JAR "$ENV{HOME}/.m2/repository/org/antlr/antlr4/${ORMC_ANTLR_VERSION}/antlr4-${ORMC_ANTLR_VERSION}-complete.jar"
    CACHE FILEPATH "the ANTLR tool that matches the runtime")
if(NOT EXISTS ${ORMC_ANTLR_JAR})
  message(FATAL_ERROR "no ANTLR tool at ${ORMC_ANTLR_JAR}: run `make deps`")
endif()

# ormc_antlr_parser(FOLDER): makes token_kinds.h and the library ormc_grammar (the generated parser) in
# FOLDER from grammar/.  What the tool writes is not ours: it is compiled without our warnings.
function(ormc_antlr_parser folder)
  set(grammar ${CMAKE_SOURCE_DIR}/grammar)
  set(tool ${JAVA} -jar ${ORMC_ANTLR_JAR} -Werror -Dlanguage=Cpp -no-listener -no-visitor
      -package ormc::syntax::generated -Xexact-output-dir -o ${folder})
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${folder}/OrmLexer.tokens ${folder}/token_kinds.h
    COMMAND ${tool} ${grammar}/OrmLexer.g4
    COMMAND ${CMAKE_COMMAND} -DTOKENS=${folder}/OrmLexer.tokens -DHEADER=${folder}/token_kinds.h
            -P ${CMAKE_SOURCE_DIR}/cmake/TokenKinds.cmake
    DEPENDS ${grammar}/OrmLexer.g4 ${CMAKE_SOURCE_DIR}/cmake/TokenKinds.cmake VERBATIM)
  add_custom_command(
    OUTPUT ${folder}/OrmParser.cpp ${folder}/OrmParser.h
    COMMAND ${CMAKE_COMMAND} -DGRAMMAR=${grammar}/OrmParser.g4 -DOUTPUT=${folder}/OrmParser.g4
            -P ${CMAKE_SOURCE_DIR}/cmake/UnlabelledGrammar.cmake
    COMMAND ${tool} -lib ${folder} ${folder}/OrmParser.g4
    DEPENDS ${grammar}/OrmParser.g4 ${folder}/OrmLexer.tokens
            ${CMAKE_SOURCE_DIR}/cmake/UnlabelledGrammar.cmake VERBATIM)
  add_library(ormc_grammar STATIC ${folder}/OrmParser.cpp ${folder}/OrmParser.h ${folder}/token_kinds.h)
  target_include_directories(ormc_grammar SYSTEM PUBLIC ${ANTLR4_INCLUDE} ${folder} ${CMAKE_SOURCE_DIR})
  target_link_libraries(ormc_grammar PUBLIC
    $<IF:$<BOOL:${ANTLR4_ARCHIVE}>,${ANTLR4_ARCHIVE},${ANTLR4_RUNTIME}>)
endfunction()
