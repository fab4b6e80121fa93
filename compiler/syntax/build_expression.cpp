// Precedence: the grammar gives an expression as one flat list of prefixes, atoms, trailers and
// operators.
#include <algorithm>
#include <optional>

#include "compiler/base/check.h"
#include "compiler/syntax/build_ast.h"

namespace ormc::syntax {
namespace {

using generated::OrmParser;

// Python's levels, from the loosest.
enum Level : int {
  kAnything,
  kConditional,
  kOr,
  kAnd,
  kNot,
  kCompare,
  kBitOr,
  kBitXor,
  kBitAnd,
  kShift,
  kSum,
  kProduct,
  kUnary,
  kPower,
};

struct BinaryRow {
  tok::Type type;
  Level level;
  ast::BinaryOp op;
};
constexpr BinaryRow kBinaries[] = {
    {tok::PIPE, kBitOr, ast::BinaryOp::kBitOr},
    {tok::CARET, kBitXor, ast::BinaryOp::kBitXor},
    {tok::AMPERSAND, kBitAnd, ast::BinaryOp::kBitAnd},
    {tok::SHIFT_LEFT, kShift, ast::BinaryOp::kShiftLeft},
    {tok::SHIFT_RIGHT, kShift, ast::BinaryOp::kShiftRight},
    {tok::PLUS, kSum, ast::BinaryOp::kAdd},
    {tok::MINUS, kSum, ast::BinaryOp::kSubtract},
    {tok::STAR, kProduct, ast::BinaryOp::kMultiply},
    {tok::SLASH, kProduct, ast::BinaryOp::kDivide},
    {tok::DOUBLE_SLASH, kProduct, ast::BinaryOp::kFloorDivide},
    {tok::PERCENT, kProduct, ast::BinaryOp::kModulo},
    {tok::AT, kProduct, ast::BinaryOp::kMatMultiply},
    {tok::POWER, kPower, ast::BinaryOp::kPower},
};

struct CompareRow {
  tok::Type type;
  ast::CompareOp op;
};
constexpr CompareRow kComparisons[] = {
    {tok::EQUAL_EQUAL, ast::CompareOp::kEqual},
    {tok::NOT_EQUAL, ast::CompareOp::kNotEqual},
    {tok::LESS, ast::CompareOp::kLess},
    {tok::LESS_EQUAL, ast::CompareOp::kLessEqual},
    {tok::GREATER, ast::CompareOp::kGreater},
    {tok::GREATER_EQUAL, ast::CompareOp::kGreaterEqual},
    {tok::IS, ast::CompareOp::kIs},
    {tok::IS_NOT, ast::CompareOp::kIsNot},
    {tok::IN, ast::CompareOp::kIn},
    {tok::NOT_IN, ast::CompareOp::kNotIn},
};

template <class Row, size_t n>
const Row* Find(const Row (&rows)[n], tok::Type type) {
  const Row* row = std::find_if(rows, rows + n, [type](const Row& r) { return r.type == type; });
  return row == rows + n ? nullptr : row;
}

}  // namespace

class Climber {
 public:
  Climber(AstBuilder& builder, const Context& context)
      : builder_(builder), context_(context), children_(context) {}

  const ast::Expr* Run() {
    const Deeper level(builder_.depth_, builder_.limits_.nesting_depth, SpanOf(context_));
    const size_t chain = builder_.chain_;
    builder_.chain_ += Links();
    if (builder_.chain_ > builder_.limits_.chain_length) {
      Reject(Kind::NestedTooDeep, SpanOf(context_), std::to_string(builder_.limits_.chain_length));
    }
    const ast::Expr* expression = Parse(kAnything);
    if (!children_.AtEnd()) RejectRest();
    builder_.chain_ = chain;
    return expression;
  }

 private:
  // How far the tree of this expression may lean: its binary operators and its longest row of
  // trailers.
  size_t Links() const {
    if (context_.children.size() == 1) return 1;
    size_t operators = 0;
    size_t trailers = 0;
    size_t longest = 0;
    for (Children children(context_); !children.AtEnd();) {
      if (children.PeekContext() == nullptr) {
        operators += Find(kBinaries, children.Peek()) == nullptr ? 0 : 1;
        children.TakeToken();
        trailers = 0;
      } else {
        longest = std::max(longest, ++trailers);
        children.TakeContext();
      }
    }
    return operators + longest;
  }

  const ast::Expr* Parse(Level lowest) {
    const uint32_t begin = children_.Begin();
    const ast::Expr* left = Prefixed(lowest);
    while (!children_.AtEnd()) {
      const tok::Type type = children_.Peek();
      const BinaryRow* binary = Find(kBinaries, type);
      if (binary != nullptr) {
        if (binary->level < lowest) return left;
        left = Binary(*binary, left, begin);
      } else if (Find(kComparisons, type) != nullptr) {
        if (kCompare < lowest) return left;
        left = Comparison(left, begin);
      } else if (type == tok::AND || type == tok::OR) {
        const Level level = type == tok::AND ? kAnd : kOr;
        if (level < lowest) return left;
        left = Chain(type, level, left, begin);
      } else if (type == tok::IF && lowest <= kConditional) {
        left = Conditional(left, begin);
      } else {
        return left;
      }
    }
    return left;
  }

  const ast::Expr* Prefixed(Level lowest) {
    if (!children_.PeekRule(OrmParser::RulePrefix)) return Primary();
    const uint32_t begin = children_.Begin();
    Children prefix(children_.TakeContext());
    const tok::Type type = prefix.Peek();
    const Span span = prefix.TakeToken();
    const Deeper level(builder_.depth_, builder_.limits_.nesting_depth, span);
    if (type == tok::LAMBDA) {
      if (lowest > kConditional) RejectPrefix(span);
      ast::Lambda lambda{{}, true, nullptr};
      if (prefix.PeekContext() != nullptr) lambda = builder_.LambdaHead(prefix.TakeContext());
      lambda.body = Parse(kConditional);
      return builder_.Make(Span{begin, children_.End()}, std::move(lambda));
    }
    if (type == tok::NOT) {
      if (lowest > kNot) RejectPrefix(span);
      return Unary(ast::UnaryOp::kNot, Parse(kNot), begin);
    }
    if (type == tok::AWAIT) {
      const ast::Expr* value = Primary();
      return builder_.Make(Span{begin, children_.End()}, ast::Await{value});
    }
    const ast::UnaryOp op = type == tok::MINUS  ? ast::UnaryOp::kNegate
                            : type == tok::PLUS ? ast::UnaryOp::kPlus
                                                : ast::UnaryOp::kInvert;
    // The right side of `**` may be signed, the left side binds before the sign.
    if (lowest == kPower) RejectPrefix(span);
    return Unary(op, Parse(kUnary), begin);
  }

  const ast::Expr* Unary(ast::UnaryOp op, const ast::Expr* operand, uint32_t begin) {
    return builder_.Make(Span{begin, children_.End()}, ast::Unary{op, operand});
  }

  const ast::Expr* Primary() {
    if (children_.PeekRule(OrmParser::RulePrefix)) RejectPrefix(SpanOf(children_.TakeContext()));
    const uint32_t begin = children_.Begin();
    const ast::Expr* value = builder_.Atom(children_.TakeContext());
    while (children_.PeekRule(OrmParser::RuleTrailer)) {
      value = builder_.Trailer(children_.TakeContext(), value, begin);
    }
    return value;
  }

  const ast::Expr* Binary(const BinaryRow& row, const ast::Expr* left, uint32_t begin) {
    const Span span = children_.TakeToken();
    const ast::Expr* right = nullptr;
    if (row.op == ast::BinaryOp::kPower) {
      const Deeper level(builder_.depth_, builder_.limits_.nesting_depth, span);
      right = Parse(kUnary);
    } else {
      right = Parse(static_cast<Level>(row.level + 1));
    }
    return builder_.Make(Span{begin, children_.End()}, ast::Binary{row.op, left, right});
  }

  const ast::Expr* Comparison(const ast::Expr* first, uint32_t begin) {
    ast::Comparison comparison{first, {}};
    while (const CompareRow* row = Find(kComparisons, children_.Peek())) {
      children_.TakeToken();
      comparison.rest.emplace_back(row->op, Parse(kBitOr));
    }
    return builder_.Make(Span{begin, children_.End()}, std::move(comparison));
  }

  const ast::Expr* Chain(tok::Type type, Level level, const ast::Expr* first, uint32_t begin) {
    ast::BoolChain chain{type == tok::AND ? ast::BoolOp::kAnd : ast::BoolOp::kOr, {first}};
    while (children_.Take(type)) chain.operands.push_back(Parse(static_cast<Level>(level + 1)));
    return builder_.Make(Span{begin, children_.End()}, std::move(chain));
  }

  const ast::Expr* Conditional(const ast::Expr* body, uint32_t begin) {
    const Span span = children_.TakeToken();
    const Deeper level(builder_.depth_, builder_.limits_.nesting_depth, span);
    const ast::Expr* test = Parse(kOr);
    if (!children_.Take(tok::ELSE)) Reject(Kind::ConditionalWithoutElse, span);
    const ast::Expr* otherwise = Parse(kConditional);
    return builder_.Make(Span{begin, children_.End()}, ast::Conditional{body, test, otherwise});
  }

  [[noreturn]] void RejectPrefix(Span span) const {
    Reject(Kind::MisplacedPrefix, span, WordOf(span));
  }
  std::string WordOf(Span span) const {
    const std::string text = builder_.TextOf(span);
    return text.substr(0, text.find_first_of(" \t:"));
  }
  [[noreturn]] void RejectRest() {
    const tok::Type type = children_.Peek();
    const Span span = children_.TakeToken();
    Check(type == tok::ELSE, "an operator was left over");
    Reject(Kind::ElseWithoutIf, span, builder_.TextOf(span));
  }

  AstBuilder& builder_;
  const Context& context_;
  Children children_;
};

const ast::Expr* AstBuilder::Expression(const Context& context) {
  return Climber(*this, context).Run();
}

ast::Lambda AstBuilder::LambdaHead(const Context& context) {
  ast::Lambda lambda{{}, true, nullptr};
  for (Children list(context); !list.AtEnd();) {
    if (list.Peek() == tok::COMMA) {
      SkipComma(list, tok::COLON);
      continue;
    }
    Children parameter(list.TakeContext());
    const tok::Type first = parameter.Peek();
    lambda.plain = lambda.plain && (first == tok::NAME || first == tok::KEYWORD_NAME);
    const Span begin = parameter.TakeToken();
    const bool marked = first == tok::STAR || first == tok::POWER;
    if (marked && parameter.Peek() == tok::NAME) {
      lambda.parameters.push_back(NameOf(parameter.TakeToken()));
    } else if (!marked && first != tok::SLASH) {
      lambda.parameters.push_back(NameOf(begin));
    }
    if (parameter.Take(tok::EQUAL)) {
      lambda.plain = false;
      static_cast<void>(Expression(parameter.TakeContext()));
    }
  }
  return lambda;
}

}  // namespace ormc::syntax
