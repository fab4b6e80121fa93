// decoding: a grammar for model servers that decode under one (llama.cpp's GBNF; the Lark form of
// llguidance, vLLM and OpenAI's grammar tools), so that a model can write little else than this language.
//
//   decoding.h    the door
//   template.inc  the language's shape, once, in a neutral notation
//   words.cpp     the names that fill it: the catalogue's and, with a user's view, the site's
//
// It accepts a superset: a name that the snippet itself gives (a variable, an annotation) cannot be
// closed by a grammar.  What is closed: statements, calls, methods, model names, and with a view the
// fields and lookups that a keyword argument may chain.  The compiler stays the judge.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/manifest/scope.h"

namespace ormc::decoding {

enum class Notation : uint8_t { kLark, kGbnf };

// Names that fill the template.
struct Words {
  std::vector<std::string> titles;     // capitalised names that are values; empty: any
  std::vector<std::string> callables;  // that may stand before `(`
  std::vector<std::string> methods;    // that may stand between `.` and `(`
  std::vector<std::string> members;    // capitalised attributes; empty: any
  std::vector<std::string> fields;     // of paths; empty: any path
  std::vector<std::string> lookups;    // that may follow a field in a path
};

// `globals`: the names in scope without a model.  `scope`: null where no user's view is known.
Words WordsOf(const std::vector<std::string>& globals, const manifest::ScopedManifest* scope);

std::string Grammar(Notation notation, const Words& words);

}  // namespace ormc::decoding
