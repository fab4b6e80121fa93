// Atoms, displays, comprehensions, calls and subscripts.
#include <algorithm>
#include <set>

#include "compiler/base/check.h"
#include "compiler/syntax/build_ast.h"
#include "compiler/syntax/identifiers.h"
#include "compiler/syntax/literals.h"

namespace ormc::syntax {

using generated::OrmParser;

std::string AstBuilder::NameOf(Span span) const {
  return NormalizeIdentifier(text_.substr(span.begin, span.end - span.begin));
}

void AstBuilder::SkipComma(Children& children, tok::Type closer) {
  children.TakeToken();
  if (children.Peek() == tok::COMMA && closer != tok::COMMA) {
    Reject(Kind::MissingExpression, children.TakeToken(), ",");
  }
}

// ---- lists of items ---------------------------------------------------------------------------

const ast::Expr* AstBuilder::Value(const Context& context) {
  Children children(context);
  Context& inner = children.TakeContext();
  return inner.getRuleIndex() == OrmParser::RuleYield ? Yield(inner) : Items(inner);
}

std::vector<const ast::Expr*> AstBuilder::Elements(Children& children, bool* comma) {
  std::vector<const ast::Expr*> elements;
  while (!children.AtEnd()) {
    if (children.Peek() == tok::COMMA) {
      *comma = true;
      SkipComma(children, tok::END);
    } else if (children.PeekRule(OrmParser::RuleItem)) {
      elements.push_back(Item(children.TakeContext(), true));
    } else {
      break;
    }
  }
  return elements;
}

const ast::Expr* AstBuilder::Items(const Context& context) {
  Children children(context);
  bool comma = false;
  std::vector<const ast::Expr*> elements = Elements(children, &comma);
  if (comma)
    return Make(SpanOf(context), ast::Display{ast::DisplayKind::kTuple, std::move(elements)});
  if (std::holds_alternative<ast::Starred>(elements[0]->node))
    Reject(Kind::MisplacedStar, elements[0]->span);
  return elements[0];
}

const ast::Expr* AstBuilder::Item(const Context& context, bool may_be_starred) {
  Children children(context);
  const uint32_t begin = children.Begin();
  if (children.Peek() == tok::STAR) {
    const Span star = children.TakeToken();
    if (!may_be_starred) Reject(Kind::MisplacedStar, star);
    const ast::Expr* value = Expression(children.TakeContext());
    if (!children.AtEnd()) Reject(Kind::InvalidTarget, SpanOf(context), "a starred expression");
    return Make(SpanOf(context), ast::Starred{value});
  }
  const ast::Expr* value = Expression(children.TakeContext());
  if (!children.Take(tok::WALRUS)) return value;
  return Walrus(begin, value, children.TakeContext());
}

const ast::Expr* AstBuilder::Walrus(uint32_t begin, const ast::Expr* target, const Context& value) {
  if (!std::holds_alternative<ast::Name>(target->node)) {
    Reject(Kind::InvalidTarget, target->span, "anything but a name with `:=`");
  }
  const ast::Expr* result = Expression(value);
  return Make(Span{begin, SpanOf(value).end}, ast::Walrus{target, result});
}

const ast::Expr* AstBuilder::Yield(const Context& context) {
  Children children(context);
  children.TakeToken();
  children.Take(tok::FROM);
  const ast::Expr* value = nullptr;
  if (!children.AtEnd()) {
    const bool several = children.PeekRule(OrmParser::RuleItems);
    Context& inner = children.TakeContext();
    value = several ? Items(inner) : Expression(inner);
  }
  return Make(SpanOf(context), ast::Yield{value});
}

// ---- atoms ------------------------------------------------------------------------------------

const ast::Expr* AstBuilder::Atom(const Context& context) {
  const Span span = SpanOf(context);
  switch (FirstType(context)) {  // NOLINT: the tokens that begin an atom
    case tok::NAME:
      return Make(span, ast::Name{NameOf(span)});
    case tok::NUMBER:
      return std::visit([&](auto number) { return Make(span, std::move(number)); },
                        ReadNumber(text_, span));
    case tok::STRING:
    case tok::FSTRING_START:
      return Strings(context);
    case tok::NONE:
      return Make(span, ast::NoneLiteral{});
    case tok::TRUE:
      return Make(span, ast::BoolLiteral{true});
    case tok::FALSE:
      return Make(span, ast::BoolLiteral{false});
    case tok::ELLIPSIS:
      return Make(span, ast::EllipsisLiteral{});
    case tok::LPAREN:
      return Parenthesis(context);
    case tok::LBRACKET:
      return List(context);
    case tok::LBRACE:
      return Braces(context);
    default:
      throw InternalError("an atom of an unknown kind");
  }
}

const ast::Expr* AstBuilder::Parenthesis(const Context& context) {
  const Span span = SpanOf(context);
  Children children(context);
  children.TakeToken();
  if (children.PeekRule(OrmParser::RuleYield)) return Yield(children.TakeContext());
  bool comma = false;
  std::vector<const ast::Expr*> elements = Elements(children, &comma);
  if (children.PeekRule(OrmParser::RuleComprehension)) {
    return Comprehension(ast::ComprehensionKind::kGenerator, span, elements[0], nullptr, children);
  }
  if (comma || elements.empty()) {
    return Make(span, ast::Display{ast::DisplayKind::kTuple, std::move(elements)});
  }
  if (std::holds_alternative<ast::Starred>(elements[0]->node))
    Reject(Kind::MisplacedStar, elements[0]->span);
  return elements[0];
}

const ast::Expr* AstBuilder::List(const Context& context) {
  const Span span = SpanOf(context);
  Children children(context);
  children.TakeToken();
  bool comma = false;
  std::vector<const ast::Expr*> elements = Elements(children, &comma);
  if (children.PeekRule(OrmParser::RuleComprehension)) {
    return Comprehension(ast::ComprehensionKind::kList, span, elements[0], nullptr, children);
  }
  return Make(span, ast::Display{ast::DisplayKind::kList, std::move(elements)});
}

const ast::Expr* AstBuilder::Braces(const Context& context) {
  const Span span = SpanOf(context);
  Children children(context);
  children.TakeToken();
  std::vector<std::pair<const ast::Expr*, const ast::Expr*>> pairs;
  std::vector<const ast::Expr*> elements;
  while (children.Peek() != tok::RBRACE && !children.PeekRule(OrmParser::RuleComprehension)) {
    if (children.Peek() == tok::COMMA) {
      SkipComma(children, tok::END);
      continue;
    }
    Children entry(children.TakeContext());
    if (entry.Take(tok::POWER)) {
      pairs.emplace_back(nullptr, Expression(entry.TakeContext()));
      continue;
    }
    const ast::Expr* key = Item(entry.TakeContext(), true);
    if (!entry.Take(tok::COLON)) {
      elements.push_back(key);
    } else if (std::holds_alternative<ast::Starred>(key->node)) {
      Reject(Kind::MisplacedStar, key->span);
    } else {
      pairs.emplace_back(key, Expression(entry.TakeContext()));
    }
    if (!pairs.empty() && !elements.empty()) Reject(Kind::MixedDict, span);
  }
  if (!pairs.empty() && !elements.empty()) Reject(Kind::MixedDict, span);
  if (children.PeekRule(OrmParser::RuleComprehension)) {
    if (!elements.empty()) {
      return Comprehension(ast::ComprehensionKind::kSet, span, elements[0], nullptr, children);
    }
    if (pairs[0].first == nullptr) Reject(Kind::MisplacedStar, pairs[0].second->span);
    return Comprehension(ast::ComprehensionKind::kDict, span, pairs[0].first, pairs[0].second,
                         children);
  }
  if (!elements.empty())
    return Make(span, ast::Display{ast::DisplayKind::kSet, std::move(elements)});
  return Make(span, ast::Dict{std::move(pairs)});
}

// ---- comprehensions and targets ---------------------------------------------------------------

const ast::Expr* AstBuilder::Comprehension(ast::ComprehensionKind kind, Span span,
                                           const ast::Expr* element, const ast::Expr* value,
                                           Children& children) {
  if (std::holds_alternative<ast::Starred>(element->node))
    Reject(Kind::MisplacedStar, element->span);
  ast::Comprehension comprehension{kind, element, value, {}};
  while (children.PeekRule(OrmParser::RuleComprehension)) {
    comprehension.clauses.push_back(ComprehensionClause(children.TakeContext()));
  }
  return Make(span, std::move(comprehension));
}

ast::ComprehensionFor AstBuilder::ComprehensionClause(const Context& context) {
  ast::ComprehensionFor clause{};
  Children children(context);
  clause.is_async = children.Take(tok::ASYNC);
  children.Take(tok::FOR);
  clause.target = Targets(children.TakeContext());
  children.Take(tok::IN);
  clause.iterable = Expression(children.TakeContext());
  while (children.Take(tok::COMPREHENSION_IF)) {
    clause.conditions.push_back(Item(children.TakeContext(), false));
  }
  return clause;
}

const ast::Expr* AstBuilder::Targets(const Context& context) {
  std::vector<const ast::Expr*> elements;
  bool comma = false;
  for (Children children(context); !children.AtEnd();) {
    if (children.Peek() == tok::COMMA) {
      comma = true;
      SkipComma(children, tok::END);
    } else {
      elements.push_back(Target(children.TakeContext()));
    }
  }
  const ast::Expr* target = elements[0];
  if (comma)
    target = Make(SpanOf(context), ast::Display{ast::DisplayKind::kTuple, std::move(elements)});
  else if (std::holds_alternative<ast::Starred>(target->node))
    Reject(Kind::MisplacedStar, target->span);
  CheckTarget(*target, true);
  return target;
}

const ast::Expr* AstBuilder::Target(const Context& context) {
  Children children(context);
  const bool starred = children.Take(tok::STAR);
  const uint32_t begin = children.Begin();
  const ast::Expr* value = Atom(children.TakeContext());
  while (!children.AtEnd()) value = Trailer(children.TakeContext(), value, begin);
  return starred ? Make(SpanOf(context), ast::Starred{value}) : value;
}

// ---- trailers ---------------------------------------------------------------------------------

const ast::Expr* AstBuilder::Trailer(const Context& context, const ast::Expr* value,
                                     uint32_t begin) {
  Children children(context);
  const Span span{begin, SpanOf(context).end};
  const tok::Type first = children.Peek();
  children.TakeToken();
  if (first == tok::DOT) {
    const Span name = children.TakeToken();
    return Make(span, ast::Attribute{value, NameOf(name), name});
  }
  if (first == tok::LBRACKET) return Make(span, ast::Subscript{value, Subscript(context)});
  ast::Call call{value, {}};
  call.arguments.reserve(context.children.size());
  while (children.Peek() != tok::RPAREN) {
    if (children.Peek() == tok::COMMA) {
      SkipComma(children, tok::END);
    } else {
      const Context& argument = children.TakeContext();
      // `f(a for a in b)`: neither an argument nor a comma beside it.
      const bool alone = call.arguments.empty() && children.Peek() == tok::RPAREN;
      call.arguments.push_back(Argument(argument, alone, SpanOf(context)));
    }
  }
  CheckArguments(call.arguments);
  return Make(span, std::move(call));
}

ast::Argument AstBuilder::Argument(const Context& context, bool alone, Span call) {
  Children children(context);
  ast::Argument argument;
  const uint32_t begin = children.Begin();
  const tok::Type first = children.Peek();
  if (first == tok::KEYWORD_NAME) {
    argument.kind = ast::Argument::Kind::kKeyword;
    argument.name_span = children.TakeToken();
    argument.name = NameOf(argument.name_span);
    children.Take(tok::EQUAL);
  } else if (first == tok::STAR || first == tok::POWER) {
    argument.kind =
        first == tok::STAR ? ast::Argument::Kind::kStar : ast::Argument::Kind::kDoubleStar;
    children.TakeToken();
  }
  argument.value = Expression(children.TakeContext());
  if (children.Take(tok::WALRUS)) {
    argument.value = Walrus(begin, argument.value, children.TakeContext());
  } else if (!children.AtEnd()) {
    if (!alone) Reject(Kind::GeneratorNeedsParentheses, SpanOf(context));
    argument.value =
        Comprehension(ast::ComprehensionKind::kGenerator, call, argument.value, nullptr, children);
  }
  return argument;
}

void AstBuilder::CheckArguments(const std::vector<ast::Argument>& arguments) {
  using ArgumentKind = ast::Argument::Kind;
  bool keyword = false;
  bool merged = false;
  std::set<std::string_view> names;
  for (const ast::Argument& argument : arguments) {
    const bool positional =
        argument.kind == ArgumentKind::kPositional || argument.kind == ArgumentKind::kStar;
    if ((argument.kind == ArgumentKind::kPositional && keyword) || (positional && merged)) {
      Reject(Kind::PositionalAfterKeyword, argument.value->span);
    }
    keyword = keyword || argument.kind == ArgumentKind::kKeyword;
    merged = merged || argument.kind == ArgumentKind::kDoubleStar;
    if (argument.kind == ArgumentKind::kKeyword && arguments.size() > 1 &&
        !names.insert(argument.name).second) {
      Reject(Kind::RepeatedKeyword, argument.name_span, argument.name);
    }
  }
}

const ast::Expr* AstBuilder::Subscript(const Context& context) {
  Children children(context);
  children.TakeToken();
  const uint32_t begin = children.Begin();
  std::vector<const ast::Expr*> elements;
  bool comma = false;
  uint32_t end = begin;
  while (children.Peek() != tok::RBRACKET) {
    if (children.Peek() == tok::COMMA) {
      comma = true;
      SkipComma(children, tok::END);
    } else {
      elements.push_back(SubscriptElement(children.TakeContext()));
    }
    end = children.End();
  }
  const bool starred = std::holds_alternative<ast::Starred>(elements[0]->node);
  if (!comma && !starred) return elements[0];
  return Make(Span{begin, end}, ast::Display{ast::DisplayKind::kTuple, std::move(elements)});
}

const ast::Expr* AstBuilder::SubscriptElement(const Context& context) {
  Children children(context);
  const ast::Expr* bounds[3] = {nullptr, nullptr, nullptr};
  size_t colons = 0;
  while (!children.AtEnd()) {
    if (children.Take(tok::COLON)) {
      ++colons;
    } else if (children.PeekRule(OrmParser::RuleItem)) {
      bounds[0] = Item(children.TakeContext(), true);
    } else {
      bounds[colons] = Expression(children.TakeContext());
    }
  }
  if (colons == 0) return bounds[0];
  if (bounds[0] != nullptr && std::holds_alternative<ast::Starred>(bounds[0]->node)) {
    Reject(Kind::MisplacedStar, bounds[0]->span);
  }
  return Make(SpanOf(context), ast::Slice{bounds[0], bounds[1], bounds[2]});
}

}  // namespace ormc::syntax
