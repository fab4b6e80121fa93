// What the parser alone says, for tests.
//   ast_dump FILE             the AST, or the diagnostics as text with exit code 1
//   ast_dump [--spans] - < snippets separated by NUL
//                             the AST of each on long lines, or the names of its diagnostics, each followed by NUL
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "compiler/ast/printer.h"
#include "compiler/diagnostics/render.h"
#include "compiler/syntax/parse.h"

namespace {

std::string ReadAll(std::istream& in) { return {std::istreambuf_iterator<char>(in), {}}; }

int DumpFile(const char* name) {
  std::ifstream file(name, std::ios::binary);
  const std::string text = ReadAll(file);
  const ormc::syntax::ParseResult result = ormc::syntax::Parse(text, ormc::Limits{});
  if (result.module == nullptr) {
    std::cerr << ormc::RenderText(result.diagnostics, {name, text});
    return 1;
  }
  std::cout << ormc::ast::Print(*result.module);
  return 0;
}

void DumpEach(const std::string& input, const ormc::ast::PrintOptions& options) {
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

}  // namespace

int main(int argc, char** argv) {
  const std::string_view last = argc > 1 ? argv[argc - 1] : "-";
  if (last != "-") return DumpFile(argv[argc - 1]);
  const bool spans = argc > 2 && std::string_view(argv[1]) == "--spans";
  DumpEach(ReadAll(std::cin), {spans, 1'000'000});
}
