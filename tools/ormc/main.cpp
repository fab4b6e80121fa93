#include <exception>
#include <iostream>
#include <memory>

#include "tools/ormc/answer.h"

namespace ormc::tool {
namespace {

int Main(int argc, const char* const* argv) {
  const Parsed parsed = ParseCommandLine(argc, argv);
  if (parsed.exit) return *parsed.exit;
  const Options& options = parsed.options;

  // Never freed: at the end of a process that is only time.
  static Site* site = nullptr;
  if (!options.manifest.empty()) {
    Result<std::unique_ptr<Site>> loaded = Site::Load(options);
    if (!loaded) {
      std::cerr << "ormc: " << loaded.error().message << "\n";
      return kExitUsage;
    }
    site = (*std::move(loaded)).release();
  }
  Database database(options.database);
  const Context context{options, site, options.has_database ? &database : nullptr};
  if (options.batch) return AnswerBatch(context);
  return IsFolder(options) ? CheckFolder(context) : AnswerFile(context);
}

}  // namespace
}  // namespace ormc::tool

int main(int argc, char** argv) {
  try {
    return ormc::tool::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "ormc: internal error: " << error.what() << "\n";
    return 70;
  }
}
