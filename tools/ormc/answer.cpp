#include "tools/ormc/answer.h"

#include <boost/json.hpp>
#include <iostream>

#include "compiler/eval/parameter.h"
#include "compiler/values/error.h"
#include "runtime/execute/to_json.h"

namespace ormc::tool {
namespace {

namespace json = boost::json;

Answer Check(const Context& context, const Request& request, const pipeline::Compiled& compiled) {
  Answer answer;
  const NamedSource source{request.name, request.snippet};
  answer.json["ok"] = compiled.program != nullptr;
  answer.json["diagnostics"] = DiagnosticsToJson(compiled.diagnostics, request.snippet);
  if (context.options.format == Format::kSarif) {
    answer.text = RenderSarif(compiled.diagnostics, source) + "\n";
  }
  return answer;
}

// Mends until nothing mechanical is left: one mend may uncover the next.
Answer Fix(const Context& context, Request request) {
  constexpr int kRounds = 5;
  Answer answer;
  size_t fixes = 0;
  pipeline::Compiled compiled;
  for (int round = 0; round < kRounds; ++round) {
    compiled = CompileRequest(context, request);
    std::string mended = ApplyFixes(compiled.diagnostics, request.snippet);
    if (mended == request.snippet) break;
    for (const Diagnostic& diagnostic : compiled.diagnostics) fixes += diagnostic.fixes.size();
    request.snippet = std::move(mended);
  }
  answer.json = {{"snippet", request.snippet},
                 {"fixes", fixes},
                 {"diagnostics", DiagnosticsToJson(compiled.diagnostics, request.snippet)}};
  answer.text = request.snippet;
  if (compiled.program == nullptr) {
    answer.note = RenderText(compiled.diagnostics, {request.name, request.snippet});
    answer.exit = kExitDiagnostics;
  }
  return answer;
}

std::vector<postgres::TypedText> ParametersOf(const program::QueryText& text) {
  std::vector<postgres::TypedText> parameters;
  for (const program::Parameter& parameter : text.parameters) {
    const auto* constant = std::get_if<program::Constant>(&parameter.value->node);
    // Known only when it runs.
    if (constant == nullptr) {
      parameters.push_back({0, "<computed>"});
      continue;
    }
    eval::WireParameter wire = eval::ToWire(constant->value, parameter.type);
    parameters.push_back({wire.oid, std::move(wire.text)});
  }
  return parameters;
}

template <class Visit>
void EachStatement(const program::Program& program, Visit visit) {
  for (const program::Query& query : program.queries) {
    for (const program::QueryText& text : query.variants) {
      if (!text.sql.empty()) visit(text);
    }
  }
}

}  // namespace

postgres::Connection& Database::Get(postgres::Waiter& waiter) {
  constexpr std::chrono::seconds kPatience{10};
  if (connection_ == nullptr || connection_->broken()) {
    connection_ = postgres::Connection::Open(conninfo_, waiter, postgres::Clock::now() + kPatience);
  }
  return *connection_;
}

json::array StatementsToJson(const program::Program& program) {
  json::array out;
  EachStatement(program, [&](const program::QueryText& text) {
    out.push_back({{"sql", text.sql}, {"params", execute::ToJson(ParametersOf(text))}});
  });
  return out;
}

std::string StatementsToText(const program::Program& program) {
  std::string out;
  EachStatement(program, [&](const program::QueryText& text) {
    out += text.sql + ";\n";
    size_t number = 0;
    for (const json::value& parameter : execute::ToJson(ParametersOf(text))) {
      const json::value& value = parameter.at("value");
      out += "-- $" + std::to_string(++number) + " " +
             std::string(parameter.at("type").as_string()) + ": " +
             (value.is_null() ? "NULL" : std::string(value.as_string())) + "\n";
    }
  });
  return out;
}

pipeline::Compiled CompileRequest(const Context& context, const Request& request) {
  pipeline::Options options;
  options.limits = context.site->limits();
  options.now = request.now ? request.now : context.options.now;
  options.explain = context.options.mode == Mode::kExplain;
  options.trace = context.options.mode == Mode::kEmit;
  options.zone = !request.zone.empty() ? request.zone : context.options.zone;
  if (const std::optional<policy::User>& user = request.view->user) {
    if (options.zone.empty()) options.zone = user->zone;
  }
  return pipeline::Compile(request.snippet, request.view->scope, options);
}

Answer Refused(const Context& context, const Request& request,
               const std::vector<Diagnostic>& diagnostics) {
  Answer answer;
  const NamedSource source{request.name, request.snippet};
  answer.json["diagnostics"] = DiagnosticsToJson(diagnostics, request.snippet);
  answer.exit = kExitDiagnostics;
  if (context.options.format == Format::kSarif) {
    answer.text = RenderSarif(diagnostics, source) + "\n";
  } else if (context.options.format == Format::kText) {
    answer.note = RenderText(diagnostics, source);
  }
  return answer;
}

namespace {

Answer Answered(const Context& context, const Request& request) {
  const Options& options = context.options;
  if (options.mode == Mode::kFix) return Fix(context, request);
  if (options.mode == Mode::kEmit) return Emit(context, request);
  const pipeline::Compiled compiled = CompileRequest(context, request);
  if (compiled.program == nullptr) return Refused(context, request, compiled.diagnostics);
  Answer answer;
  switch (options.mode) {
    case Mode::kCheck:
      answer = Check(context, request, compiled);
      break;
    case Mode::kExplain:
      answer = Explain(context, request, compiled);
      break;
    case Mode::kRun:
      answer = Run(context, request, compiled);
      break;
    case Mode::kEmit:
    case Mode::kFix:
      break;
  }
  // Notes on a snippet that is accepted.
  if (!compiled.diagnostics.empty() && options.format == Format::kText) {
    answer.note += RenderText(compiled.diagnostics, {request.name, request.snippet});
  }
  return answer;
}

}  // namespace

Answer MakeAnswer(const Context& context, const Request& request) {
  try {
    return Answered(context, request);
  } catch (
      const std::exception& fault) {  // a bug of ours: the next snippet is answered all the same
    const KindInfo& info = InfoOf(Kind::InternalFault);
    const json::string message(info.text.data(), info.text.size());
    Answer answer;
    answer.json["error"] = {{"code", CodeOf(info.kind)}, {"django", nullptr}, {"message", message}};
    answer.note = "ormc: internal fault: " + std::string(fault.what()) + "\n";
    answer.exit = kExitRun;
    return answer;
  }
}

int AnswerFile(const Context& context) {
  const Options& options = context.options;
  const bool grammar = options.mode == Mode::kEmit && IsGrammar(options.stage);
  Result<std::string> snippet =
      grammar ? Result<std::string>(std::string()) : ReadFile(options.input);
  if (!snippet) {
    std::cerr << "ormc: " << snippet.error().message << "\n";
    return kExitUsage;
  }
  Request request{options.input, *std::move(snippet), {}, {}, nullptr};
  if (context.site != nullptr) request.view = &context.site->view();
  const Answer answer = MakeAnswer(context, request);
  const bool as_json = options.format == Format::kJson || options.mode == Mode::kRun;
  if (as_json && options.format != Format::kSarif) {
    std::cout << json::serialize(answer.json) << "\n";
  } else {
    std::cout << answer.text;
  }
  std::cout.flush();
  std::cerr << answer.note;
  return answer.exit;
}

}  // namespace ormc::tool
