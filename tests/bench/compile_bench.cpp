// ormc's part of `make bench`: CPU time from snippet to SQL, of the parser alone, and of the verifier.
//
//   compile_bench MANIFEST SNIPPETS          warm: JSON {name: {"compile", "parse", "verify"}} in ns
//   compile_bench MANIFEST SNIPPETS NAME     cold: ns of the first compilation in this process
//
// SNIPPETS is a JSON object from name to text.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "compiler/manifest/load.h"
#include "compiler/manifest/scope.h"
#include "compiler/pipeline/compile.h"
#include "compiler/syntax/parse.h"
#include "runtime/postgres/verify.h"

namespace {

constexpr int64_t kBatchNanoseconds = 20'000'000;
constexpr size_t kBatches = 7;

std::string ReadFile(const char* path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int64_t CpuNanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

template <class Work>
int64_t Batch(const Work& work, int64_t rounds) {
  const int64_t start = CpuNanoseconds();
  for (int64_t round = 0; round < rounds; ++round) work();
  return CpuNanoseconds() - start;
}

// The median over batches of one round's time.
template <class Work>
int64_t Median(const Work& work) {
  int64_t rounds = 1;
  while (Batch(work, rounds) < kBatchNanoseconds) rounds *= 2;
  std::array<int64_t, kBatches> times{};
  for (int64_t& time : times) time = Batch(work, rounds) / rounds;
  std::sort(times.begin(), times.end());
  return times[kBatches / 2];
}

// The statements of a compiled snippet; a refusal is an error of the benchmark.
std::vector<std::string> Statements(const std::string& snippet,
                                    const ormc::manifest::ScopedManifest& scope) {
  const auto compiled = ormc::pipeline::Compile(snippet, scope, {});
  if (compiled.program == nullptr) {
    throw std::runtime_error(snippet + "\n" + ormc::MessageOf(compiled.diagnostics.front()));
  }
  std::vector<std::string> statements;
  for (const auto& query : compiled.program->queries) {
    for (const auto& variant : query.variants) statements.push_back(variant.sql);
  }
  return statements;
}

boost::json::object Measure(const std::string& snippet,
                            const ormc::manifest::ScopedManifest& scope) {
  const std::vector<std::string> statements = Statements(snippet, scope);
  return {
      {"compile", Median([&] { (void)ormc::pipeline::Compile(snippet, scope, {}); })},
      {"parse", Median([&] { (void)ormc::syntax::Parse(snippet, {}); })},
      {"verify", Median([&] {
         for (const auto& sql : statements) (void)ormc::postgres::WhatIsWrongWith(sql);
       })},
  };
}

int Run(int argc, char** argv) {
  if (argc < 3) throw std::runtime_error("usage: compile_bench MANIFEST SNIPPETS [NAME]");
  const auto manifest = ormc::manifest::Load(ReadFile(argv[1]));
  if (!manifest) throw std::runtime_error(manifest.error().message);
  const ormc::manifest::ScopedManifest scope(**manifest);
  const boost::json::object snippets = boost::json::parse(ReadFile(argv[2])).as_object();
  if (argc > 3) {
    const std::string snippet(snippets.at(argv[3]).as_string());
    std::cout << Batch([&] { (void)ormc::pipeline::Compile(snippet, scope, {}); }, 1) << "\n";
    return 0;
  }
  boost::json::object times;
  for (const auto& [name, snippet] : snippets) {
    times[name] = Measure(std::string(snippet.as_string()), scope);
  }
  std::cout << boost::json::serialize(times) << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "compile_bench: " << error.what() << "\n";
    return 1;
  }
}
