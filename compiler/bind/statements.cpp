#include <algorithm>
#include <set>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"

namespace ormc::bind {
namespace {

// Folds over this many known elements are written out.
constexpr size_t kUnrolledElements = 200;
constexpr size_t kUnrolledRounds = 20;

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
    case ast::RefusedStmt::kRaise:
    case ast::RefusedStmt::kDelete:
    case ast::RefusedStmt::kGlobal:
    case ast::RefusedStmt::kNonlocal:
    case ast::RefusedStmt::kAssert:
    case ast::RefusedStmt::kMatch:
    case ast::RefusedStmt::kAsync:
    case ast::RefusedStmt::kTypeAlias:
      return "leave it out";
  }
  return "";
}

void AssignedNames(const ast::Expr& target, std::set<std::string>& names) {
  if (const auto* name = std::get_if<ast::Name>(&target.node)) names.insert(name->id);
  if (const auto* display = std::get_if<ast::Display>(&target.node)) {
    for (const ast::Expr* item : display->items) AssignedNames(*item, names);
  }
  if (const auto* item = std::get_if<ast::Subscript>(&target.node)) {
    AssignedNames(*item->value, names);
  }
}

// Names that a fold's body assigns or changes.
void ChangedNames(const std::vector<const ast::Stmt*>& body, std::set<std::string>& names) {
  for (const ast::Stmt* stmt : body) {
    if (const auto* assign = std::get_if<ast::Assign>(&stmt->node)) {
      for (const ast::Expr* target : assign->targets) AssignedNames(*target, names);
    } else if (const auto* aug = std::get_if<ast::AugAssign>(&stmt->node)) {
      AssignedNames(*aug->target, names);
    } else if (const auto* loop = std::get_if<ast::For>(&stmt->node)) {
      ChangedNames(loop->body, names);
    } else if (const auto* branch = std::get_if<ast::If>(&stmt->node)) {
      ChangedNames(branch->body, names);
      ChangedNames(branch->otherwise, names);
    } else if (const auto* expr = std::get_if<ast::ExprStmt>(&stmt->node)) {
      // acc.append(e), d.setdefault(k, []).append(e)
      const ast::Expr* at = expr->value;
      while (true) {
        if (const auto* call = std::get_if<ast::Call>(&at->node)) {
          at = call->function;
        } else if (const auto* attribute = std::get_if<ast::Attribute>(&at->node)) {
          at = attribute->value;
        } else if (const auto* item = std::get_if<ast::Subscript>(&at->node)) {
          at = item->value;
        } else {
          break;
        }
      }
      AssignedNames(*at, names);
    }
  }
}

// Names of plain text that an import would bring under the same name.
constexpr std::string_view kImportHint = "leave it out: every name of this language is in scope";

}  // namespace

void Binder::Statement(const ast::Stmt& stmt, std::vector<program::Statement>& out) {
  std::visit(Overloaded{
                 [&](const ast::ExprStmt& node) {
                   if (FoldCall(*node.value, out)) return;
                   const BoundPtr value = Eval(*node.value);
                   if (value->As<PythonValue>() != nullptr) {
                     out.push_back({stmt.span, program::Evaluate{ToProgram(value)}});
                   }
                 },
                 [&](const ast::Assign& node) {
                   if (node.value == nullptr) return;  // a bare annotation
                   const BoundPtr value = Eval(*node.value);
                   for (const ast::Expr* target : node.targets) Assign(*target, value, out);
                 },
                 [&](const ast::AugAssign& node) { AugAssign(node, stmt.span, out); },
                 [&](const ast::For& node) { For(node, stmt.span, out); },
                 [&](const ast::If& node) {
                   if (!in_fold_) {
                     Reject(Kind::StatementRefused, stmt.span, std::string("if"),
                            std::string("write a conditional expression: `a if test else b`"));
                   }
                   const BoundPtr test = Eval(*node.test);
                   if (const std::optional<bool> known = KnownTruth(test)) {
                     FoldBody(*known ? node.body : node.otherwise, out);
                     return;
                   }
                   program::If branch;
                   branch.test = ToCondition(test);
                   ++branches_;
                   FoldBody(node.body, branch.then);
                   FoldBody(node.otherwise, branch.otherwise);
                   --branches_;
                   out.push_back({stmt.span, std::move(branch)});
                 },
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
  // All that it brings is in scope under the same name: leaving it out mends the snippet.
  bool known = true;
  for (const ast::ImportedName& imported : node.names) {
    const bool plain = imported.name == imported.as_name && imported.name != "*";
    const bool in_scope =
        scope_.ModelsNamed(imported.as_name).size() == 1 ||
        (NamedThing(imported.as_name, span) != nullptr &&
         NamedThing(imported.as_name, span)->As<Named>()->kind != Named::Kind::kRefused);
    known = known && plain && in_scope;
  }
  Diagnostic diagnostic = MakeDiagnostic(Kind::ImportRefused, span, std::string(kImportHint));
  if (known) diagnostic.fixes.push_back(Fix{span, ""});
  throw Rejection(std::move(diagnostic));
}

void Binder::Assign(const ast::Expr& target, const BoundPtr& value,
                    std::vector<program::Statement>& out) {
  if (const auto* name = std::get_if<ast::Name>(&target.node)) {
    // What is symbolic or constant needs no slot; what is computed is computed once.
    const auto* python = value->As<PythonValue>();
    const bool computed = python != nullptr && !python->constant;
    const bool changed = in_fold_ && (computed || python != nullptr);
    if (!computed && !changed) {
      const bool holds_values = value->As<Sequence>() != nullptr || value->As<Mapping>() != nullptr;
      if (!holds_values && branches_ > 0) {
        // Which queryset the name stands for would be known only when the program runs.
        Reject(Kind::NotSupported, target.span,
               std::string("a queryset or condition that depends on an `if` over rows"),
               std::string("write a conditional expression where it is evaluated"));
      }
      if (!holds_values || !in_fold_) {
        names_.insert_or_assign(name->id, value);
        return;
      }
    }
    const Type type = TypeOf(value);
    program::ExprPtr expr = ToProgram(value);
    const auto known = names_.find(name->id);
    const auto* before =
        known != names_.end() && in_fold_ ? known->second->As<PythonValue>() : nullptr;
    const auto* local =
        before != nullptr ? std::get_if<program::Local>(&before->expr->node) : nullptr;
    program::Target bound;
    if (local != nullptr) {
      bound.slot = local->slot;
    } else {
      bound.slot = NewSlot();
    }
    const Type merged = before != nullptr ? Union(before->type, type) : type;
    names_.insert_or_assign(
        name->id,
        MakeBound(target.span, PythonValue{program::Make(target.span, program::Local{*bound.slot}),
                                           merged, std::nullopt}));
    out.push_back({target.span, program::Assign{std::move(bound), std::move(expr)}});
    return;
  }
  if (const auto* item = std::get_if<ast::Subscript>(&target.node)) {
    if (!in_fold_) {
      Reject(Kind::MutationOutsideFold, target.span, std::string("[...] ="),
             std::string("write the dict with its items: `{\"key\": value}`"));
    }
    const PythonValue container = ToPython(Eval(*item->value));
    const BoundPtr key = Eval(*item->index);
    out.push_back(
        {target.span, program::SetItem{container.expr, ToProgram(key), ToProgram(value)}});
    return;
  }
  if (const auto* display = std::get_if<ast::Display>(&target.node)) {
    if (const auto parts = KnownElements(value); parts && parts->size() == display->items.size()) {
      for (size_t i = 0; i < parts->size(); ++i) Assign(*display->items[i], (*parts)[i], out);
      return;
    }
    const PythonValue python = ToPython(value);
    program::Target bound = BindTarget(target, python.type);
    out.push_back({target.span, program::Assign{std::move(bound), python.expr}});
    return;
  }
  if (std::get_if<ast::Attribute>(&target.node) != nullptr) {
    Reject(Kind::WriteRefused, target.span, std::string("UPDATE"),
           std::string("an assignment to a field"));
  }
  Reject(Kind::ExpressionRefused, target.span, std::string("this target"),
         std::string("assign to a name"));
}

void Binder::AugAssign(const ast::AugAssign& node, Span span,
                       std::vector<program::Statement>& out) {
  const auto* name = std::get_if<ast::Name>(&node.target->node);
  const auto* item = std::get_if<ast::Subscript>(&node.target->node);
  if (name == nullptr && item == nullptr) {
    Reject(Kind::ExpressionRefused, span, std::string("this target"),
           std::string("assign to a name"));
  }
  const BoundPtr value = Combine(node.op, Eval(*node.target), Eval(*node.value), span);
  Assign(*node.target, value, out);
}

// Names that the body changes get slots of their own, with the values that they have now.
void Binder::SpillAssigned(const std::vector<const ast::Stmt*>& body,
                           std::vector<program::Statement>& out) {
  std::set<std::string> changed;
  ChangedNames(body, changed);
  for (const std::string& name : changed) {
    const auto known = names_.find(name);
    if (known == names_.end()) continue;
    const BoundPtr value = known->second;
    const bool spillable = value->As<PythonValue>() != nullptr ||
                           value->As<Sequence>() != nullptr || value->As<Mapping>() != nullptr;
    if (!spillable) continue;
    const auto* python = value->As<PythonValue>();
    if (python != nullptr && std::get_if<program::Local>(&python->expr->node) != nullptr) {
      continue;
    }
    program::Target target;
    target.slot = NewSlot();
    Type type = TypeOf(value);
    program::ExprPtr expr = ToProgram(value);
    names_.insert_or_assign(
        name,
        MakeBound(value->span, PythonValue{program::Make(value->span, program::Local{*target.slot}),
                                           std::move(type), std::nullopt}));
    out.push_back({value->span, program::Assign{std::move(target), std::move(expr)}});
  }
}

void Binder::FoldBody(const std::vector<const ast::Stmt*>& body,
                      std::vector<program::Statement>& out) {
  for (const ast::Stmt* stmt : body) Statement(*stmt, out);
}

void Binder::For(const ast::For& node, Span span, std::vector<program::Statement>& out) {
  if (node.has_else || node.is_async) {
    Reject(Kind::StatementRefused, span, std::string(node.is_async ? "async for" : "for ... else"),
           std::string("write a plain `for`"));
  }
  const BoundPtr iterable = Eval(*node.iterable);
  // Over elements known now, the body is bound once an element: Q may be built so.
  const auto known = KnownElements(iterable);
  std::set<std::string> changed;
  ChangedNames(node.body, changed);
  const bool symbolic = std::any_of(changed.begin(), changed.end(), [&](const std::string& name) {
    const auto found = names_.find(name);
    return found != names_.end() &&
           (found->second->As<Expression>() != nullptr || found->second->As<QuerySet>() != nullptr);
  });
  if (symbolic && (!known || known->size() > kUnrolledElements)) {
    Reject(Kind::NotSupported, span,
           std::string("building a condition over values that are not known here"),
           std::string("use `__in` with the list"));
  }
  SpillAssigned(node.body, out);
  if (known && known->size() <= (symbolic ? kUnrolledElements : kUnrolledRounds)) {
    const bool outer = in_fold_;
    for (const BoundPtr& element : *known) {
      in_fold_ = false;  // the element stays known
      Assign(*node.target, element, out);
      in_fold_ = true;
      FoldBody(node.body, out);
    }
    in_fold_ = outer;
    return;
  }
  const PythonValue rows = ToPython(iterable);
  program::For loop;
  loop.iterable = rows.expr;
  loop.target = BindTarget(*node.target, ElementOf(rows.type));
  const bool before = in_fold_;
  in_fold_ = true;
  ++loops_;
  FoldBody(node.body, loop.body);
  --loops_;
  in_fold_ = before;
  out.push_back({span, std::move(loop)});
}

// acc.append(e), acc.add(e), d.setdefault(k, v).append(e): the changes that a fold may make.
bool Binder::FoldCall(const ast::Expr& expr, std::vector<program::Statement>& out) {
  const auto* call = std::get_if<ast::Call>(&expr.node);
  const auto* method =
      call != nullptr ? std::get_if<ast::Attribute>(&call->function->node) : nullptr;
  if (method == nullptr) return false;
  static const std::set<std::string, std::less<>> fold_methods = {"append", "add", "extend",
                                                                  "update", "setdefault"};
  if (!fold_methods.contains(method->name)) return false;
  const BoundPtr receiver = [&]() -> BoundPtr {
    // d.setdefault(k, []).append(e)
    const auto* inner = std::get_if<ast::Call>(&method->value->node);
    const auto* inner_method =
        inner != nullptr ? std::get_if<ast::Attribute>(&inner->function->node) : nullptr;
    if (in_fold_ && inner_method != nullptr && inner_method->name == "setdefault") {
      const PythonValue dict = ToPython(Eval(*inner_method->value));
      Arguments arguments = EvalArguments(*inner, expr.span);
      program::CallMethod set{dict.expr, "setdefault", {}, {}};
      for (const BoundPtr& argument : arguments.positional) {
        set.arguments.push_back(ToProgram(argument));
      }
      return MakeBound(expr.span,
                       PythonValue{program::Make(expr.span, std::move(set)), Type(), {}});
    }
    return Eval(*method->value);
  }();
  if (receiver->As<PythonValue>() == nullptr && receiver->As<Sequence>() == nullptr &&
      receiver->As<Mapping>() == nullptr) {
    return false;
  }
  if (!in_fold_) {
    Reject(Kind::MutationOutsideFold, expr.span, method->name,
           std::string("write the whole value, or a comprehension"));
  }
  Arguments arguments = EvalArguments(*call, expr.span);
  program::CallMethod change{ToProgram(receiver), method->name, {}, {}};
  std::optional<Type> added;
  for (const BoundPtr& argument : arguments.positional) {
    added = TypeOf(argument);
    change.arguments.push_back(ToProgram(argument));
  }
  // What the list holds from here on.
  const auto* name = std::get_if<ast::Name>(&method->value->node);
  const auto* python = receiver->As<PythonValue>();
  if (name != nullptr && python != nullptr && added && method->name != "update" &&
      method->name != "setdefault" && method->name != "extend") {
    Type type = python->type;
    type.element =
        std::make_shared<const Type>(type.element ? Union(*type.element, *added) : *added);
    names_.insert_or_assign(name->id,
                            MakeBound(receiver->span, PythonValue{python->expr, type, {}}));
  }
  out.push_back({expr.span, program::Evaluate{program::Make(expr.span, std::move(change))}});
  return true;
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
      Statement(stmt, program.body);
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
      if (const auto* queryset = answer->As<QuerySet>()) {
        program.result = ToPython(Fetch(*queryset, program::FetchKind::kRows, answer->span)).expr;
      } else if (const auto* manager = answer->As<ManagerRef>()) {
        Reject(Kind::BadArgument, answer->span,
               "the manager of `" + manager->model->name + "` is no value: write `.all()`");
      } else {
        program.result = ToProgram(answer);
      }
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
  return result;
}

Binder::Binder(const manifest::ScopedManifest& scope, const BindOptions& options)
    : scope_(scope), options_(options) {
  plan_.scope = &scope_;
  plan_.limits = options_.eval.limits;
  plan_.eval = &options_.eval;
  plan_.ordering_of = [this](const manifest::Model& model) { return SiteOrdering(model); };
}

BindResult Bind(const ast::Module& module, const manifest::ScopedManifest& scope,
                const BindOptions& options) {
  return Binder(scope, options).Run(module);
}

}  // namespace ormc::bind
