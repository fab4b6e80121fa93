#include <boost/json.hpp>

#include "compiler/ast/printer.h"
#include "compiler/bind/bind.h"
#include "compiler/decoding/decoding.h"
#include "compiler/program/print.h"
#include "compiler/syntax/parse.h"
#include "tools/ormc/answer.h"

namespace ormc::tool {
namespace {

namespace json = boost::json;

Answer EmitText(std::string_view stage, std::string text) {
  Answer answer;
  answer.json[json::string_view(stage.data(), stage.size())] = text;
  if (!text.empty() && text.back() != '\n') text += '\n';
  answer.text = std::move(text);
  return answer;
}

}  // namespace

Answer Emit(const Context& context, const Request& request) {
  const Stage stage = context.options.stage;
  if (IsGrammar(stage)) {
    const bool lark = stage == Stage::kLark;
    const decoding::Words words = decoding::WordsOf(
        bind::GlobalNames(), request.view != nullptr ? &request.view->scope : nullptr);
    return EmitText(
        lark ? "lark" : "gbnf",
        decoding::Grammar(lark ? decoding::Notation::kLark : decoding::Notation::kGbnf, words));
  }
  if (stage == Stage::kAst) {
    const Limits limits = context.site != nullptr ? context.site->limits() : Limits{};
    const syntax::ParseResult parsed = syntax::Parse(request.snippet, limits);
    if (parsed.module == nullptr) return Refused(context, request, parsed.diagnostics);
    return EmitText("ast", ast::Print(*parsed.module));
  }
  const pipeline::Compiled compiled = CompileRequest(context, request);
  if (compiled.program == nullptr) return Refused(context, request, compiled.diagnostics);
  switch (stage) {
    case Stage::kAst:
    case Stage::kGbnf:
    case Stage::kLark:
      break;
    case Stage::kBound:
      return EmitText("bound", compiled.explanation.bound);
    case Stage::kPlan:
      return EmitText("plan", compiled.explanation.plan);
    case Stage::kProgram:
      return EmitText("program", program::Print(*compiled.program));
    case Stage::kSql: {
      Answer answer;
      answer.json["queries"] = StatementsToJson(*compiled.program);
      answer.text = StatementsToText(*compiled.program);
      return answer;
    }
  }
  return {};
}

}  // namespace ormc::tool
