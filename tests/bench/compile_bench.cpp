// ormc's part of `make bench`: CPU time from snippet to SQL, of the parser alone, and of the verifier.
//
//   compile_bench MANIFEST          answers each line of standard input with a line
//
// A line is a case, {"snippet", "now", "tz"}; the answer has nanoseconds of CPU time: "cold" is the
// first compilation of a process, "warm", "explain" (warm, with all that --explain says), "parse" and
// "verify" are medians; "statements" is how many the program may send. A case that ormc refuses is
// answered with "refused" and its diagnostic.
//
//   compile_bench MANIFEST --site   {"load", "policy", "view"}: the manifest, what the policy shows of it,
//                                   and what one user may see of that
#include <sys/wait.h>
#include <unistd.h>

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
#include <vector>

#include "compiler/manifest/load.h"
#include "compiler/pipeline/compile.h"
#include "compiler/policy/policy.h"
#include "compiler/syntax/parse.h"
#include "compiler/values/temporal.h"
#include "runtime/postgres/verify.h"

namespace {

namespace json = boost::json;

constexpr int64_t kBatchNanoseconds = 2'000'000;
constexpr size_t kBatches = 5;

std::string ReadFile(const char* path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class T>
T Required(ormc::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
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

// Somebody who may view every model, but is not exempt from the question.
ormc::policy::User Viewer(const ormc::manifest::Manifest& manifest) {
  ormc::policy::User user;
  user.id = ormc::Value::Int(1);
  for (const auto& model : manifest.models) user.view.push_back(model->label);
  return user;
}

json::object Measure(const json::object& line, const ormc::manifest::ScopedManifest& scope) {
  const std::string snippet(line.at("snippet").as_string());
  ormc::pipeline::Options options;
  options.now = ormc::ParseIsoDateTime(std::string(line.at("now").as_string()));
  options.zone = line.at("tz").as_string();
  options.explain = false;

  ormc::pipeline::Compiled compiled;
  const int64_t cold =
      Batch([&] { compiled = ormc::pipeline::Compile(snippet, scope, options); }, 1);
  if (compiled.program == nullptr) {
    return {{"refused", ormc::MessageOf(compiled.diagnostics.front())}};
  }
  std::vector<std::string> statements;
  for (const auto& query : compiled.program->queries) {
    for (const auto& variant : query.variants) {
      if (!variant.sql.empty()) statements.push_back(variant.sql);
    }
  }
  const int64_t warm =
      Median([&] { static_cast<void>(ormc::pipeline::Compile(snippet, scope, options)); });
  ormc::pipeline::Options explained = options;
  explained.explain = true;
  const int64_t explain =
      Median([&] { static_cast<void>(ormc::pipeline::Compile(snippet, scope, explained)); });
  const int64_t parse = Median([&] { static_cast<void>(ormc::syntax::Parse(snippet, {})); });
  const int64_t verify = Median([&] {
    for (const auto& sql : statements) static_cast<void>(ormc::postgres::WhatIsWrongWith(sql));
  });
  return {{"cold", cold},
          {"warm", warm},
          {"explain", explain},
          {"parse", parse},
          {"verify", verify},
          {"statements", statements.empty() ? 0 : compiled.program->queries.size()}};
}

// In a process of its own, in which nothing has been compiled yet.
void Answer(const std::string& text, const ormc::manifest::ScopedManifest& scope) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    std::cout << json::serialize(Measure(json::parse(text).as_object(), scope)) << std::endl;
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) std::cout << R"({"refused": "a crash"})" << std::endl;
}

int Run(int argc, char** argv) {
  if (argc < 2) throw std::runtime_error("usage: compile_bench MANIFEST [--site]");
  const std::string text = ReadFile(argv[1]);
  const auto manifest = Required(ormc::manifest::Load(text));
  const ormc::policy::User user = Viewer(*manifest);
  const auto policy = Required(ormc::policy::BuildScope(*manifest, {}));
  if (argc > 2 && std::string_view(argv[2]) == "--site") {
    const int64_t load = Median([&] { static_cast<void>(ormc::manifest::Load(text)); });
    const int64_t scope =
        Median([&] { static_cast<void>(ormc::policy::BuildScope(*manifest, {})); });
    const int64_t view = Median([&] { static_cast<void>(ormc::policy::SeenBy(user, {}, policy)); });
    std::cout << json::serialize(json::object{{"load", load}, {"policy", scope}, {"view", view}})
              << "\n";
    return 0;
  }
  const ormc::manifest::ScopedManifest seen = ormc::policy::SeenBy(user, {}, policy);
  std::string line;
  while (std::getline(std::cin, line)) Answer(line, seen);
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
