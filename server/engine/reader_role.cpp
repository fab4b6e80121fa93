#include "server/engine/reader_role.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <set>
#include <string>

#include "runtime/postgres/session.h"

namespace ormc::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kOwnApp = "ai_assistant";
constexpr std::chrono::seconds kMostTime{5};

// What a role cannot have and still be held to its column grants.
constexpr const char* kRole =
    "SELECT concat_ws(', ',"
    " CASE WHEN r.rolsuper THEN 'it is a superuser' END,"
    " CASE WHEN r.rolbypassrls THEN 'it passes by row level security' END,"
    " (SELECT 'it is a member of ' || string_agg(d.rolname, ', ' ORDER BY d.rolname)"
    "  FROM pg_roles d WHERE NOT r.rolsuper AND pg_has_role(r.oid, d.oid, 'MEMBER')"
    "  AND (d.rolsuper AND d.oid <> r.oid OR d.rolname IN ('pg_read_all_data',"
    "   'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files',"
    "   'pg_execute_server_program'))))"
    " FROM pg_roles r WHERE r.rolname = current_user";
// A table that the manifest has and the database has not is somebody else's matter.
constexpr const char* kGrants =
    "WITH found AS (SELECT g.t, g.t || '.' || g.c AS name, g.shown,"
    "  has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS may,"
    "  pg_has_role(k.relowner, 'MEMBER') AS owns"
    " FROM jsonb_to_recordset($1::text::jsonb) AS g (t text, c text, shown bool)"
    " JOIN pg_class k ON k.oid = to_regclass(g.t)"
    " JOIN pg_attribute a ON a.attrelid = k.oid AND a.attname = g.c AND NOT a.attisdropped)"
    " SELECT"
    " (SELECT 'it owns ' || min(t) FROM found WHERE owns),"
    " (SELECT 'it may read ' || min(name) || ', and ' || count(*) - 1 || ' more that are hidden'"
    "  FROM found WHERE may AND NOT shown HAVING count(*) > 0),"
    " (SELECT min(name) || ', and ' || count(*) - 1 || ' more columns'"
    "  FROM found WHERE shown AND NOT may HAVING count(*) > 0)";

std::string Quoted(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

// Each column of the site's tables here, and whether anybody may see it; without those that nobody
// sees and the site's own rules read.
std::string ColumnsJson(const NativeSite& site) {
  std::set<const manifest::Model*> tables;
  for (const auto& [model, name] : site.read_by_site) tables.insert(model);
  json::array columns;
  for (const auto& model : site.manifest->models) {
    const bool elsewhere = model->database != site.manifest->database_alias ||
                           !model->swapped.empty() || model->proxy_for != nullptr;
    if (elsewhere) continue;
    const std::string table =
        (model->schema.empty() ? "" : Quoted(model->schema) + ".") + Quoted(model->table);
    for (const manifest::Field& field : model->fields) {
      if (!field.concrete || field.column.empty() || field.model != model.get()) continue;
      const bool shown =
          model->app != kOwnApp && site.visible->Sees(*model) && site.visible->Sees(field);
      const bool own = site.read_by_site.contains({model.get(), field.name});
      // The app grants the keys of a path that such a rule takes, also one that is joined away here.
      const bool key = tables.contains(model.get()) && (field.primary_key || field.relation);
      if (shown || (!own && !key)) {
        columns.push_back({{"t", table}, {"c", field.column}, {"shown", shown}});
      }
    }
  }
  return json::serialize(columns);
}

void Append(std::string& text, const Value& said) {
  if (said.text() != nullptr && !said.text()->empty())
    text.append(text.empty() ? "" : ", ").append(*said.text());
}

}  // namespace

ReaderCheck CheckReaderRole(const NativeSite& site, postgres::Connection& connection,
                            postgres::Waiter& waiter) {
  postgres::SessionOptions options;
  options.deadline = postgres::Clock::now() + kMostTime;
  postgres::Session session(connection, waiter, options);
  constexpr uint32_t kText = 25;
  const postgres::Rows role = session.Query({kRole, {}}, {});
  const postgres::Rows grants = session.Query({kGrants, {{kText, ColumnsJson(site)}}}, {});
  ReaderCheck check;
  Append(check.unsafe, role.rows.at(0).at(0));
  Append(check.unsafe, grants.rows.at(0).at(0));
  Append(check.unsafe, grants.rows.at(0).at(1));
  Append(check.missing, grants.rows.at(0).at(2));
  return check;
}

}  // namespace ormc::server
