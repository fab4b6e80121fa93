#include <string_view>
#include <utility>

#include "compiler/base/check.h"
#include "compiler/sql/printer.h"

namespace ormc::sql {
namespace {

template <class T>
void AppendBytes(std::string& key, const T& value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Equal for parameters that send the same value.
std::string ContentOf(const program::Parameter& parameter) {
  std::string key;
  AppendBytes(key, parameter.type);
  AppendBytes(key, parameter.steps.size());
  for (const program::PrepareStep& step : parameter.steps) {
    AppendBytes(key, step.what);
    AppendBytes(key, step.attribute.size());
    key += step.attribute;
  }
  if (const auto* constant = std::get_if<program::Constant>(&parameter.value->node)) {
    return key + plan::IdentityOf(constant->value);
  }
  const program::Expr* computed = parameter.value.get();
  AppendBytes(key, computed);
  return key;
}

}  // namespace

const std::string& Statement::AliasName(plan::AliasId id) {
  std::string& name = aliases_[id];
  if (name.empty()) name = "t" + std::to_string(aliases_.size() - 1);
  return name;
}

std::string Statement::Column(plan::AliasId table, const manifest::Field& field) {
  if (context_.rows_of) columns_of_[table].emplace(field.column, &field);
  const std::string& alias = AliasName(table);
  std::string out;
  out.reserve(alias.size() + field.column.size() + 3);
  out.append(alias).append(".");
  AppendQuoted(out, field.column);
  return out;
}

Statement::Columns Statement::ColumnsOf(plan::AliasId table, const manifest::Model& model) const {
  const auto known = columns_of_.find(table);
  if (known != columns_of_.end()) return known->second;
  const manifest::Field* key = model.FindField(model.primary_key.at(0));
  return {{key->column, key}};
}

Unread::Unread(Statement& statement)
    : statement_(statement),
      columns_(std::exchange(statement.columns, &ignored_)),
      decisive_(statement.decisive),
      joined_(statement.joined),
      tables_(statement.tables) {}

Unread::~Unread() {
  statement_.columns = columns_;
  statement_.decisive = std::move(decisive_);
  statement_.joined = std::move(joined_);
  statement_.tables = std::move(tables_);
}

Fragment Statement::Parameter(program::Parameter parameter) {
  Fragment out;
  out.text = std::string(1, kMark);
  const auto id = static_cast<uint32_t>(parameters_.size());
  const auto fresh = static_cast<uint32_t>(contents_.size());
  const uint32_t content = contents_.emplace(ContentOf(parameter), fresh).first->second;
  out.values.push_back({id, content});
  parameters_.push_back(std::move(parameter));
  return out;
}

Fragment Statement::Shared(Fragment fragment) {
  // A bare value takes its type from its place, so it is never shared.
  if (fragment.values.empty() || fragment.text.size() == 1) return fragment;
  return *known_.insert(std::move(fragment)).first;
}

program::QueryText Statement::Number(const Fragment& fragment) const {
  constexpr size_t kNone = 0;
  program::QueryText out;
  std::vector<size_t> numbers(parameters_.size(), kNone);
  std::string_view rest = fragment.text;
  for (const Placeholder& place : fragment.values) {
    const size_t mark = rest.find(kMark);
    Check(mark != std::string_view::npos, "a value without a mark");
    size_t& number = numbers[place.id];
    if (number == kNone) {
      out.parameters.push_back(parameters_[place.id]);
      number = out.parameters.size();
    }
    out.sql.append(rest.substr(0, mark)).append("$").append(std::to_string(number));
    rest.remove_prefix(mark + 1);
  }
  Check(rest.find(kMark) == std::string_view::npos, "a mark without a value");
  out.sql += rest;
  return out;
}

void Statement::Read(const manifest::Field& field) {
  columns->insert(&field);
  if (!shows) decisive.insert(&field);
}

void Statement::Read(const std::set<const manifest::Field*>& fields) {
  columns->insert(fields.begin(), fields.end());
  if (!shows) decisive.insert(fields.begin(), fields.end());
}

}  // namespace ormc::sql
