#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/bind/bound.h"

namespace ormc::bind {

// A model's `__str__`, bound to the row in its slot.
struct RowText {
  uint32_t slot = 0;
  program::ExprPtr text;
};

// A query to be built when everything that is asked of its rows is known.
struct PendingQuery {
  std::shared_ptr<const plan::Query> query;
  Rows rows = Rows::kInstances;
  std::vector<std::string> names;
  sql::RelatedPaths related;
  std::map<std::vector<std::string>, RowText> texts;  // of its rows, by the path to them
  std::vector<PrefetchPart> prefetches;
  program::FetchKind fetch = program::FetchKind::kRows;
  std::string missing = "DoesNotExist";
  std::optional<Value> empty_value;
  bool elide_empty = true;
  bool shown = false;
  std::string generic;  // the generic foreign key whose rows it may give
  Span span;
};

// The column that tells whose a row is, of a batched query; no snippet can write its name.
inline constexpr std::string_view kOwnerColumn = "the owner's key";

// A relation of a model by the name that its rows have for it.
struct RelationStep {
  const manifest::Field* field = nullptr;
  bool reverse = false;
  const manifest::Model* to = nullptr;  // null: a generic foreign key
  bool many = false;
};
// What ties related rows to the row whose they are.
struct RelatedKey {
  const manifest::Field* field = nullptr;
  std::string path;        // from the related rows
  std::string key;         // attribute of the owner
  bool composite = false;  // the owner itself is compared, by several columns
  // Of a many-to-many by several columns: the path and the owner's attribute of each.
  std::vector<std::pair<std::string, std::string>> columns = {};
};

}  // namespace ormc::bind
