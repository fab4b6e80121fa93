#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>

#include "tools/ormc/answer.h"

namespace ormc::tool {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// The snippets named on the command line; of a folder, its *.py, sorted.
std::vector<std::string> Snippets(const std::vector<std::string>& inputs) {
  std::vector<std::string> out;
  for (const std::string& input : inputs) {
    if (!fs::is_directory(input)) {
      out.push_back(input);
      continue;
    }
    std::vector<std::string> found;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(input)) {
      if (entry.is_regular_file() && entry.path().extension() == ".py") {
        found.push_back(entry.path().string());
      }
    }
    std::sort(found.begin(), found.end());
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

}  // namespace

bool IsFolder(const Options& options) {
  return options.inputs.size() > 1 || (options.inputs.size() == 1 && options.inputs[0] != "-" &&
                                       fs::is_directory(options.inputs[0]));
}

int CheckFolder(const Context& context) {
  const Options& options = context.options;
  const std::vector<std::string> names = Snippets(options.inputs);
  std::vector<std::string> texts;
  std::vector<CheckedSource> checked;
  json::array files;
  texts.reserve(names.size());  // the sources below refer to them
  size_t refused = 0;
  for (const std::string& name : names) {
    Result<std::string> snippet = ReadFile(name);
    if (!snippet) {
      std::cerr << "ormc: " << snippet.error().message << "\n";
      return kExitUsage;
    }
    texts.push_back(*std::move(snippet));
    const Request request{name, texts.back(), {}, {}, &context.site->view()};
    const pipeline::Compiled compiled = CompileRequest(context, request);
    const bool accepted = compiled.program != nullptr;
    refused += accepted ? 0 : 1;
    files.push_back(
        json::object{{"file", name},
                     {"ok", accepted},
                     {"diagnostics", DiagnosticsToJson(compiled.diagnostics, texts.back())}});
    checked.push_back({{name, texts.back()}, compiled.diagnostics});
  }
  switch (options.format) {
    case Format::kText:
      for (const CheckedSource& source : checked) {
        std::cerr << RenderText(source.diagnostics, source.source);
      }
      std::cerr << names.size() << (names.size() == 1 ? " snippet, " : " snippets, ") << refused
                << " refused\n";
      break;
    case Format::kJson:
      std::cout << json::serialize(json::object{{"files", files}}) << "\n";
      break;
    case Format::kSarif:
      std::cout << RenderSarif(checked) << "\n";
      break;
  }
  return refused == 0 ? kExitOk : kExitDiagnostics;
}

}  // namespace ormc::tool
