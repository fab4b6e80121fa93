#include "compiler/catalog/catalog.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace ormc::catalog {
namespace {

template <class Row, class Key>
const Row* Find(const std::vector<Row>& rows, std::string_view name, Key key) {
  static const auto index = [&] {
    std::unordered_map<std::string_view, const Row*> map;
    for (const Row& row : rows) {
      if (!key(row).empty()) map.emplace(key(row), &row);
    }
    return map;
  }();
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second;
}

const std::vector<Method>& Methods() {
  static const std::vector<Method> rows = {
#define ORMC_METHOD(id, name, group, parameters) Method{MethodId::k##id, name, group, parameters},
#define ORMC_REFUSED_METHOD(name, verb, reason)
#include "compiler/catalog/methods.def"
#undef ORMC_METHOD
#undef ORMC_REFUSED_METHOD
  };
  return rows;
}

const std::vector<RefusedMethod>& RefusedMethods() {
  static const std::vector<RefusedMethod> rows = {
#define ORMC_METHOD(id, name, group, parameters)
#define ORMC_REFUSED_METHOD(name, verb, reason) RefusedMethod{name, verb, reason},
#include "compiler/catalog/methods.def"
#undef ORMC_METHOD
#undef ORMC_REFUSED_METHOD
  };
  return rows;
}

}  // namespace

bool NeverFails(const Function& function) {
  static constexpr std::string_view kNames[] = {
      "Coalesce", "Concat", "Length", "Lower", "LTrim", "Reverse", "RTrim", "Trim", "Upper",
  };
  return std::ranges::find(kNames, function.name) != std::end(kNames);
}

const std::vector<Function>& AllFunctions() {
  static const std::vector<Function> rows = {
#define ORMC_FUNCTION(name, shape, least, most, sql, output, lookup_name) \
  Function{#name, FunctionShape::shape, least, most, sql, Output::output, lookup_name},
#include "compiler/catalog/functions.def"
#undef ORMC_FUNCTION
  };
  return rows;
}

const std::vector<Aggregate>& AllAggregates() {
  static const std::vector<Aggregate> rows = {
#define ORMC_AGGREGATE(name, sql, distinct, fallback, output, pools) \
  Aggregate{#name, sql, distinct, fallback, Output::output, 1, false, pools, true},
#define ORMC_POSTGRES_AGGREGATE(name, sql, distinct, output, expressions, ordered) \
  Aggregate{#name, sql, distinct, true, Output::output, expressions, ordered},
#include "compiler/catalog/aggregates.def"
#undef ORMC_AGGREGATE
#undef ORMC_POSTGRES_AGGREGATE
  };
  return rows;
}

const std::vector<Lookup>& AllLookups() {
  static const std::vector<Lookup> rows = {
#define ORMC_LOOKUP(id, name, kind, sql, sql_expression) \
  Lookup{LookupId::k##id, #id, name, LookupKind::kind, sql, sql_expression},
#include "compiler/catalog/lookups.def"
#undef ORMC_LOOKUP
  };
  return rows;
}

const Function* FindFunction(std::string_view name) {
  return Find(AllFunctions(), name, [](const Function& row) { return row.name; });
}
const Function* FindTransform(std::string_view lookup_name) {
  return Find(AllFunctions(), lookup_name, [](const Function& row) { return row.lookup_name; });
}
const Aggregate* FindAggregate(std::string_view name) {
  return Find(AllAggregates(), name, [](const Aggregate& row) { return row.name; });
}
const Lookup* FindLookup(std::string_view name) {
  return Find(AllLookups(), name, [](const Lookup& row) {
    return row.kind == LookupKind::kOperator ? std::string_view() : row.name;
  });
}
const Lookup* FindPostgresLookup(std::string_view name) {
  return Find(AllLookups(), name, [](const Lookup& row) {
    return row.kind == LookupKind::kOperator ? row.name : std::string_view();
  });
}
const Lookup* FindLookupClass(std::string_view class_name) {
  return Find(AllLookups(), class_name, [](const Lookup& row) { return row.class_name; });
}
const Lookup& LookupOf(LookupId id) { return AllLookups()[static_cast<size_t>(id)]; }

const Method* FindMethod(std::string_view name) {
  return Find(Methods(), name, [](const Method& row) { return row.name; });
}
const RefusedMethod* FindRefusedMethod(std::string_view name) {
  return Find(RefusedMethods(), name, [](const RefusedMethod& row) { return row.name; });
}

std::vector<std::string> MethodNames() {
  std::vector<std::string> names;
  for (const Method& row : Methods()) names.emplace_back(row.name);
  return names;
}

}  // namespace ormc::catalog
