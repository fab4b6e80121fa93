#include "compiler/base/check.h"
#include "compiler/base/planted.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sql/printer.h"

namespace ormc::sql {

using plan::Expr;
using plan::ExprPtr;
using plan::FieldKind;
using plan::IsA;

Fragment Printer::Argument(const ExprPtr& expr) {
  try {
    return Print(expr);
  } catch (const EmptyResult&) {
    const std::optional<ormc::Value> value = plan::EmptyResultValue(expr);
    if (!value) throw;
    return Print(plan::MakeValue(expr->span, plan::Constant(*value)));
  } catch (const FullResult&) {
    return "TRUE";
  }
}

std::vector<Fragment> Printer::PrintAll(const std::vector<ExprPtr>& exprs) {
  std::vector<Fragment> out;
  out.reserve(exprs.size());
  for (const ExprPtr& expr : exprs) out.push_back(Argument(expr));
  return out;
}

Fragment Printer::Call(const Expr& call) {
  using catalog::FunctionShape;
  const catalog::Function& row = *call.function;
  switch (row.shape) {
    case FunctionShape::kWindow:
      Reject(Kind::DatabaseRefuses, call.span,
             "window function " + std::string(row.sql) + " requires an OVER clause");
    case FunctionShape::kCall:
      return Fragment(std::string(row.sql) + "(") + Joined(PrintAll(call.args), ", ") + ")";
    case FunctionShape::kTemplate:
    case FunctionShape::kTextLast:
    case FunctionShape::kTextFirst:
    case FunctionShape::kSearchConfig:
    case FunctionShape::kCombinedVector:
    case FunctionShape::kCombinedQuery:
      return Fill(row.sql, PrintAll(call.args));
    case FunctionShape::kSearchVector:
      return SearchVector(call);
    case FunctionShape::kSearchQuery:
    case FunctionShape::kSearchCall: {
      const Fragment sql = Fragment(call.name + "(") + Joined(PrintAll(call.args), ", ") + ")";
      return call.negated ? Fragment("!!(") + sql + ")" : sql;
    }
    case FunctionShape::kCast: {
      const std::string type = plan::CastDbType(*call.output);
      return Fragment("(") + Argument(call.args[0]) + Fragment(")::" + type);
    }
    case FunctionShape::kCollate:
      return Print(call.args[0]) + Fragment(" COLLATE " + Quoted(call.name));
    case FunctionShape::kConcat:
      return Concat(call.args, 0);
    case FunctionShape::kDecimalInput: {
      // PostgreSQL has these for numeric only.
      std::vector<Fragment> args;
      for (const ExprPtr& arg : call.args) {
        Fragment sql = Print(arg);
        if (arg->output && arg->output->kind == FieldKind::kFloatField) {
          sql = Fragment("(") + sql + ")::numeric(1000, 15)";
        }
        args.push_back(std::move(sql));
      }
      return Fragment(std::string(row.sql) + "(") + Joined(args, ", ") + ")";
    }
    case FunctionShape::kExtract:
      return Extract(call);
    case FunctionShape::kTrunc:
      return Trunc(call);
    case FunctionShape::kTruncDate:
      if (Planted("date-utc")) return Fragment("(") + Print(call.args[0]) + ")::date";
      return Fragment("(") + InZone(Print(call.args[0]), nullptr, call.zone) + ")::date";
    case FunctionShape::kTruncTime:
      return Fragment("(") + InZone(Print(call.args[0]), nullptr, call.zone) + ")::time";
    case FunctionShape::kJsonKey:
      return JsonKey(call);
    case FunctionShape::kHstoreKey:
      return Fragment("(") + Print(call.args[0]) + " -> " + Unit(call.name) + ")";
    case FunctionShape::kArrayIndex:
    case FunctionShape::kArraySlice:
      return ArrayPart(call);
    case FunctionShape::kArray:
      return Fragment("ARRAY[") + Joined(PrintAll(call.args), ", ") + "]";
    case FunctionShape::kJsonObject:
    case FunctionShape::kJsonArray:
      return JsonBuild(call);
  }
  throw InternalError("an unknown shape of function");
}

// As text where it is none, '' where it is NULL.
Fragment Printer::TextOrEmpty(const ExprPtr& expr) {
  Fragment sql = Print(expr);
  const plan::FieldType& type = plan::OutputOf(expr);
  if (!IsA(type, FieldKind::kCharField) && !IsA(type, FieldKind::kTextField)) {
    sql = Fragment("(") + sql + ")::text";
  }
  return Fragment("COALESCE(") + sql + ", '')";
}

// a || (b || c)
Fragment Printer::Concat(const std::vector<ExprPtr>& args, size_t from) {
  const Fragment left = TextOrEmpty(args[from]);
  const Fragment right = from + 2 == args.size()
                             ? TextOrEmpty(args[from + 1])
                             : Fragment("COALESCE(") + Concat(args, from + 1) + ", '')";
  return Fragment("(") + left + " || " + right + ")";
}

Fragment Printer::InZone(Fragment sql, const ExprPtr& source, const std::string& zone) {
  const eval::Context& context = *statement_.context().eval;
  if (source && !(source->output && IsA(*source->output, FieldKind::kDateTimeField))) {
    if (!zone.empty()) {
      Reject(Kind::BadValue, source->span,
             std::string("tzinfo can only be used with DateTimeField."));
    }
    return sql;
  }
  if (!context.use_tz) return sql;
  return std::move(sql) + " AT TIME ZONE " +
         Constant(ormc::Value::Str(zone.empty() ? context.zone : zone),
                  program::ParameterType::kText);
}

Fragment Printer::Extract(const Expr& call) {
  const ExprPtr& source = call.args[0];
  const Fragment sql = InZone(Print(source), source, call.zone);
  const std::string& unit = call.name;
  const bool has_time = source->output && (IsA(*source->output, FieldKind::kDateTimeField) ||
                                           !IsA(*source->output, FieldKind::kDateField));
  if (unit == "week_day") return Fragment("EXTRACT(DOW FROM ") + sql + ") + 1";
  if (unit == "iso_week_day") return Fragment("EXTRACT(ISODOW FROM ") + sql + ")";
  if (unit == "iso_year") return Fragment("EXTRACT(ISOYEAR FROM ") + sql + ")";
  if (unit == "second" && has_time) {
    return Fragment("EXTRACT(SECOND FROM DATE_TRUNC(") + Unit("second") + ", " + sql + "))";
  }
  std::string upper;
  for (const char c : unit) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return Fragment("EXTRACT(" + upper + " FROM ") + sql + ")";
}

Fragment Printer::Trunc(const Expr& call) {
  const ExprPtr& source = call.args[0];
  const Fragment sql = InZone(Print(source), source, call.zone);
  Fragment out = Fragment("DATE_TRUNC(") + Unit(call.name) + ", " + sql + ")";
  if (call.output && call.output->kind == FieldKind::kTimeField) return out + "::time";
  return out;
}

}  // namespace ormc::sql
