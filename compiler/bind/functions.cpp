// Calls of database functions, Lower("name"), and of lookups as expressions, GreaterThan(F("a"), 1).
#include <algorithm>
#include <array>
#include <regex>
#include <variant>

#include "compiler/base/check.h"
#include "compiler/bind/binder.h"
#include "compiler/bind/making.h"

namespace ormc::bind {

using catalog::FunctionShape;
using plan::Expr;
using plan::ExprPtr;
using plan::Op;

namespace {

// What PostgreSQL's EXTRACT knows beyond Django's own units.
constexpr std::array<std::string_view, 11> kExtractUnits = {
    "century", "decade", "dow",          "doy",        "epoch",       "isodow",
    "isoyear", "julian", "microseconds", "millennium", "milliseconds"};
constexpr std::array<std::string_view, 10> kTruncUnits = {
    "year", "quarter", "month", "week", "day", "hour", "minute", "second", "date", "time"};

// The signatures of Django's functions that name their parameters; the others take expressions.
using Names = std::array<std::string_view, 4>;
struct Signature {
  std::string_view function;
  Names names;
};
constexpr std::array kSignatures = {
    Signature{"Cast", {"expression", "output_field"}},
    Signature{"Collate", {"expression", "collation"}},
    Signature{"Extract", {"expression", "lookup_name", "tzinfo"}},
    Signature{"Left", {"expression", "length"}},
    Signature{"LPad", {"expression", "length", "fill_text"}},
    Signature{"Repeat", {"expression", "number"}},
    Signature{"Replace", {"expression", "text", "replacement"}},
    Signature{"Right", {"expression", "length"}},
    Signature{"Round", {"expression", "precision"}},
    Signature{"RPad", {"expression", "length", "fill_text"}},
    Signature{"Substr", {"expression", "pos", "length"}},
    Signature{"Trunc", {"expression", "kind", "output_field", "tzinfo"}},
};
// ExtractYear and kin take a unit and do not look at it.
constexpr Names kExtractNames = {"expression", "lookup_name", "tzinfo"};
constexpr Names kTruncNames = {"expression", "output_field", "tzinfo"};

Names NamesOf(const catalog::Function& row) {
  for (const Signature& signature : kSignatures) {
    if (signature.function == row.name) return signature.names;
  }
  switch (row.shape) {
    case FunctionShape::kExtract:
      return kExtractNames;
    case FunctionShape::kTrunc:
    case FunctionShape::kTruncDate:
    case FunctionShape::kTruncTime:
      return kTruncNames;
    case FunctionShape::kCall:
    case FunctionShape::kTemplate:
    case FunctionShape::kCast:
    case FunctionShape::kCollate:
    case FunctionShape::kConcat:
    case FunctionShape::kDecimalInput:
    case FunctionShape::kWindow:
    case FunctionShape::kJsonKey:
    case FunctionShape::kHstoreKey:
    case FunctionShape::kArrayIndex:
    case FunctionShape::kArraySlice:
    case FunctionShape::kArray:
    case FunctionShape::kJsonObject:
    case FunctionShape::kJsonArray:
    case FunctionShape::kTextLast:
    case FunctionShape::kTextFirst:
    case FunctionShape::kSearchConfig:
    case FunctionShape::kSearchVector:
    case FunctionShape::kCombinedVector:
    case FunctionShape::kSearchQuery:
    case FunctionShape::kCombinedQuery:
    case FunctionShape::kSearchCall:
      return {};
  }
  return {};
}

// A parameter that Django's signature has a default for.
struct Default {
  std::string_view function;
  size_t position;
  std::variant<int64_t, std::string_view> value;
};
constexpr std::array kDefaults = {
    Default{"Round", 1, int64_t{0}},
    Default{"LPad", 2, " "},
    Default{"RPad", 2, " "},
    Default{"Replace", 2, ""},
};

// A constant that Django's constructor refuses.
struct LeastValue {
  std::string_view function;
  size_t position;
  int64_t least;
  std::string_view message;
};
constexpr std::array kLeastValues = {
    LeastValue{"Substr", 1, 1, "'pos' must be greater than 0"},
    LeastValue{"Left", 1, 1, "'length' must be greater than 0."},
    LeastValue{"Right", 1, 1, "'length' must be greater than 0."},
    LeastValue{"LPad", 1, 0, "'length' must be greater or equal to 0."},
    LeastValue{"RPad", 1, 0, "'length' must be greater or equal to 0."},
    LeastValue{"Repeat", 1, 0, "'number' must be greater or equal to 0."},
};

template <typename Names>
bool Contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void CheckUnit(const catalog::Function& row, const std::string& unit, Span span) {
  const bool extract = row.shape == FunctionShape::kExtract;
  const bool trunc = row.shape == FunctionShape::kTrunc;
  if ((extract && catalog::FindTransform(unit) == nullptr && !Contains(kExtractUnits, unit)) ||
      (trunc && !Contains(kTruncUnits, unit))) {
    Reject(Kind::UnknownUnit, span, unit);
  }
}

void CheckCount(const catalog::Function& row, size_t count, Span span) {
  const bool any = row.most == catalog::kMany;
  if (count >= row.least && (any || count <= row.most)) return;
  const std::string name(row.name);
  if (any) Reject(Kind::BadValue, span, name + " must take at least two expressions");
  Reject(Kind::MissingArgument, span, name,
         row.least == row.most ? std::to_string(row.least) + " expression(s)"
                               : "at least " + std::to_string(row.least) + " expressions");
}

// Its arguments are read by search.cpp.
bool IsSearch(FunctionShape shape) {
  return shape == FunctionShape::kTextLast || shape == FunctionShape::kTextFirst ||
         shape == FunctionShape::kSearchConfig || shape == FunctionShape::kSearchVector ||
         shape == FunctionShape::kSearchQuery || shape == FunctionShape::kSearchCall;
}

// Takes a zone: Extract and Trunc, under whichever name.
bool IsDated(FunctionShape shape) {
  return shape == FunctionShape::kExtract || shape == FunctionShape::kTrunc ||
         shape == FunctionShape::kTruncDate || shape == FunctionShape::kTruncTime;
}

// One of PostgreSQL's own or of the site's fields: no name in SQL is the snippet's.
bool IsCollation(const std::string& name, const manifest::Manifest& manifest) {
  constexpr std::array<std::string_view, 4> kBuiltIn = {"C", "POSIX", "default", "ucs_basic"};
  static const std::regex locale(
      "[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}-x-icu|[a-z]{2}_[A-Z]{2}(\\.utf8)?");
  if (std::ranges::find(kBuiltIn, name) != kBuiltIn.end()) return true;
  if (name.size() <= 40 && std::regex_match(name, locale)) return true;
  return std::ranges::any_of(manifest.models, [&](const auto& model) {
    return std::ranges::any_of(model->fields, [&](const manifest::Field& field) {
      return !name.empty() && field.db_collation == name;
    });
  });
}

}  // namespace

// The text argument of a function that is no expression: a unit, a collation.
std::string Binder::NamedText(const std::string& function, const char* keyword,
                              Arguments& arguments, Span span) {
  const BoundPtr given = arguments.Take(keyword);
  if (!given) Reject(Kind::MissingArgument, span, function, std::string(keyword));
  return RequireText(given, keyword);
}

BoundPtr Binder::DatabaseFunction(const catalog::Function& row, Arguments arguments, Span span) {
  if (row.shape == FunctionShape::kWindow) return WindowFunction(row, std::move(arguments), span);
  if (row.shape == FunctionShape::kJsonKey || row.shape == FunctionShape::kJsonObject) {
    return JsonFunction(row, arguments, span);
  }
  if (IsSearch(row.shape)) return SearchFunction(row, std::move(arguments), span);
  const std::string name(row.name);
  Expr call = NewExpr(Op::kFunction, span);
  call.function = &row;
  call.name = std::string(row.sql);
  const Names names = NamesOf(row);
  if (!names[0].empty()) NameArguments(name, names, arguments);
  SetOutput(call, OutputField(arguments));
  if (row.shape == FunctionShape::kCast && !call.output) {
    Reject(Kind::MissingArgument, span, name, std::string("`output_field`"));
  }
  if (row.shape == FunctionShape::kCast &&
      call.output->kind == manifest::FieldKind::kDecimalField &&
      (!call.output->max_digits || !call.output->decimal_places)) {
    // Django sends numeric(None, None), or (8, None).
    Reject(Kind::DatabaseRefuses, span,
           std::string("a cast to numeric without both of its numbers; write "
                       "`DecimalField(max_digits=12, decimal_places=2)`"));
  }
  if (IsDated(row.shape)) call.zone = ZoneArgument(arguments);
  (void)arguments.Take("is_dst");
  if (row.name == "Extract") call.name = NamedText(name, "lookup_name", arguments, span);
  if (row.name == "Trunc") call.name = NamedText(name, "kind", arguments, span);
  if (row.shape == FunctionShape::kExtract) (void)arguments.Take("lookup_name");
  CheckUnit(row, call.name, span);
  if (row.shape == FunctionShape::kCollate) {
    call.name = NamedText(name, "collation", arguments, span);
    if (!IsCollation(call.name, scope_.manifest())) {
      Reject(Kind::BadValue, span, "no collation `" + call.name + "`");
    }
  }
  for (size_t i = 0, absent = names.size(); i < names.size(); ++i) {
    BoundPtr given = arguments.Take(names[i]);
    if (given && absent < i) {
      Reject(Kind::MissingArgument, span, name, "`" + std::string(names[absent]) + "`");
    }
    if (given)
      arguments.positional.push_back(std::move(given));
    else
      absent = std::min(absent, i);
  }
  if (!arguments.keywords.empty()) RejectArguments(name, arguments);
  for (const LeastValue& bound : kLeastValues) {
    if (bound.function != row.name || bound.position >= arguments.positional.size()) continue;
    const Value* constant = ConstantIn(arguments.positional[bound.position]);
    if (constant == nullptr) continue;
    const auto* number = constant->As<int64_t>();
    if (number != nullptr && *number < bound.least) {
      Reject(Kind::BadValue, span, std::string(bound.message));
    }
    const bool none = constant->is_none() && bound.least != 1;
    if (!none && number == nullptr && constant->As<bool>() == nullptr &&
        constant->As<double>() == nullptr &&
        constant->As<std::shared_ptr<const Decimal>>() == nullptr &&
        constant->As<std::shared_ptr<const BigInt>>() == nullptr) {
      // Python compares it with a number.
      Reject(Kind::TypeMismatch, arguments.positional[bound.position]->span,
             "`" + name + "` takes a number here; write `F(...)` for a field");
    }
  }
  for (const BoundPtr& argument : arguments.positional) {
    call.args.push_back(ToExpression(argument, true));
  }
  for (const Default& absent : kDefaults) {
    if (absent.function != row.name || absent.position != call.args.size()) continue;
    const Value value =
        std::visit(Overloaded{[](int64_t number) { return Value::Int(number); },
                              [](std::string_view text) { return Value::Str(std::string(text)); }},
                   absent.value);
    call.args.push_back(plan::MakeValue(span, plan::Constant(value)));
  }
  CheckCount(row, call.args.size(), span);
  return MakeExpression(std::move(call));
}

// GreaterThan(F("a"), F("b")) as a condition.
BoundPtr Binder::LookupExpression(const catalog::Lookup& row, Arguments arguments, Span span) {
  if (arguments.positional.size() != 2 || !arguments.keywords.empty()) {
    Reject(Kind::MissingArgument, span, std::string(row.class_name), std::string("two sides"));
  }
  Expr test = NewExpr(Op::kLookup, span);
  test.lookup = &row;
  const bool compares = row.kind == catalog::LookupKind::kCompare;
  const ExprPtr right = compares ? ToExpression(arguments.positional[1], false)
                                 : ToLookupValue(arguments.positional[1]);
  // Its right side is prepared when the left side's type is known.
  if (!compares && row.kind != catalog::LookupKind::kNullTest) test.name = row.name;
  test.args = {ToExpression(arguments.positional[0], false), right};
  return MakeExpression(std::move(test));
}

}  // namespace ormc::bind
