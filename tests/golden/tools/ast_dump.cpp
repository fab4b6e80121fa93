// Reads snippets that are separated by NUL from standard input; writes the AST of each, or the
// names of its diagnostics, followed by NUL.  `--spans` shows the spans too.  Made for comparing
// with CPython.
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "compiler/ast/printer.h"
#include "compiler/syntax/parse.h"

int main(int argc, char** argv) {
  const ormc::ast::PrintOptions options{argc > 1 && std::string_view(argv[1]) == "--spans",
                                        1'000'000};
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  for (size_t begin = 0; begin < input.size();) {
    const size_t end = std::min(input.find('\0', begin), input.size());
    const ormc::syntax::ParseResult result =
        ormc::syntax::Parse(std::string_view(input).substr(begin, end - begin), ormc::Limits{});
    for (const ormc::Diagnostic& diagnostic : result.diagnostics) {
      std::cout << "! " << ormc::InfoOf(diagnostic.kind).name << ' ' << diagnostic.span.begin << ':'
                << diagnostic.span.end << ' ' << ormc::MessageOf(diagnostic) << '\n';
    }
    if (result.module != nullptr) std::cout << ormc::ast::Print(*result.module, options);
    std::cout << '\0';
    begin = end + 1;
  }
}
