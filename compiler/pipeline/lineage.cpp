#include "compiler/pipeline/lineage.h"

#include <map>
#include <optional>
#include <set>

#include "compiler/base/check.h"
#include "compiler/plan/print.h"

namespace ormc::pipeline {
namespace {

using namespace program;

// A column of a query, or all of them.
struct Source {
  uint32_t query;
  std::optional<size_t> column;
  auto operator<=>(const Source&) const = default;
};
using Sources = std::set<Source>;

void Merge(const Sources& more, Sources& into) { into.insert(more.begin(), more.end()); }

// Follows values through the program's slots.
class Flow {
 public:
  explicit Flow(const Program& program) : program_(program) {
    // A fold's names may feed each other backwards: until nothing is new.
    for (size_t before = 1, after = 0; before != after;) {
      before = Size();
      for (const Statement& statement : program.body) Run(statement, {});
      after = Size();
    }
  }

  Sources Of(const ExprPtr& expr) {
    if (!expr) return {};
    return std::visit(
        Overloaded{
            [](const Constant&) { return Sources(); },
            [](const Fresh&) { return Sources(); },
            [&](const Local& node) { return slots_[node.slot]; },
            [&](const Unary& node) { return Of(node.operand); },
            [&](const Binary& node) {
              return All({node.left, node.right});
            },
            [&](const Comparison& node) {
              Sources out = Of(node.first);
              for (const auto& [op, operand] : node.rest) Merge(Of(operand), out);
              return out;
            },
            [&](const BoolChain& node) { return All(node.operands); },
            [&](const Conditional& node) {
              return All({node.test, node.then, node.otherwise});
            },
            [&](const Format& node) {
              Sources out;
              for (const FormatPiece& piece : node.pieces)
                Merge(All({piece.value, piece.spec}), out);
              return out;
            },
            [&](const Display& node) {
              Sources out;
              for (const auto& [starred, item] : node.items) Merge(Of(item), out);
              return out;
            },
            [&](const DictDisplay& node) {
              Sources out;
              for (const auto& [key, value] : node.items) Merge(All({key, value}), out);
              return out;
            },
            [&](const Subscript& node) {
              const auto* key = std::get_if<Constant>(&node.index->node);
              const std::string* name = key != nullptr ? key->value.text() : nullptr;
              Sources out = name != nullptr ? Narrowed(Of(node.value), *name) : Of(node.value);
              Merge(Of(node.index), out);
              return out;
            },
            [&](const SliceOf& node) {
              return All({node.value, node.lower, node.upper, node.step});
            },
            [&](const Attribute& node) { return Narrowed(Of(node.value), node.name); },
            [&](const CallBuiltin& node) { return Called(nullptr, node.arguments, node.keywords); },
            [&](const CallMethod& node) {
              return Called(node.receiver, node.arguments, node.keywords);
            },
            [&](const Comprehension& node) {
              Sources out;
              for (const Generator& generator : node.generators) {
                const Sources items = Of(generator.iterable);
                Bind(generator.target, items);
                Sources conditions = All(generator.conditions);
                Merge(conditions, out);
              }
              Merge(All({node.element, node.value}), out);
              return out;
            },
            [&](const Lambda& node) { return Of(node.body); },
            [](const RunQuery& node) {
              return Sources{{node.query, std::nullopt}};
            },
            [&](const RelatedOf& node) {
              Sources out = Of(node.owner);
              out.insert(Source{node.query, std::nullopt});
              return out;
            },
            [&](const GenericOf& node) {
              Sources out = Of(node.types.owner);
              for (const GenericArm& arm : *node.arms) {
                out.insert(Source{arm.query, std::nullopt});
              }
              return out;
            },
            [&](const ByModel& node) {
              Sources out;
              for (const ByModel::Arm& arm : node.arms) Merge(Of(arm.value), out);
              return out;
            },
        },
        expr->node);
  }

 private:
  size_t Size() const {
    size_t size = 0;
    for (const auto& [slot, sources] : slots_) size += sources.size();
    return size;
  }

  Sources All(const std::vector<ExprPtr>& exprs) {
    Sources out;
    for (const ExprPtr& expr : exprs) Merge(Of(expr), out);
    return out;
  }

  Sources Called(const ExprPtr& receiver, const std::vector<ExprPtr>& arguments,
                 const std::vector<Keyword>& keywords) {
    Sources out = All(arguments);
    Merge(Of(receiver), out);
    for (const Keyword& keyword : keywords) Merge(Of(keyword.value), out);
    return out;
  }

  // `row["name"]`, `row.name`: that column, where a source has one of the name.
  Sources Narrowed(const Sources& sources, const std::string& name) const {
    Sources out;
    for (const Source& source : sources) {
      Source narrow = source;
      const std::vector<Column>& columns = program_.queries[source.query].columns;
      for (size_t i = 0; i < columns.size() && !source.column; ++i) {
        if (columns[i].name == name) narrow.column = i;
      }
      out.insert(narrow);
    }
    return out;
  }

  void Bind(const Target& target, const Sources& sources) {
    if (target.slot) Merge(sources, slots_[*target.slot]);
    for (const Target& item : target.items) Bind(item, sources);
  }

  void Change(const ExprPtr& container, const Sources& sources) {
    if (const auto* local = std::get_if<Local>(&container->node)) {
      Merge(sources, slots_[local->slot]);
    } else if (const auto* call = std::get_if<CallMethod>(&container->node)) {
      Change(call->receiver, sources);
    } else if (const auto* item = std::get_if<Subscript>(&container->node)) {
      Change(item->value, sources);
    }
  }

  // `around`: what decides whether the statement runs.
  void Run(const Statement& statement, const Sources& around) {
    std::visit(Overloaded{
                   [&](const Assign& node) {
                     Sources sources = Of(node.value);
                     Merge(around, sources);
                     Bind(node.target, sources);
                   },
                   [&](const Evaluate& node) {
                     Sources sources = Of(node.value);
                     Merge(around, sources);
                     const auto* call = std::get_if<CallMethod>(&node.value->node);
                     if (call != nullptr) Change(call->receiver, sources);
                   },
                   [&](const SetItem& node) {
                     Sources sources = All({node.key, node.value});
                     Merge(around, sources);
                     Change(node.container, sources);
                   },
                   [&](const For& node) {
                     const Sources rows = Of(node.iterable);
                     Bind(node.target, rows);
                     for (const Statement& inner : node.body) Run(inner, around);
                   },
                   [&](const If& node) {
                     Sources inside = Of(node.test);
                     Merge(around, inside);
                     for (const Statement& inner : node.then) Run(inner, inside);
                     for (const Statement& inner : node.otherwise) Run(inner, inside);
                   },
               },
               statement.node);
  }

  const Program& program_;
  std::map<uint32_t, Sources> slots_;
};

class Writer {
 public:
  Writer(const Program& program, const std::vector<bind::BoundQuery>& queries)
      : program_(program), queries_(queries), flow_(program) {}

  std::vector<Lineage> Run() {
    Write("result", program_.result);
    return std::move(out_);
  }

 private:
  void Write(const std::string& name, const ExprPtr& expr) {
    if (const auto* run = std::get_if<RunQuery>(&expr->node)) {
      Table(name, run->query);
    } else if (const auto* dict = std::get_if<DictDisplay>(&expr->node)) {
      for (const auto& [key, value] : dict->items) {
        const auto* constant = key ? std::get_if<Constant>(&key->node) : nullptr;
        const std::string* text = constant != nullptr ? constant->value.text() : nullptr;
        Write(text != nullptr ? *text : name, value);
      }
    } else if (const auto* display = std::get_if<Display>(&expr->node)) {
      for (size_t i = 0; i < display->items.size(); ++i) {
        Write(name + "[" + std::to_string(i) + "]", display->items[i].second);
      }
    } else {
      Value(name, flow_.Of(expr));
    }
  }

  void Add(const Source& source, Lineage& lineage, std::set<std::string>& from) const {
    const bind::BoundQuery& query = queries_[source.query];
    for (size_t i = 0; i < query.output.size(); ++i) {
      if (source.column && *source.column != i) continue;
      for (const manifest::Field* field : query.output[i].reads) from.insert(Label(*field));
      const Column& column = program_.queries[source.query].columns[i];
      lineage.masked = lineage.masked || column.mask != Mask::kNone;
    }
  }

  static std::string Label(const manifest::Field& field) {
    return (field.model != nullptr ? field.model->label : std::string()) + "." + field.name;
  }

  void Rows(uint32_t query, std::set<std::string>& rows) const {
    for (const plan::TableAlias& table : queries_[query].tables) rows.insert(table.model->label);
  }

  void Push(Lineage lineage, const std::set<std::string>& from, const std::set<std::string>& rows) {
    lineage.from.assign(from.begin(), from.end());
    lineage.rows.assign(rows.begin(), rows.end());
    out_.push_back(std::move(lineage));
  }

  void Table(const std::string& name, uint32_t index) {
    const bind::BoundQuery& query = queries_[index];
    plan::PrintOptions print;
    for (const plan::TableAlias& table : query.tables) print.aliases[table.id] = table.model->label;
    std::set<std::string> rows;
    Rows(index, rows);
    const std::vector<Column>& columns = program_.queries[index].columns;
    const bool single = columns.size() == 1 && name != "result";
    for (size_t i = 0; i < columns.size() && i < query.output.size(); ++i) {
      Lineage lineage;
      const std::string column = columns[i].name.starts_with("__") ? "" : columns[i].name;
      lineage.output = single || column.empty() ? name
                       : name == "result"       ? column
                                                : name + "." + column;
      lineage.how = plan::Print(query.output[i].expr, print);
      std::set<std::string> from;
      Add({index, i}, lineage, from);
      Push(std::move(lineage), from, rows);
    }
  }

  void Value(const std::string& name, const Sources& sources) {
    Lineage lineage;
    lineage.output = name;
    lineage.how = sources.empty() ? "a constant" : "computed";
    std::set<std::string> from;
    std::set<std::string> rows;
    for (const Source& source : sources) {
      Add(source, lineage, from);
      Rows(source.query, rows);
    }
    Push(std::move(lineage), from, rows);
  }

  const Program& program_;
  const std::vector<bind::BoundQuery>& queries_;
  Flow flow_;
  std::vector<Lineage> out_;
};

}  // namespace

std::vector<Lineage> LineageOf(const Program& program,
                               const std::vector<bind::BoundQuery>& queries) {
  return Writer(program, queries).Run();
}

}  // namespace ormc::pipeline
