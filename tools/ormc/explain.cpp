#include <boost/json.hpp>

#include "compiler/eval/parameter.h"
#include "runtime/execute/to_json.h"
#include "runtime/postgres/session.h"
#include "tools/ormc/answer.h"

namespace ormc::tool {
namespace {

namespace json = boost::json;

json::array TextsToJson(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::array ReadsToJson(const std::vector<pipeline::TableRead>& reads) {
  json::array out;
  for (const pipeline::TableRead& read : reads) {
    out.push_back({{"label", read.label},
                   {"table", read.table},
                   {"columns", TextsToJson(read.columns)},
                   {"implied", read.implied}});
  }
  return out;
}

// What the answer shows: the columns of its queries that are shown.
json::array ColumnsToJson(const program::Program& program) {
  json::array out;
  for (const program::Query& query : program.queries) {
    if (!query.shown) continue;
    for (const program::Column& column : query.columns) {
      json::object item = execute::ToJson(column);
      item["model"] = query.model;
      item["masked"] = column.mask != Mask::kNone;
      out.push_back(std::move(item));
    }
  }
  return out;
}

json::array LineageToJson(const std::vector<pipeline::Lineage>& lineage) {
  json::array out;
  for (const pipeline::Lineage& item : lineage) {
    out.push_back({{"output", item.output},
                   {"how", item.how},
                   {"from", TextsToJson(item.from)},
                   {"rows", TextsToJson(item.rows)},
                   {"masked", item.masked}});
  }
  return out;
}

json::object LimitsToJson(const Limits& limits) {
  return {{"max_rows", limits.max_rows},
          {"read_rows", limits.read_rows},
          {"read_bytes", limits.read_bytes},
          {"queries", limits.loop_queries},
          {"statement_timeout_ms", limits.statement_timeout_ms}};
}

// PostgreSQL's plan of each statement; a parameter that is known only when it runs is NULL here.
json::array DatabasePlans(Database& database, const program::Program& program) {
  json::array plans;
  try {
    postgres::PollWaiter waiter;
    postgres::Session session(database.Get(waiter), waiter, {});
    for (const program::Query& query : program.queries) {
      for (const program::QueryText& text : query.variants) {
        if (text.sql.empty()) continue;
        postgres::Statement statement{text.sql, {}};
        for (const program::Parameter& parameter : text.parameters) {
          const auto* constant = std::get_if<program::Constant>(&parameter.value->node);
          const Value value = constant != nullptr ? constant->value : Value::None();
          eval::WireParameter wire = eval::ToWire(value, parameter.type);
          statement.parameters.push_back({wire.oid, std::move(wire.text)});
        }
        plans.push_back(json::parse(session.Explain(statement)));
      }
    }
  } catch (const postgres::DatabaseFailure& failure) {
    plans.push_back(json::object{{"error", CodeOf(failure.kind())}});
  }
  return plans;
}

double CostOf(const json::value& plan) {
  json::error_code missing;
  const json::value* cost = plan.find_pointer("/0/Plan/Total Cost", missing);
  return cost != nullptr && cost->is_number() ? cost->to_number<double>() : 0;
}

// A heading with its lines, indented; nothing where there are none.
void Section(std::string_view title, std::string_view body, std::string& out) {
  if (body.empty()) return;
  out.append(title).append("\n");
  while (!body.empty()) {
    const size_t end = std::min(body.find('\n'), body.size());
    out.append("  ").append(body.substr(0, end)).append("\n");
    body.remove_prefix(std::min(end + 1, body.size()));
  }
}

std::string Lines(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += text + "\n";
  return out;
}

std::string ReadLines(const std::vector<pipeline::TableRead>& reads) {
  std::string out;
  for (const pipeline::TableRead& read : reads) {
    out += read.label + " (" + read.table + "):";
    for (const std::string& column : read.columns) out += " " + column;
    out += read.implied ? "  [implied]\n" : "\n";
  }
  return out;
}

std::string Joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += between;
    out += text;
  }
  return out;
}

std::string LineageLines(const std::vector<pipeline::Lineage>& lineage) {
  std::string out;
  for (const pipeline::Lineage& item : lineage) {
    out += item.output + " = " + item.how;
    if (!item.from.empty()) out += "  <- " + Joined(item.from, ", ");
    if (item.from.empty() && !item.rows.empty()) out += "  <- rows of " + Joined(item.rows, ", ");
    out += item.masked ? "  [masked]\n" : "\n";
  }
  return out;
}

std::string Count(size_t number, const char* what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

// The first line: what a reviewer wants to know before all else.
std::string Verdict(const pipeline::Compiled& compiled) {
  const pipeline::Explanation& said = compiled.explanation;
  size_t columns = 0;
  for (const pipeline::TableRead& read : said.reads) columns += read.columns.size();
  size_t masked = 0;
  for (const pipeline::Lineage& item : said.lineage) masked += item.masked ? 1 : 0;
  return "accepted: sends " +
         (compiled.program->queries.size() == 1
              ? std::string("1 query")
              : std::to_string(compiled.program->queries.size()) + " queries") +
         ", reads " + Count(columns, "column") + " of " + Count(said.reads.size(), "table") +
         ", shows " + Count(said.lineage.size(), "output") + " (" + std::to_string(masked) +
         " masked), cost class " + said.cost_class;
}

std::string ExplainText(const Request& request, const pipeline::Compiled& compiled,
                        const json::object& json) {
  const pipeline::Explanation& said = compiled.explanation;
  std::string limits;
  for (const auto& limit : json.at("limits").as_object()) {
    limits += std::string(limit.key()) + " " + json::serialize(limit.value()) + "\n";
  }
  std::string out;
  Section("verdict", Verdict(compiled), out);
  Section("means", said.sentence, out);
  Section("reads", ReadLines(said.reads), out);
  Section("leaves", LineageLines(said.lineage), out);
  Section("needs", Lines(said.permissions), out);
  Section("risks", Lines(said.risks), out);
  Section("rules", Lines(said.rules), out);
  std::vector<std::string> notes = said.notes;
  if (!request.view->user) notes.emplace_back("no user: all that the policy shows");
  Section("notes", Lines(notes), out);
  Section("snippet", request.snippet, out);
  Section("sends", StatementsToText(*compiled.program), out);
  Section("limits", limits, out);
  Section("cost", said.cost_class, out);
  if (const json::value* plans = json.if_contains("plans")) {
    for (const json::value& plan : plans->as_array()) {
      Section("PostgreSQL's plan", json::serialize(plan), out);
    }
  }
  return out;
}

}  // namespace

Answer Explain(const Context& context, const Request& request, const pipeline::Compiled& compiled) {
  const pipeline::Explanation& said = compiled.explanation;
  const program::Program& program = *compiled.program;
  Answer answer;
  answer.json = {{"verdict", Verdict(compiled)},
                 {"snippet", request.snippet},
                 {"sentence", said.sentence},
                 {"queries", StatementsToJson(program)},
                 {"reads", ReadsToJson(said.reads)},
                 {"permissions", TextsToJson(said.permissions)},
                 {"columns", ColumnsToJson(program)},
                 {"lineage", LineageToJson(said.lineage)},
                 {"risks", TextsToJson(said.risks)},
                 {"rules", TextsToJson(said.rules)},
                 {"notes", TextsToJson(said.notes)},
                 {"limits", LimitsToJson(context.site->limits())},
                 {"cost_class", said.cost_class},
                 {"user", nullptr},
                 {"diagnostics", DiagnosticsToJson(compiled.diagnostics, request.snippet)}};
  if (request.view->user) answer.json["user"] = request.view->user->name;
  if (context.database != nullptr) {
    json::array plans = DatabasePlans(*context.database, program);
    double cost = 0;
    for (const json::value& plan : plans) cost += CostOf(plan);
    answer.json["plans"] = std::move(plans);
    answer.json["cost"] = cost;
  }
  answer.text = ExplainText(request, compiled, answer.json);
  return answer;
}

}  // namespace ormc::tool
