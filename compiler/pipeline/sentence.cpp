#include "compiler/pipeline/sentence.h"

#include <algorithm>

#include "compiler/pipeline/moments.h"
#include "compiler/values/temporal.h"
#include "compiler/values/text.h"

namespace ormc::pipeline {
namespace {

using catalog::LookupId;
using plan::Expr;
using plan::ExprPtr;
using plan::Op;

constexpr size_t kShownItems = 5;
constexpr size_t kLongestText = 60;
constexpr std::string_view kThereAre = "there are ";
constexpr std::string_view kNothing = "nothing matches";

std::string Plural(const manifest::Model& model) {
  return model.verbose_name_plural.empty() ? model.name : model.verbose_name_plural;
}

std::string Words(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool gap = c == '_';
    if (!gap || (!out.empty() && out.back() != ' ')) out += gap ? ' ' : c;
  }
  return out;
}

std::string Listed(const std::vector<std::string>& items, const std::string& last) {
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? " " + last + " " : ", ";
    out += items[i];
  }
  return out;
}

// A lookup in words; of dates and times where they differ.
struct Wording {
  LookupId lookup;
  std::string_view words;
  std::string_view temporal;
  std::string_view behind;
};
constexpr Wording kWordings[] = {
    {LookupId::kExact, "is", "", ""},
    {LookupId::kIExact, "is", "", " in any case"},
    {LookupId::kContains, "contains", "", ""},
    {LookupId::kIContains, "contains", "", " in any case"},
    {LookupId::kStartsWith, "begins with", "", ""},
    {LookupId::kIStartsWith, "begins with", "", " in any case"},
    {LookupId::kEndsWith, "ends with", "", ""},
    {LookupId::kIEndsWith, "ends with", "", " in any case"},
    {LookupId::kRegex, "matches the pattern", "", ""},
    {LookupId::kIRegex, "matches the pattern", "", " in any case"},
    {LookupId::kGreaterThan, "is more than", "is after", ""},
    {LookupId::kGreaterThanOrEqual, "is at least", "is on or after", ""},
    {LookupId::kLessThan, "is less than", "is before", ""},
    {LookupId::kLessThanOrEqual, "is at most", "is on or before", ""},
    {LookupId::kIn, "is one of", "", ""},
    {LookupId::kRange, "is between", "", ""},
};

class Speaker {
 public:
  Speaker(const plan::Query& query, const program::Program& program)
      : query_(query), program_(program) {}

  // " whose ...", " where there are ...", " except those whose ..."; "" where all rows are meant.
  std::string Conditions() {
    const Expr* root = query_.where_root.get();
    std::vector<ExprPtr> parts = Meant(*root);
    while (parts.size() == 1 && !root->negated && parts[0]->op == Op::kWhere) {
      root = parts[0].get();
      parts = Meant(*root);
    }
    const std::string text = Joined(*root, parts);
    if (text.empty()) return {};
    const bool related = text.starts_with(kThereAre) || text == kNothing;
    if (root->negated) return (related ? " except where " : " except those whose ") + text;
    return (related ? " where " : " whose ") + text;
  }

  std::string Subject(const ExprPtr& expr) {
    switch (expr->op) {
      case Op::kColumn: {
        const std::string& verbose = expr->field->verbose_name;
        const std::string name = verbose.empty() ? Words(expr->field->name) : verbose;
        const plan::TableAlias* table = query_.FindTable(expr->alias);
        if (table == nullptr || table->type == plan::JoinType::kBase) return name;
        const std::string& model = table->model->verbose_name;
        return (model.empty() ? table->model->name : model) + "'s " + name;
      }
      case Op::kAggregate: {
        if (expr->aggregate->name == "Count") return "number of " + Counted(*expr);
        return Lower(expr->aggregate->name) + " of " + Subject(expr->args[0]);
      }
      case Op::kFunction: {
        if (IsDayOf(*expr)) return Subject(expr->args[0]);
        const bool in_units = expr->function->shape == catalog::FunctionShape::kExtract ||
                              expr->function->shape == catalog::FunctionShape::kTrunc;
        const std::string unit =
            in_units && !expr->name.empty() ? Words(expr->name) : Lower(expr->function->name);
        return expr->args.empty() ? unit : unit + " of " + Subject(expr->args[0]);
      }
      case Op::kReference:
        return Words(expr->name);
      case Op::kArithmetic:
        return Subject(expr->args[0]) + " " + expr->name + " " + Subject(expr->args[1]);
      case Op::kValue:
      case Op::kDirect:
        return Spoken(expr);
      case Op::kWrapper:
      case Op::kOrderBy:
        return Subject(expr->args[0]);
      case Op::kSubquery:
        return Selected(*expr->query);
      case Op::kName:
        return Words(expr->name);
      case Op::kOuterName:
      case Op::kCondition:
      case Op::kItem:
      case Op::kDirectList:
      case Op::kStar:
      case Op::kCase:
      case Op::kWhen:
      case Op::kExists:
      case Op::kNot:
      case Op::kLookup:
      case Op::kWindow:
      case Op::kOuterColumn:
      case Op::kWhere:
      case Op::kNothing:
        break;
    }
    return "a computed value";
  }

 private:
  static std::string Lower(std::string_view name) {
    std::string out;
    for (const char c : name) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
  }

  std::string Counted(const Expr& count) {
    const ExprPtr& what = count.args.empty() ? nullptr : count.args[0];
    const std::string different = count.distinct ? "different " : "";
    if (!what || what->op != Op::kColumn) return different + "rows";
    const plan::TableAlias* table = query_.FindTable(what->alias);
    if (what->field->primary_key && table != nullptr) return different + Plural(*table->model);
    return different + Subject(what);
  }

  std::string Spoken(const Value& value) const {
    if (const auto* moment = value.As<DateTime>()) {
      const bool aware = moment->time.zone != nullptr;
      const DateTime local = aware ? InZone(*moment, FindZone(program_.zone)) : *moment;
      std::string text = Str(Value(Value::Storage(local)));
      text = text.substr(0, text.find('+', 10));
      if (text.ends_with(":00")) text.resize(text.size() - 3);
      return aware ? text + " (" + program_.zone + ")" : text;
    }
    if (value.text() != nullptr) {
      const std::string& text = *value.text();
      return "\"" + (text.size() > kLongestText ? text.substr(0, kLongestText) + "..." : text) +
             "\"";
    }
    if (value.is_none()) return "nothing";
    return Str(value);
  }

  std::string Spoken(const ExprPtr& expr) const {
    if (expr->operand.runtime) {
      const std::string moment = MomentWords(*expr->operand.runtime, program_);
      return moment.empty() ? "a computed value" : moment;
    }
    const Value& value = expr->operand.constant;
    const std::vector<Value>* items = value.list() != nullptr    ? &value.list()->items
                                      : value.tuple() != nullptr ? &value.tuple()->items
                                                                 : nullptr;
    if (items == nullptr) return Spoken(value);
    std::vector<std::string> shown;
    for (size_t i = 0; i < items->size() && i < kShownItems; ++i)
      shown.push_back(Spoken((*items)[i]));
    if (items->size() > kShownItems) {
      shown.push_back(std::to_string(items->size() - kShownItems) + " more");
    }
    return shown.empty() ? "nothing" : Listed(shown, "and");
  }

  // `placed_at__date`: people say "placed at is on" that day.
  static bool IsDayOf(const Expr& expr) {
    return expr.op == Op::kFunction && expr.function->shape == catalog::FunctionShape::kTruncDate;
  }

  static bool IsTemporal(const Expr& expr) {
    return expr.output && plan::IsA(*expr.output, plan::FieldKind::kDateField);
  }

  std::string Test(const Expr& test) {
    const ExprPtr& left = test.args[0];
    const ExprPtr& right = test.args[1];
    const std::string what = Subject(left);
    const bool temporal = IsTemporal(*left);
    const bool plain = right->op == Op::kValue || right->op == Op::kDirect;
    const std::string value = plain ? Spoken(right) : Subject(right);
    if (test.lookup->id == LookupId::kIsNull) {
      const bool* set = right->operand.constant.As<bool>();
      return what + (set != nullptr && !*set ? " is set" : " is not set");
    }
    if (test.lookup->id == LookupId::kExact && IsDayOf(*left)) {
      return what + (value == "today" ? " is " : " is on ") + value;
    }
    if (test.lookup->id == LookupId::kIn && !plain) return what + " is among " + value;
    for (const Wording& row : kWordings) {
      if (row.lookup != test.lookup->id) continue;
      const std::string_view words = temporal && !row.temporal.empty() ? row.temporal : row.words;
      return what + " " + std::string(words) + " " + value + std::string(row.behind);
    }
    return what + " " + std::string(test.lookup->name) + " " + value;
  }

  std::string Selected(const plan::Query& inner) const {
    Speaker speaker(inner, program_);
    const auto annotations = inner.SelectedAnnotations();
    const ExprPtr only = inner.select.size() == 1  ? inner.select[0]
                         : annotations.size() == 1 ? annotations[0].second
                                                   : nullptr;
    return (only ? "the " + speaker.Subject(only) : "a value") + " of " + Plural(*inner.model) +
           speaker.Conditions();
  }

  std::string Related(const plan::Query& inner) {
    // exclude() starts at the first table behind a relation.
    const auto first = std::ranges::find_if(
        inner.tables, [](const plan::TableAlias& table) { return table.references > 0; });
    const manifest::Model& rows = first == inner.tables.end() ? *inner.model : *first->model;
    return std::string(kThereAre) + Plural(rows) + Speaker(inner, program_).Conditions();
  }

  // Conditions that Django adds for NULLs or that tie a sub-query to its row say nothing to people;
  // what the policy adds is said at the end, what the site hides not at all.
  static bool IsPlumbing(const Expr& expr) {
    if (expr.unsaid) return true;
    if (expr.op != Op::kLookup) return false;
    const Expr& right = *expr.args[1];
    return right.op == Op::kOuterColumn ||
           (expr.lookup->id == LookupId::kExact && right.op == Op::kColumn &&
            expr.args[0]->op == Op::kColumn && expr.args[0]->alias != right.alias &&
            expr.args[0]->field->relation.has_value());
  }

  // exclude(a=1) is NOT (a = 1 AND a IS NOT NULL): the second says nothing that the first does not.
  static bool IsGuard(const Expr& expr, const std::vector<ExprPtr>& all) {
    if (expr.op != Op::kLookup || expr.lookup->id != LookupId::kIsNull) return false;
    const bool* null = expr.args[1]->operand.constant.As<bool>();
    return null != nullptr && !*null && std::ranges::any_of(all, [&](const ExprPtr& other) {
             return other.get() != &expr && other->op == Op::kLookup &&
                    plan::Same(other->args[0], expr.args[0]);
           });
  }

  std::string Where(const ExprPtr& expr, bool top) {
    if (expr->op == Op::kLookup) {
      return expr->args[0]->op == Op::kExists ? Related(*expr->args[0]->query) : Test(*expr);
    }
    if (expr->op == Op::kExists) return Related(*expr->query);
    if (expr->op == Op::kNot) return "not (" + Where(expr->args[0], true) + ")";
    if (expr->op == Op::kNothing) return std::string(kNothing);
    if (expr->op != Op::kWhere) return Subject(expr) + " holds";
    const std::string text = Joined(*expr, Meant(*expr));
    if (text.empty()) return {};
    if (expr->negated) return "not (" + text + ")";
    return top || Meant(*expr).size() == 1 ? text : "(" + text + ")";
  }

  static std::vector<ExprPtr> Meant(const Expr& where) {
    if (where.op != Op::kWhere) return {};
    std::vector<ExprPtr> parts;
    for (const ExprPtr& child : where.args) {
      if (IsPlumbing(*child) || (where.negated && IsGuard(*child, where.args))) continue;
      parts.push_back(child);
    }
    return parts;
  }

  std::string Joined(const Expr& where, const std::vector<ExprPtr>& parts) {
    std::vector<std::string> texts;
    for (const ExprPtr& part : parts) {
      if (std::string text = Where(part, false); !text.empty()) texts.push_back(std::move(text));
    }
    const char* word = where.connector == plan::Connector::kAnd  ? "and"
                       : where.connector == plan::Connector::kOr ? "or"
                                                                 : "or else";
    return texts.size() == 1 ? texts[0] : Listed(texts, word);
  }

  const plan::Query& query_;
  const program::Program& program_;
};

std::string Sorted(const bind::BoundQuery& bound, Speaker& speaker) {
  std::vector<std::string> keys;
  for (const ExprPtr& order : bound.ordering) {
    keys.push_back(speaker.Subject(order) + (order->descending ? " descending" : ""));
  }
  if (keys.empty() || bound.ordered_by_site) return {};
  return ", sorted by " + Listed(keys, "and");
}

// "Counts users whose ...", without the full stop.
std::string Clause(const program::Query& compiled, const bind::BoundQuery& bound,
                   const program::Program& program) {
  if (!bound.generic.empty()) return "takes the rows that " + Words(bound.generic) + " names";
  const plan::Query& query = *bound.plan;
  const plan::Query& rows = query.wrapped ? *query.wrapped : query;
  Speaker speaker(rows, program);
  const std::string plural = (rows.distinct ? "different " : "") + Plural(*rows.model);
  std::string out;
  std::string tail;
  switch (compiled.fetch) {
    case program::FetchKind::kScalar:
      out = "counts " + plural;
      break;
    case program::FetchKind::kExists:
      return "says whether there are " + plural + speaker.Conditions();
    case program::FetchKind::kRow: {
      std::vector<std::string> values;
      for (const auto& [name, expr] : query.SelectedAnnotations()) {
        values.push_back(speaker.Subject(expr));
      }
      out = "computes the " + Listed(values, "and the") + " over " + plural;
      break;
    }
    case program::FetchKind::kRows:
    case program::FetchKind::kGrouped:
      out = "lists " + plural;
      tail = Sorted(bound, speaker);
      break;
    case program::FetchKind::kFirst:
    case program::FetchKind::kEarliest:
      out = "takes the first of " + plural;
      tail = Sorted(bound, speaker);
      break;
    case program::FetchKind::kGet:
      out = "takes the one of " + plural;
      break;
    case program::FetchKind::kInBulk:
      out = "maps " + plural + " by " + rows.model->verbose_name + " key";
      break;
  }
  // Grouped by its key, a row is a row.
  const bool by_key = std::any_of(
      query.group_by.begin(), query.group_by.end(),
      [](const ExprPtr& key) { return key->op == Op::kColumn && key->field->primary_key; });
  if (compiled.fetch == program::FetchKind::kRows &&
      query.grouping == plan::Query::Grouping::kList && !by_key) {
    std::vector<std::string> keys;
    for (const ExprPtr& key : query.group_by) keys.push_back(speaker.Subject(key));
    std::vector<std::string> values;
    for (const auto& [name, expr] : query.SelectedAnnotations()) {
      if (expr->contains_aggregate) values.push_back(speaker.Subject(expr));
    }
    out = "groups " + plural + " by " + Listed(keys, "and");
    if (!values.empty()) tail = ", with the " + Listed(values, "and the") + tail;
  }
  out += speaker.Conditions() + tail;
  const bool one = compiled.fetch != program::FetchKind::kRows;
  if (rows.high && !one) out += ", at most " + std::to_string(*rows.high - rows.low);
  return out;
}

}  // namespace

std::string Sentence(const program::Program& program,
                     const std::vector<bind::BoundQuery>& queries) {
  std::vector<std::string> clauses;
  for (size_t i = 0; i < queries.size(); ++i) {
    std::string clause = Clause(program.queries[i], queries[i], program);
    if (std::find(clauses.begin(), clauses.end(), clause) == clauses.end()) {
      clauses.push_back(std::move(clause));
    }
  }
  if (clauses.empty()) return "Computes a value that needs no rows.";
  std::string out;
  for (const std::string& clause : clauses) out += (out.empty() ? "" : "; then ") + clause;
  out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  uint32_t smallest = 0;
  for (const program::Query& query : program.queries) {
    smallest = std::max(smallest, query.smallest_group);
  }
  if (smallest > 0) {
    out += "; groups of fewer than " + std::to_string(smallest) + " rows are left out";
  }
  return out + ".";
}

}  // namespace ormc::pipeline
