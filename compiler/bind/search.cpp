// django.contrib.postgres.search: vectors, queries, ranks, headlines, similarity of texts.
#include <algorithm>
#include <array>

#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"
#include "compiler/plan/postgres.h"

namespace ormc::bind {
namespace {

using catalog::Function;
using catalog::FunctionShape;
using catalog::Output;
using plan::Expr;
using plan::ExprPtr;

// What arguments and operators make of the rows of the catalogue.
constexpr Function kWeighted{"SearchVector",        FunctionShape::kCombinedVector, 2, 2,
                             "setweight({0}, {1})", Output::kSearchVector,          ""};
constexpr Function kVectorSum{"SearchVector", FunctionShape::kCombinedVector, 2, 2,
                              "({0} || {1})", Output::kSearchVector,          ""};
// Django has no output field for a combined query.
constexpr Function kBothQueries{
    "SearchQuery", FunctionShape::kCombinedQuery, 2, 2, "({0} && {1})", Output::kGiven, ""};
constexpr Function kEitherQuery{
    "SearchQuery", FunctionShape::kCombinedQuery, 2, 2, "({0} || {1})", Output::kGiven, ""};
constexpr Function kWeights{"SearchRank",      FunctionShape::kTemplate, 1, 1,
                            "({0})::float4[]", Output::kGiven,           ""};

struct SearchType {
  std::string_view name;
  std::string_view function;
};
constexpr std::array kSearchTypes = {
    SearchType{"plain", "plainto_tsquery"},
    SearchType{"phrase", "phraseto_tsquery"},
    SearchType{"raw", "to_tsquery"},
    SearchType{"websearch", "websearch_to_tsquery"},
};

struct HeadlineOption {
  std::string_view argument;
  std::string_view option;
};
constexpr std::array kHeadlineOptions = {
    HeadlineOption{"start_sel", "StartSel"},
    HeadlineOption{"stop_sel", "StopSel"},
    HeadlineOption{"max_words", "MaxWords"},
    HeadlineOption{"min_words", "MinWords"},
    HeadlineOption{"short_word", "ShortWord"},
    HeadlineOption{"highlight_all", "HighlightAll"},
    HeadlineOption{"max_fragments", "MaxFragments"},
    HeadlineOption{"fragment_delimiter", "FragmentDelimiter"},
};

constexpr std::array<std::string_view, 1> kConfigParameters = {"config"};
constexpr std::array<std::string_view, 4> kQueryParameters = {"value", "config", "invert",
                                                              "search_type"};
constexpr std::array<std::string_view, 5> kRankParameters = {"vector", "query", "weights",
                                                             "normalization", "cover_density"};
constexpr std::array<std::string_view, 2> kTextLast = {"expression", "string"};
constexpr std::array<std::string_view, 2> kTextFirst = {"string", "expression"};

enum class SearchKind : uint8_t { kNone, kVector, kQuery };

SearchKind KindOf(const BoundPtr& value) {
  const auto* expression = value->As<Expression>();
  if (expression == nullptr) return SearchKind::kNone;
  if (plan::IsSearchVector(*expression->expr)) return SearchKind::kVector;
  if (plan::IsSearchQuery(*expression->expr)) return SearchKind::kQuery;
  return SearchKind::kNone;
}

// As PostgreSQL writes a literal, which is what ts_headline's options take.
std::string OptionText(const Value& value, Span span) {
  if (const bool* flag = value.As<bool>()) return *flag ? "true" : "false";
  if (const auto* number = value.As<int64_t>()) {
    return (*number < 0 ? " " : "") + std::to_string(*number);
  }
  const std::string* text = value.text();
  if (text == nullptr) {
    Reject(Kind::BadArgument, span,
           std::string("an option of SearchHeadline is a text, a number or a boolean"));
  }
  std::string quoted;
  for (const char c : *text) {
    if (c == '\'' || c == '\\') quoted += c;
    quoted += c;
  }
  const bool escaped = text->find('\\') != std::string::npos;
  return (escaped ? " E'" : "'") + quoted + "'";
}

ExprPtr Call(const Function& row, std::vector<ExprPtr> args, Span span) {
  return plan::MakeCall(span, row, std::move(args));
}

}  // namespace

// A text that is searched for, or an expression.
ExprPtr Binder::SearchText(const BoundPtr& value) {
  const TypeKind type = TypeOf(value).kind;
  const bool text = type == TypeKind::kStr || type == TypeKind::kNone;
  if (value->As<PythonValue>() != nullptr && !text) {
    Reject(Kind::DatabaseRefuses, value->span, std::string("a search for what is no text"));
  }
  return ToExpression(value, false);
}

// `config=`: a name, an expression, or a SearchConfig of them; null for None.
ExprPtr Binder::SearchConfig(const BoundPtr& value) {
  if (!value) return nullptr;
  const Value* constant = ConstantIn(value);
  if (constant != nullptr && constant->is_none()) return nullptr;
  const auto* expression = value->As<Expression>();
  if (expression != nullptr && expression->expr->op == plan::Op::kFunction &&
      expression->expr->function->shape == FunctionShape::kSearchConfig) {
    return expression->expr;
  }
  return Call(*catalog::FindFunction("SearchConfig"), {SearchText(value)}, value->span);
}

ExprPtr Binder::SearchVector(Arguments arguments, Span span) {
  const ExprPtr config = SearchConfig(arguments.Take("config"));
  const BoundPtr weight = arguments.Take("weight");
  if (!arguments.keywords.empty()) RejectArguments("SearchVector", arguments);
  if (arguments.positional.empty()) {
    Reject(Kind::MissingArgument, span, std::string("SearchVector"), std::string("an expression"));
  }
  std::vector<ExprPtr> args;
  if (config) args.push_back(config);
  for (const BoundPtr& part : arguments.positional) args.push_back(ToExpression(part, true));
  ExprPtr vector = Call(*catalog::FindFunction("SearchVector"), std::move(args), span);
  const Value* none = weight ? ConstantIn(weight) : nullptr;
  if (!weight || (none != nullptr && none->is_none())) return vector;
  const auto* expression = weight->As<Expression>();
  if (expression != nullptr && expression->expr->op != plan::Op::kValue) {
    // Django never resolves a weight, so that an F() in it fails there.
    Reject(Kind::BadArgument, weight->span, std::string("a weight is one of A, B, C and D"));
  }
  return Call(kWeighted, {std::move(vector), SearchText(weight)}, span);
}

ExprPtr Binder::SearchQuery(Arguments arguments, Span span) {
  const size_t positional = arguments.positional.size();
  const std::vector<BoundPtr> given = InOrder("SearchQuery", kQueryParameters, arguments);
  if (!given[0] || positional > 1) {
    Reject(Kind::MissingArgument, span, std::string("SearchQuery"),
           std::string("one text; what follows is given by name"));
  }
  const std::string type = given[3] ? RequireText(given[3], "search_type") : "plain";
  const auto* known = std::find_if(kSearchTypes.begin(), kSearchTypes.end(),
                                   [&](const SearchType& row) { return row.name == type; });
  if (known == kSearchTypes.end()) {
    Reject(Kind::BadValue, span, "Unknown search_type argument '" + type + "'.");
  }
  std::vector<ExprPtr> args = {SearchText(given[0])};
  if (const ExprPtr config = SearchConfig(given[1])) args.insert(args.begin(), config);
  Expr query = *Call(*catalog::FindFunction("SearchQuery"), std::move(args), span);
  query.name = known->function;
  query.negated = Flag(given[2]);
  return plan::Finish(std::move(query));
}

ExprPtr Binder::SearchRank(Arguments arguments, Span span) {
  const std::vector<BoundPtr> given = InOrder("SearchRank", kRankParameters, arguments);
  const auto is_given = [&](const BoundPtr& value) {
    const Value* none = value ? ConstantIn(value) : nullptr;
    return value && (none == nullptr || !none->is_none());
  };
  if (!given[0] || !given[1]) {
    Reject(Kind::MissingArgument, span, std::string("SearchRank"),
           std::string("a vector and a query"));
  }
  const auto wrapped = [&](const BoundPtr& value) {
    Arguments only;
    only.span = value->span;
    only.positional = {value};
    return only;
  };
  std::vector<ExprPtr> args;
  args.push_back(given[0]->As<Expression>() != nullptr
                     ? ToExpression(given[0], true)
                     : SearchVector(wrapped(given[0]), given[0]->span));
  args.push_back(given[1]->As<Expression>() != nullptr
                     ? ToExpression(given[1], true)
                     : SearchQuery(wrapped(given[1]), given[1]->span));
  if (is_given(given[2])) {
    const Value* weights = ConstantIn(given[2]);
    if (given[2]->As<Expression>() == nullptr && (weights == nullptr || !weights->list())) {
      Reject(Kind::BadArgument, given[2]->span,
             std::string("weights are a list of four numbers: `[0.1, 0.2, 0.4, 1.0]`"));
    }
    args.insert(args.begin(),
                Call(kWeights,
                     {weights != nullptr ? plan::MakeDirect(span, plan::Constant(*weights))
                                         : ToExpression(given[2], true)},
                     span));
  }
  if (is_given(given[3])) args.push_back(ToExpression(given[3], false));
  Expr rank = *Call(*catalog::FindFunction("SearchRank"), std::move(args), span);
  if (Flag(given[4])) rank.name = "ts_rank_cd";
  return plan::Finish(std::move(rank));
}

ExprPtr Binder::SearchHeadline(Arguments arguments, Span span) {
  std::vector<std::string_view> names = {"expression", "query", "config"};
  for (const HeadlineOption& row : kHeadlineOptions) names.push_back(row.argument);
  const size_t positional = arguments.positional.size();
  const std::vector<BoundPtr> given = InOrder("SearchHeadline", names, arguments);
  if (!given[0] || !given[1] || positional > 2) {
    Reject(Kind::MissingArgument, span, std::string("SearchHeadline"),
           std::string("an expression and a query; what follows is given by name"));
  }
  Arguments query;
  query.span = given[1]->span;
  query.positional = {given[1]};
  std::vector<ExprPtr> args = {ToExpression(given[0], true),
                               given[1]->As<Expression>() != nullptr
                                   ? ToExpression(given[1], true)
                                   : SearchQuery(std::move(query), given[1]->span)};
  if (const ExprPtr config = SearchConfig(given[2])) args.insert(args.begin(), config);
  std::string options;
  for (size_t i = 0; i < kHeadlineOptions.size(); ++i) {
    const BoundPtr& value = given[i + 3];
    if (!value) continue;
    const Value* constant = ConstantIn(value);
    if (constant == nullptr) {
      Reject(Kind::NotSupported, value->span,
             std::string("an option of SearchHeadline that is not known here"),
             std::string("write the text or the number"));
    }
    if (constant->is_none()) continue;
    options += (options.empty() ? "" : ", ") + std::string(kHeadlineOptions[i].option) + "=" +
               OptionText(*constant, value->span);
  }
  if (!options.empty()) args.push_back(plan::MakeValue(span, plan::Constant(Value::Str(options))));
  return Call(*catalog::FindFunction("SearchHeadline"), std::move(args), span);
}

// TrigramSimilarity("name", "text"), TrigramWordSimilarity("text", "name") and kin.
ExprPtr Binder::Trigram(const Function& row, Arguments arguments, Span span) {
  const bool text_last = row.shape == FunctionShape::kTextLast;
  const std::vector<BoundPtr> given =
      InOrder(std::string(row.name), text_last ? kTextLast : kTextFirst, arguments);
  if (!given[0] || !given[1]) {
    Reject(Kind::MissingArgument, span, std::string(row.name),
           std::string(text_last ? "an expression and a text" : "a text and an expression"));
  }
  ExprPtr first = text_last ? ToExpression(given[0], true) : SearchText(given[0]);
  ExprPtr second = text_last ? SearchText(given[1]) : ToExpression(given[1], true);
  return Call(row, {std::move(first), std::move(second)}, span);
}

BoundPtr Binder::SearchFunction(const Function& row, Arguments arguments, Span span) {
  const auto made = [&](ExprPtr expr) { return MakeBound(span, Expression{std::move(expr), {}}); };
  if (row.name == "SearchVector") return made(SearchVector(std::move(arguments), span));
  if (row.name == "SearchQuery") return made(SearchQuery(std::move(arguments), span));
  if (row.name == "SearchRank") return made(SearchRank(std::move(arguments), span));
  if (row.name == "SearchHeadline") return made(SearchHeadline(std::move(arguments), span));
  if (row.name == "SearchConfig") {
    const std::vector<BoundPtr> given = InOrder("SearchConfig", kConfigParameters, arguments);
    const ExprPtr config = SearchConfig(given[0]);
    if (!config) {
      Reject(Kind::MissingArgument, span, std::string("SearchConfig"), std::string("a name"));
    }
    return made(config);
  }
  return made(Trigram(row, std::move(arguments), span));
}

// `+` of vectors, `&` and `|` of queries; null where neither side is one.
BoundPtr Binder::CombineSearch(ast::BinaryOp op, const BoundPtr& left, const BoundPtr& right,
                               Span span) {
  const SearchKind kind = KindOf(left) != SearchKind::kNone ? KindOf(left) : KindOf(right);
  if (kind == SearchKind::kNone) return nullptr;
  if (kind == SearchKind::kVector && KindOf(left) == SearchKind::kNone &&
      left->As<Expression>() != nullptr) {
    Reject(Kind::MixedTypes, span);  // the left side's own operator: no field has this sum
  }
  if (kind == SearchKind::kVector && (op == ast::BinaryOp::kBitAnd || op == ast::BinaryOp::kBitOr ||
                                      op == ast::BinaryOp::kBitXor)) {
    Reject(Kind::DjangoNotImplemented, span, std::string("`&`, `|` and `^` of search vectors"));
  }
  if (KindOf(left) != KindOf(right)) {
    const std::string name = kind == SearchKind::kVector ? "SearchVector" : "SearchQuery";
    Reject(Kind::TypeMismatch, span,
           "`" + name + "` can only be combined with other " + name + " instances");
  }
  const Function* row = nullptr;
  if (kind == SearchKind::kVector && op == ast::BinaryOp::kAdd) row = &kVectorSum;
  if (kind == SearchKind::kQuery && op == ast::BinaryOp::kBitAnd) row = &kBothQueries;
  if (kind == SearchKind::kQuery && op == ast::BinaryOp::kBitOr) row = &kEitherQuery;
  if (row == nullptr) {
    Reject(Kind::DatabaseRefuses, span,
           std::string(kind == SearchKind::kVector ? "an operator of vectors other than `+`"
                                                   : "an operator of queries other than `&`, `|`"));
  }
  return MakeBound(
      span,
      Expression{Call(*row, {left->As<Expression>()->expr, right->As<Expression>()->expr}, span),
                 {}});
}

// `~` of a search query; null where it is something else.
BoundPtr Binder::InvertSearch(const BoundPtr& operand, Span span) {
  if (KindOf(operand) == SearchKind::kNone) return nullptr;
  Expr inverted = *operand->As<Expression>()->expr;
  // Django's `~` of anything else is NOT.
  if (inverted.function->shape == FunctionShape::kCombinedQuery) Reject(Kind::MixedTypes, span);
  if (inverted.function->shape != FunctionShape::kSearchQuery) {
    Reject(Kind::DatabaseRefuses, span, std::string("NOT of a search vector"));
  }
  inverted.span = span;
  inverted.negated = !inverted.negated;
  return MakeBound(span, Expression{plan::Finish(std::move(inverted)), {}});
}

}  // namespace ormc::bind
