#include "runtime/postgres/verify.h"

#include <pg_query.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <vector>

namespace ormc::postgres {
namespace {

namespace json = boost::json;

// Functions that act, wait, read files or run SQL given as text; a name that ends in `*` is the
// beginning of names.
constexpr std::string_view kDenied[] = {
    "pg_*",          "lo_*",          "lowrite",         "loread",           "dblink*",
    "set_config",    "setval",        "nextval",         "currval",          "lastval",
    "query_to_xml*", "table_to_xml*", "schema_to_xml*",  "database_to_xml*", "cursor_to_xml*",
    "ts_stat",       "ts_rewrite",    "crosstab*",       "xpath_table",      "connectby",
    "txid_*",        "has_*",         "current_setting", "inet_server_*",    "inet_client_*",
    "version",       "file_fdw*",     "plpgsql_*",       "binary_upgrade_*",
};

bool IsDenied(std::string_view function) {
  return std::ranges::any_of(kDenied, [&](std::string_view row) {
    return row.ends_with('*') ? function.starts_with(row.substr(0, row.size() - 1))
                              : function == row;
  });
}

// A node of the tree is an object with one member, named by its class: {"FuncCall": {...}}.
std::string WrongNode(std::string_view name, const json::value& node) {
  if (name.ends_with("Stmt") && name != "SelectStmt") return "a " + std::string(name);
  if (name == "intoClause" || name == "IntoClause") return "SELECT INTO";
  if (name == "lockingClause" || name == "LockingClause") return "a row lock";
  if (name == "CurrentOfExpr") return "CURRENT OF";
  if (name == "funcname" && node.is_array() && !node.get_array().empty()) {
    const json::value* last = node.get_array().back().as_object().if_contains("String");
    const json::value* text = last != nullptr ? last->as_object().if_contains("sval") : nullptr;
    if (text == nullptr || !text->is_string()) return "a function without a name";
    const std::string_view function(text->get_string().data(), text->get_string().size());
    if (IsDenied(function)) return "the function " + std::string(function);
  }
  return {};
}

// Iterative: the depth of a statement never meets our stack.
std::string WrongWithin(const json::value& root) {
  std::vector<const json::value*> open = {&root};
  while (!open.empty()) {
    const json::value* node = open.back();
    open.pop_back();
    if (const json::object* members = node->if_object()) {
      for (const auto& member : *members) {
        const std::string_view name(member.key().data(), member.key().size());
        if (std::string wrong = WrongNode(name, member.value()); !wrong.empty()) return wrong;
        open.push_back(&member.value());
      }
    } else if (const json::array* items = node->if_array()) {
      for (const json::value& item : *items) open.push_back(&item);
    }
  }
  return {};
}

struct Freed {
  void operator()(PgQueryParseResult* result) const {
    pg_query_free_parse_result(*result);
    delete result;
  }
};

}  // namespace

std::string WhatIsWrongWith(std::string_view sql) {
  if (sql.find('\0') != std::string_view::npos) return "NUL in the text";
  const std::string text(sql);
  const std::unique_ptr<PgQueryParseResult, Freed> parsed(
      new PgQueryParseResult(pg_query_parse(text.c_str())));
  if (parsed->error != nullptr) return "it does not parse";
  json::parse_options options;
  options.max_depth = 10'000;
  json::error_code error;
  const json::value tree = json::parse(parsed->parse_tree, error, {}, options);
  if (error || !tree.is_object()) return "its tree cannot be read";
  const json::value* statements = tree.get_object().if_contains("stmts");
  if (statements == nullptr || !statements->is_array() || statements->get_array().size() != 1) {
    return "it is not one statement";
  }
  const json::value* only = statements->get_array()[0].as_object().if_contains("stmt");
  if (only == nullptr || !only->is_object() || !only->get_object().contains("SelectStmt")) {
    return "it is not a SELECT";
  }
  return WrongWithin(*only);
}

}  // namespace ormc::postgres
