#include "tests/fuzz/answer_rules.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "compiler/base/check.h"
#include "runtime/postgres/verify.h"

namespace ormc::fuzz {
namespace {

using manifest::Field;
using manifest::Model;
using pipeline::Compiled;

// Shown and hidden words.  A word that names something shown, too, is shown.
struct Words {
  std::set<std::string, std::less<>> shown;
  std::set<std::string, std::less<>> hidden;

  void Add(bool seen, std::string_view word) { (seen ? shown : hidden).emplace(word); }
  bool Hides(std::string_view word) const { return hidden.contains(word) && !shown.contains(word); }
};

// A row of a child is part of its parent's: the parent's table is internal.
void AddTables(const Model& model, std::set<const Model*>& tables) {
  tables.insert(model.concrete);
  for (const Model::Parent& parent : model.parents) AddTables(*parent.model, tables);
}

// Tables and columns, as a statement quotes them.
Words Quoted(const Secrets& secrets) {
  std::set<const Model*> tables;
  for (const auto& model : secrets.manifest().models) {
    if (!secrets.Has(*model)) AddTables(*model, tables);
  }
  Words words;
  for (const auto& model : secrets.manifest().models) {
    const bool read = tables.contains(model->concrete);
    words.Add(read, model->table);
    for (const Field& field : model->fields) {
      const bool joins = field.primary_key || field.relation;  // which is internal, too
      words.Add(read && (joins || !secrets.Names(field)), field.column);
    }
  }
  return words;
}

// Names, as a snippet writes them.
Words Named(const Secrets& secrets) {
  Words words;
  for (const auto& model : secrets.manifest().models) {
    words.Add(!secrets.Has(*model), model->name);
    for (const Field& field : model->fields) {
      words.Add(!secrets.Has(field), field.name);
      words.Add(!secrets.Has(field), field.attname);
    }
    for (const manifest::Reverse& reverse : model->reverse) {
      const bool seen =
          !secrets.Has(*model) && !secrets.Has(*reverse.model) && !secrets.Has(*reverse.field);
      words.Add(seen, reverse.name);
      words.Add(seen, reverse.accessor);
    }
  }
  return words;
}

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Of a path each name.
std::set<std::string, std::less<>> WordsOf(std::string_view text) {
  std::set<std::string, std::less<>> words;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t begin = at;
    while (at < text.size() && IsWord(text[at])) {
      ++at;
      if (!text.substr(at).starts_with("__")) continue;
      words.emplace(text.substr(begin, at - begin));
      begin = at + 2;
    }
    if (at > begin) words.emplace(text.substr(begin, at - begin));
  }
  return words;
}

// What a diagnostic names: all words in backticks, and those that begin as a class does.
std::set<std::string, std::less<>> NamesIn(std::string_view said) {
  std::set<std::string, std::less<>> names;
  bool quoted = false;
  for (size_t begin = 0; begin <= said.size(); quoted = !quoted) {
    const size_t end = std::min(said.find('`', begin), said.size());
    for (const std::string& word : WordsOf(said.substr(begin, end - begin))) {
      if (quoted || (word[0] >= 'A' && word[0] <= 'Z')) names.insert(word);
    }
    begin = end + 1;
  }
  return names;
}

// `"name"` wherever it stands.
void CheckQuoted(std::string_view sql, const Words& words) {
  for (size_t begin = sql.find('"'); begin != std::string_view::npos;) {
    const size_t end = sql.find('"', begin + 1);
    Check(end != std::string_view::npos, "a quoted name ends");
    const std::string_view name = sql.substr(begin + 1, end - begin - 1);
    if (words.Hides(name))
      throw InternalError("a statement names what is hidden: " + std::string(name));
    begin = sql.find('"', end + 1);
  }
}

// "shop.Order.total"
void CheckLineage(const Secrets& secrets, const pipeline::Lineage& lineage) {
  for (const std::string& name : lineage.from) {
    const size_t dot = name.rfind('.');
    const Model* model = secrets.manifest().Find(name.substr(0, dot));
    const Field* field = model != nullptr ? model->FindField(name.substr(dot + 1)) : nullptr;
    const bool hidden = field != nullptr && secrets.Names(*field);
    Check(!hidden, "nothing that leaves is made of a hidden field");
  }
}

}  // namespace

void CheckDiagnostics(std::string_view snippet, const Compiled& compiled) {
  Check((compiled.program == nullptr) != compiled.diagnostics.empty(), "program or diagnostics");
  for (const Diagnostic& diagnostic : compiled.diagnostics) {
    Check(InfoOf(diagnostic.kind).code != 900, "no snippet meets a bug of ours");
    Check(diagnostic.span.begin <= diagnostic.span.end, "a span ends after it begins");
    Check(diagnostic.span.end <= snippet.size(), "a span lies in the text");
  }
}

void CheckStatements(const Compiled& compiled) {
  if (compiled.program == nullptr) return;
  for (const program::Query& query : compiled.program->queries) {
    for (const program::QueryText& variant : query.variants) {
      if (variant.sql.empty()) continue;
      Check(postgres::WhatIsWrongWith(variant.sql).empty(),
            "the second parser takes our statements");
    }
  }
}

void CheckSaid(std::string_view snippet, const Secrets& secrets, const Compiled& compiled) {
  const Words named = Named(secrets);
  const auto written = WordsOf(snippet);
  for (const Diagnostic& diagnostic : compiled.diagnostics) {
    const KindInfo& info = InfoOf(diagnostic.kind);
    const auto fixed = WordsOf(std::string(info.text) + " " + std::string(info.hint));
    for (const std::string& word :
         NamesIn(MessageOf(diagnostic) + " " + HintOf(diagnostic) + " " + diagnostic.suggestion)) {
      if (!named.Hides(word) || written.contains(word) || fixed.contains(word)) continue;
      throw InternalError("a diagnostic says by itself what is hidden: " + word);
    }
  }
}

void CheckRead(const Secrets& secrets, const Compiled& compiled) {
  if (compiled.program == nullptr) return;
  const Words quoted = Quoted(secrets);
  for (const program::Query& query : compiled.program->queries) {
    for (const program::QueryText& variant : query.variants) CheckQuoted(variant.sql, quoted);
  }
  for (const pipeline::TableRead& read : compiled.explanation.reads) {
    const Model* model = secrets.manifest().Find(read.label);
    const bool hidden = model != nullptr && secrets.Has(*model);
    Check(read.implied || !hidden, "nothing is read of a hidden model");
  }
  for (const pipeline::Lineage& lineage : compiled.explanation.lineage) {
    CheckLineage(secrets, lineage);
  }
}

}  // namespace ormc::fuzz
