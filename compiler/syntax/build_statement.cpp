#include "compiler/base/check.h"
#include "compiler/syntax/build_ast.h"

namespace ormc::syntax {
namespace {

using generated::OrmParser;

struct RefusedRow {
  tok::Type type;
  ast::RefusedStmt what;
};
constexpr RefusedRow kRefused[] = {
    {tok::WHILE, ast::RefusedStmt::kWhile},       {tok::DEF, ast::RefusedStmt::kFunction},
    {tok::CLASS, ast::RefusedStmt::kClass},       {tok::WITH, ast::RefusedStmt::kWith},
    {tok::TRY, ast::RefusedStmt::kTry},           {tok::RAISE, ast::RefusedStmt::kRaise},
    {tok::RETURN, ast::RefusedStmt::kReturn},     {tok::DEL, ast::RefusedStmt::kDelete},
    {tok::GLOBAL, ast::RefusedStmt::kGlobal},     {tok::NONLOCAL, ast::RefusedStmt::kNonlocal},
    {tok::ASSERT, ast::RefusedStmt::kAssert},     {tok::BREAK, ast::RefusedStmt::kBreak},
    {tok::CONTINUE, ast::RefusedStmt::kContinue}, {tok::MATCH, ast::RefusedStmt::kMatch},
    {tok::AT, ast::RefusedStmt::kDecorator},      {tok::ASYNC, ast::RefusedStmt::kAsync},
    {tok::TYPE, ast::RefusedStmt::kTypeAlias},
};

ast::BinaryOp AugmentedOp(std::string_view mark) {
  using Op = ast::BinaryOp;
  if (mark == "**=") return Op::kPower;
  if (mark == "//=") return Op::kFloorDivide;
  if (mark == "<<=") return Op::kShiftLeft;
  if (mark == ">>=") return Op::kShiftRight;
  switch (mark[0]) {
    case '+':
      return Op::kAdd;
    case '-':
      return Op::kSubtract;
    case '*':
      return Op::kMultiply;
    case '/':
      return Op::kDivide;
    case '%':
      return Op::kModulo;
    case '&':
      return Op::kBitAnd;
    case '|':
      return Op::kBitOr;
    case '^':
      return Op::kBitXor;
    case '@':
      return Op::kMatMultiply;
    default:
      throw InternalError("an unknown augmented assignment");
  }
}

// What an expression that is no target is called to its writer.
std::string Described(const ast::Expr& expr) {
  if (std::holds_alternative<ast::Call>(expr.node)) return "the result of a call";
  if (std::holds_alternative<ast::Comparison>(expr.node)) return "a comparison";
  if (std::holds_alternative<ast::Comprehension>(expr.node)) return "a comprehension";
  if (std::holds_alternative<ast::StrLiteral>(expr.node) ||
      std::holds_alternative<ast::IntLiteral>(expr.node)) {
    return "a literal";
  }
  return "this expression";
}

}  // namespace

void AstBuilder::Statement(const Context& context, std::vector<const ast::Stmt*>& out) {
  Children children(context);
  if (FirstType(context) == tok::FOR) {
    out.push_back(For(context));
  } else if (FirstType(context) == tok::IF) {
    const uint32_t begin = children.TakeToken().begin;
    out.push_back(If(children, begin));
  } else {
    Line(children, out);
  }
}

void AstBuilder::Line(Children children, std::vector<const ast::Stmt*>& out) {
  while (!children.AtEnd()) {
    if (children.PeekContext() != nullptr) {
      out.push_back(Simple(children.TakeContext()));
    } else if (children.Take(tok::SEMICOLON) && children.Peek() == tok::SEMICOLON) {
      Reject(Kind::MissingExpression, children.TakeToken(), ";");
    } else {
      children.Take(tok::NEWLINE);
    }
  }
}

const ast::Stmt* AstBuilder::Simple(const Context& context) {
  const tok::Type first = FirstType(context);
  if (first == tok::PASS) return MakeStmt(SpanOf(context), ast::Pass{});
  if (first == tok::IMPORT) return ImportModules(context);
  if (first == tok::FROM) return ImportNames(context);
  return Children(context).PeekContext() == nullptr ? RefusedStatement(context) : Evaluate(context);
}

const ast::Stmt* AstBuilder::RefusedStatement(const Context& context) {
  Children children(context);
  const tok::Type first = children.Peek();
  for (const RefusedRow& row : kRefused) {
    if (row.type == first) return MakeStmt(children.TakeToken(), ast::Refused{row.what});
  }
  throw InternalError("a refused statement of an unknown kind");
}

const ast::Stmt* AstBuilder::Evaluate(const Context& context) {
  const Span span = SpanOf(context);
  Children children(context);
  const ast::Expr* first = Value(children.TakeContext());
  if (children.Peek() == tok::AUGMENT) {
    const ast::BinaryOp op = AugmentedOp(TextOf(children.TakeToken()));
    CheckTarget(*first, false);
    return MakeStmt(span, ast::AugAssign{first, op, Value(children.TakeContext())});
  }
  if (children.Take(tok::COLON)) {
    CheckTarget(*first, false);
    ast::Assign assign{{first}, nullptr, Expression(children.TakeContext())};
    if (children.Take(tok::EQUAL)) assign.value = Value(children.TakeContext());
    return MakeStmt(span, std::move(assign));
  }
  if (children.AtEnd()) return MakeStmt(span, ast::ExprStmt{first});
  ast::Assign assign{{}, first, nullptr};
  while (children.Take(tok::EQUAL)) {
    CheckTarget(*assign.value, true);
    assign.targets.push_back(assign.value);
    assign.value = Value(children.TakeContext());
  }
  return MakeStmt(span, std::move(assign));
}

void AstBuilder::CheckTarget(const ast::Expr& target, bool several) {
  if (std::holds_alternative<ast::Name>(target.node) ||
      std::holds_alternative<ast::Attribute>(target.node) ||
      std::holds_alternative<ast::Subscript>(target.node)) {
    return;
  }
  const auto* display = std::get_if<ast::Display>(&target.node);
  if (!several || display == nullptr || display->kind == ast::DisplayKind::kSet) {
    Reject(Kind::InvalidTarget, target.span, Described(target));
  }
  size_t stars = 0;
  for (const ast::Expr* item : display->items) {
    const auto* starred = std::get_if<ast::Starred>(&item->node);
    stars += starred != nullptr ? 1 : 0;
    if (stars > 1) Reject(Kind::MisplacedStar, item->span);
    CheckTarget(starred != nullptr ? *starred->value : *item, true);
  }
}

// ---- blocks -----------------------------------------------------------------------------------

std::vector<const ast::Stmt*> AstBuilder::Suite(const Context& context) {
  const Deeper level(depth_, limits_.nesting_depth, SpanOf(context));
  std::vector<const ast::Stmt*> body;
  Children children(context);
  if (FirstType(context) != tok::NEWLINE) {
    Line(children, body);
    return body;
  }
  while (!children.AtEnd()) {
    if (children.PeekContext() != nullptr) {
      Statement(children.TakeContext(), body);
    } else {
      children.TakeToken();
    }
  }
  return body;
}

const ast::Stmt* AstBuilder::For(const Context& context) {
  Children children(context);
  ast::For loop{};
  const uint32_t begin = children.TakeToken().begin;
  loop.target = Targets(children.TakeContext());
  children.Take(tok::IN);
  loop.iterable = Items(children.TakeContext());
  const Span colon = children.TakeToken();
  loop.body = Suite(children.TakeContext());
  loop.has_else = children.Take(tok::ELSE);
  if (loop.has_else) {
    children.Take(tok::COLON);
    static_cast<void>(Suite(children.TakeContext()));
  }
  return MakeStmt(Span{begin, colon.end}, std::move(loop));
}

const ast::Stmt* AstBuilder::If(Children& children, uint32_t begin) {
  ast::If statement{};
  statement.test = Item(children.TakeContext(), false);
  const Span colon = children.TakeToken();
  statement.body = Suite(children.TakeContext());
  if (children.Peek() == tok::ELIF) {
    const Span elif = children.TakeToken();
    const Deeper level(depth_, limits_.nesting_depth, elif);
    statement.otherwise.push_back(If(children, elif.begin));
  } else if (children.Take(tok::ELSE)) {
    children.Take(tok::COLON);
    statement.otherwise = Suite(children.TakeContext());
  }
  return MakeStmt(Span{begin, colon.end}, std::move(statement));
}

// ---- imports ----------------------------------------------------------------------------------

const ast::Stmt* AstBuilder::ImportModules(const Context& context) {
  ast::Import statement;
  Children children(context);
  children.TakeToken();
  while (!children.AtEnd()) {
    if (children.Take(tok::COMMA)) continue;
    Children module(children.TakeContext());
    const std::string dotted = TextOf(SpanOf(module.TakeContext()));
    const bool renamed = module.Take(tok::AS);
    statement.names.push_back(
        {dotted, renamed ? NameOf(module.TakeToken()) : dotted.substr(0, dotted.find('.'))});
  }
  return MakeStmt(SpanOf(context), std::move(statement));
}

const ast::Stmt* AstBuilder::ImportNames(const Context& context) {
  ast::Import statement;
  Children children(context);
  children.TakeToken();
  while (children.Peek() == tok::DOT || children.Peek() == tok::ELLIPSIS) {
    statement.module += TextOf(children.TakeToken());
  }
  if (children.PeekContext() != nullptr) statement.module += TextOf(SpanOf(children.TakeContext()));
  const Span import = children.TakeToken();
  if (statement.module.empty()) Reject(Kind::ReservedWord, import, "import");
  Children imported(children.TakeContext());
  ImportedNames(imported, statement.names);
  return MakeStmt(SpanOf(context), std::move(statement));
}

void AstBuilder::ImportedNames(Children& children, std::vector<ast::ImportedName>& out) {
  while (!children.AtEnd()) {
    if (children.Take(tok::STAR)) {
      out.push_back({"*", ""});
    } else if (children.PeekContext() != nullptr) {
      Children name(children.TakeContext());
      const std::string imported = NameOf(name.TakeToken());
      out.push_back({imported, name.Take(tok::AS) ? NameOf(name.TakeToken()) : imported});
    } else if (children.Peek() == tok::COMMA) {
      SkipComma(children, tok::END);
    } else {
      children.TakeToken();
    }
  }
}

}  // namespace ormc::syntax
