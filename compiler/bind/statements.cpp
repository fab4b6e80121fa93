#include "compiler/ast/walker.h"
#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/elsewhere.h"
#include "compiler/bind/print.h"

namespace ormc::bind {
namespace {

std::string_view NameOf(ast::RefusedStmt what) {
  switch (what) {
    case ast::RefusedStmt::kWhile:
      return "while";
    case ast::RefusedStmt::kFunction:
      return "def";
    case ast::RefusedStmt::kClass:
      return "class";
    case ast::RefusedStmt::kWith:
      return "with";
    case ast::RefusedStmt::kTry:
      return "try";
    case ast::RefusedStmt::kRaise:
      return "raise";
    case ast::RefusedStmt::kReturn:
      return "return";
    case ast::RefusedStmt::kDelete:
      return "del";
    case ast::RefusedStmt::kGlobal:
      return "global";
    case ast::RefusedStmt::kNonlocal:
      return "nonlocal";
    case ast::RefusedStmt::kAssert:
      return "assert";
    case ast::RefusedStmt::kBreak:
      return "break";
    case ast::RefusedStmt::kContinue:
      return "continue";
    case ast::RefusedStmt::kMatch:
      return "match";
    case ast::RefusedStmt::kDecorator:
      return "@";
    case ast::RefusedStmt::kAsync:
      return "async";
    case ast::RefusedStmt::kTypeAlias:
      return "type";
  }
  return "";
}

std::string_view HintOf(ast::RefusedStmt what) {
  switch (what) {
    case ast::RefusedStmt::kWhile:
      return "write a comprehension, or a `for` over rows";
    case ast::RefusedStmt::kFunction:
    case ast::RefusedStmt::kClass:
    case ast::RefusedStmt::kDecorator:
      return "write the expression where it is used";
    case ast::RefusedStmt::kReturn:
      return "assign the answer to `result`";
    case ast::RefusedStmt::kTry:
      return "use `.first()`, which gives None where there is no row";
    case ast::RefusedStmt::kBreak:
    case ast::RefusedStmt::kContinue:
      return "put the condition into an `if`";
    case ast::RefusedStmt::kWith:
      return "write its lines without it: every snippet runs in one read-only transaction";
    case ast::RefusedStmt::kRaise:
    case ast::RefusedStmt::kAssert:
      return "put what is wrong into the answer: `result = None if bad else value`";
    case ast::RefusedStmt::kDelete:
      return "make the value anew without it: `[x for x in xs if ...]`";
    case ast::RefusedStmt::kGlobal:
    case ast::RefusedStmt::kNonlocal:
      return "delete the line: all names are in one scope";
    case ast::RefusedStmt::kMatch:
      return "write a conditional expression, or a dict: `{\"a\": 1}.get(x, 0)`";
    case ast::RefusedStmt::kAsync:
      return "write it without `async` and `await`";
    case ast::RefusedStmt::kTypeAlias:
      return "delete the line: types need no names";
  }
  return "";
}

constexpr std::string_view kImportHint = "leave it out: every name of this language is in scope";

// A type as it is named: `int`, `list[str]`, `dict[str, int] | None`, `"Order"`.
bool IsTypeName(const ast::Expr& expr) {
  const bool named = std::holds_alternative<ast::Name>(expr.node) ||
                     std::holds_alternative<ast::Attribute>(expr.node) ||
                     std::holds_alternative<ast::Subscript>(expr.node) ||
                     std::holds_alternative<ast::Display>(expr.node) ||
                     std::holds_alternative<ast::Binary>(expr.node) ||
                     std::holds_alternative<ast::StrLiteral>(expr.node) ||
                     std::holds_alternative<ast::EllipsisLiteral>(expr.node) ||
                     std::holds_alternative<ast::NoneLiteral>(expr.node);
  bool all = named;
  ast::ForEachChild(expr, [&](const ast::Expr& child) { all = all && IsTypeName(child); });
  return all;
}

}  // namespace

void Binder::Statement(const ast::Stmt& stmt, std::vector<program::Statement>& out) {
  reads_.clear();
  std::visit(Overloaded{
                 [&](const ast::ExprStmt& node) {
                   if (FoldCall(*node.value, out)) return;
                   const BoundPtr value = Eval(*node.value);
                   if (value->As<PythonValue>() != nullptr) {
                     out.push_back({stmt.span, program::Evaluate{ToProgram(value)}});
                   }
                 },
                 [&](const ast::Assign& node) {
                   // Python computes it; here it would be dropped.
                   if (node.annotation != nullptr && !IsTypeName(*node.annotation)) {
                     Reject(Kind::ExpressionRefused, node.annotation->span,
                            std::string("a computed annotation"),
                            std::string("write the type's name, or leave the annotation out"));
                   }
                   if (node.value == nullptr) return;  // a bare annotation
                   const BoundPtr value = Settled(Eval(*node.value), out);
                   for (const ast::Expr* target : node.targets) Assign(*target, value, out);
                 },
                 [&](const ast::AugAssign& node) { AugAssign(node, stmt.span, out); },
                 [&](const ast::For& node) { For(node, stmt.span, out); },
                 [&](const ast::If& node) { If(node, stmt.span, out); },
                 [&](const ast::Pass&) {},
                 [&](const ast::Import& node) { Import(node, stmt.span); },
                 [&](const ast::Refused& node) {
                   Reject(Kind::StatementRefused, stmt.span, std::string(NameOf(node.what)),
                          std::string(HintOf(node.what)));
                 },
             },
             stmt.node);
}

void Binder::Import(const ast::Import& node, Span span) {
  // Where all that it brings is in scope under the same name, leaving it out mends the snippet.
  bool mended = true;
  std::string hint(kImportHint);
  for (const ast::ImportedName& imported : node.names) {
    const bool known = IsInScope(imported.name, span);
    const bool renamed = imported.name != imported.as_name;
    if (known && !renamed) continue;
    mended = false;
    const std::string_view instead = InsteadOf(imported.name);
    if (known) {
      hint = "leave it out and write `" + imported.name + "`";
    } else if (!instead.empty()) {
      hint = instead;
    } else if (imported.name != "*") {
      hint = "leave it out: `" + imported.name + "` is not in scope, and nothing brings it in";
    }
    break;
  }
  Diagnostic diagnostic = MakeDiagnostic(Kind::ImportRefused, span, hint);
  if (mended) diagnostic.fixes.push_back(Fix{span, ""});
  throw Rejection(std::move(diagnostic));
}

// Does the name stand for a model or a word of the language?
bool Binder::IsInScope(const std::string& name, Span span) const {
  if (scope_.ModelsNamed(name).size() == 1) return true;
  const BoundPtr thing = NamedThing(name, span);
  return thing != nullptr && thing->As<Named>()->kind != Named::Kind::kRefused;
}

void Binder::Trace(const Scope& before) {
  for (const auto& [name, value] : names_) {
    const auto known = before.find(name);
    if (known == before.end() || known->second != value) trace_ += name + ": " + Print(*value);
  }
}

BindResult Binder::Run(const ast::Module& module) {
  BindResult result;
  program::Program program;
  program.zone = options_.eval.zone;
  program.use_tz = options_.eval.use_tz;
  if (options_.now_is_frozen) program.now = options_.eval.now;
  std::optional<BoundPtr> last;
  for (size_t i = 0; i < module.body.size(); ++i) {
    const ast::Stmt& stmt = *module.body[i];
    try {
      // Without `result`, the last expression is the answer.
      const auto* expr = std::get_if<ast::ExprStmt>(&stmt.node);
      if (i + 1 == module.body.size() && expr != nullptr && !names_.contains("result") &&
          diagnostics_.empty()) {
        last = Eval(*expr->value);
        continue;
      }
      const Scope before = options_.trace ? names_ : Scope();
      Statement(stmt, program.body);
      if (options_.trace) Trace(before);
    } catch (const Rejection& rejection) {
      diagnostics_.push_back(rejection.diagnostic());
      // Later statements would only echo this one, but for further imports.
      if (rejection.diagnostic().kind != Kind::ImportRefused) break;
    }
  }
  if (diagnostics_.empty()) {
    try {
      const auto found = names_.find("result");
      if (found == names_.end() && !last) {
        const Span whole{0, module.body.empty() ? 0 : module.body.back()->span.end};
        Reject(Kind::EmptySnippet, whole);
      }
      if (found == names_.end()) notes_.emplace_back("the last expression is the answer");
      const BoundPtr answer = found != names_.end() ? found->second : *last;
      if (options_.trace && last) trace_ += "result: " + Print(*answer);
      if (const auto* queryset = answer->As<QuerySet>()) {
        program.result = ToPython(Fetch(*queryset, program::FetchKind::kRows, answer->span)).expr;
      } else {
        program.result = ToProgram(answer);
      }
      NeedKeyTexts(TypeOf(answer), answer->span);
      // The queries whose rows the answer shows.
      const auto show = [&](const auto& self, const program::ExprPtr& expr) -> void {
        if (const auto* run = std::get_if<program::RunQuery>(&expr->node)) {
          pending_[run->query].shown = true;
        } else if (const auto* display = std::get_if<program::Display>(&expr->node)) {
          for (const auto& [starred, item] : display->items) self(self, item);
        } else if (const auto* dict = std::get_if<program::DictDisplay>(&expr->node)) {
          for (const auto& [key, item] : dict->items) self(self, item);
        }
      };
      show(show, program.result);
      BuildQueries(program, result.queries);
      program.slots = slots_;
      result.program = std::move(program);
    } catch (const Rejection& rejection) {
      diagnostics_.push_back(rejection.diagnostic());
    }
  }
  if (!diagnostics_.empty()) {
    result.program.reset();
    result.queries.clear();
  }
  result.diagnostics = std::move(diagnostics_);
  result.notes = std::move(notes_);
  result.trace = std::move(trace_);
  return result;
}

Binder::Binder(const manifest::ScopedManifest& scope, const BindOptions& options)
    : scope_(scope), options_(options) {
  plan_.scope = &scope_;
  plan_.limits = options_.eval.limits;
  plan_.eval = &options_.eval;
  plan_.ordering_of = [this](const manifest::Model& model) { return SiteOrdering(model); };
  if (!scope_.row_rules().empty()) {
    plan_.rows_of = [this](const manifest::Model& model) { return RowsOf(model); };
  }
}

BindResult Bind(const ast::Module& module, const manifest::ScopedManifest& scope,
                const BindOptions& options) {
  return Binder(scope, options).Run(module);
}

}  // namespace ormc::bind
