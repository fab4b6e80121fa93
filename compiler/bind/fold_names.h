// Which names a fold's body changes, and which lists and dicts it gives a second name: known from
// the text alone, before it is bound.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"

namespace ormc::bind {

struct FoldNames {
  std::set<std::string> changed;   // assigned, or changed in place
  std::set<std::string> in_place;  // of them
  std::set<std::string> escaping;  // whose lists and dicts get a second name
};
FoldNames NamesOf(const std::vector<const ast::Stmt*>& body);

// The name at the root of `d[k].append`, `d.setdefault(k, [])`, or null.
const ast::Name* RootName(const ast::Expr& expr);

}  // namespace ormc::bind
