// ast: the snippet as it was written (Python's own names for the nodes), a span on every node.
//
//   ast.h       the nodes
//   walker.h    one total walk over them
//   printer.h   the text of `ormc --emit ast`
//
// Nothing is resolved here.  Nodes are owned by the Module's arena and never change.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/base/source.h"

namespace ormc::ast {

struct Expr;
struct Stmt;

// ---- expressions ------------------------------------------------------------------------------

struct NoneLiteral {};
struct BoolLiteral {
  bool value;
};
struct IntLiteral {
  std::string digits;  // decimal, without underscores; 0x, 0o and 0b are converted
};
struct FloatLiteral {
  double value;
};
struct StrLiteral {
  std::string value;  // UTF-8, escapes resolved, adjacent literals joined
};
struct BytesLiteral {
  std::string value;
};
struct EllipsisLiteral {};

// One `{value!conversion:spec}` of an f-string; `{value=}` puts its text into `literal_before`.
struct FormatPart {
  std::string literal_before;
  const Expr* value = nullptr;  // null in the last part when the string ends with text
  char conversion = 0;          // 0, 'r', 's' or 'a'
  const Expr* spec = nullptr;   // a StrLiteral or FString, null when absent
};
struct FString {
  std::vector<FormatPart> parts;
};

struct Name {
  std::string id;
};
struct Attribute {
  const Expr* value;
  std::string name;
  Span name_span;
};
struct Subscript {
  const Expr* value;
  const Expr* index;  // a Slice, a Tuple or any expression
};
struct Slice {
  const Expr* lower;  // null when absent
  const Expr* upper;
  const Expr* step;
};

struct Argument {
  enum class Kind : uint8_t { kPositional, kKeyword, kStar, kDoubleStar };
  Kind kind = Kind::kPositional;
  std::string name;  // of a keyword
  Span name_span;
  const Expr* value = nullptr;
};
struct Call {
  const Expr* function;
  std::vector<Argument> arguments;
};

enum class UnaryOp : uint8_t { kNegate, kPlus, kInvert, kNot };
struct Unary {
  UnaryOp op;
  const Expr* operand;
};

enum class BinaryOp : uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kPower,
  kMatMultiply,
  kBitOr,
  kBitXor,
  kBitAnd,
  kShiftLeft,
  kShiftRight,
};
struct Binary {
  BinaryOp op;
  const Expr* left;
  const Expr* right;
};

enum class BoolOp : uint8_t { kAnd, kOr };
struct BoolChain {
  BoolOp op;
  std::vector<const Expr*> operands;
};

enum class CompareOp : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIs,
  kIsNot,
  kIn,
  kNotIn,
};
struct Comparison {
  const Expr* first;
  std::vector<std::pair<CompareOp, const Expr*>> rest;
};

struct Conditional {
  const Expr* body;
  const Expr* test;
  const Expr* otherwise;
};

enum class DisplayKind : uint8_t { kList, kTuple, kSet };
struct Display {
  DisplayKind kind;
  std::vector<const Expr*> items;  // may hold Starred
};
struct Dict {
  // A null key is `**value`.
  std::vector<std::pair<const Expr*, const Expr*>> items;
};
struct Starred {
  const Expr* value;
};

struct ComprehensionFor {
  const Expr* target;  // Name, Tuple or List of targets
  const Expr* iterable;
  std::vector<const Expr*> conditions;
  bool is_async = false;
};
enum class ComprehensionKind : uint8_t { kList, kSet, kDict, kGenerator };
struct Comprehension {
  ComprehensionKind kind;
  const Expr* element;  // the key of a dict comprehension
  const Expr* value;    // of a dict comprehension, else null
  std::vector<ComprehensionFor> clauses;
};

struct Lambda {
  std::vector<std::string> parameters;
  bool plain = true;  // positional names only: no defaults, no * and no **
  const Expr* body;
};

// Known to the grammar so that each gets its own diagnostic: Bind refuses them.
struct Walrus {
  const Expr* target;
  const Expr* value;
};
struct Await {
  const Expr* value;
};
struct Yield {
  const Expr* value;  // null when absent
};

struct Expr {
  Span span;
  std::variant<NoneLiteral, BoolLiteral, IntLiteral, FloatLiteral, StrLiteral, BytesLiteral,
               EllipsisLiteral, FString, Name, Attribute, Subscript, Slice, Call, Unary, Binary,
               BoolChain, Comparison, Conditional, Display, Dict, Starred, Comprehension, Lambda,
               Walrus, Await, Yield>
      node;
};

// ---- statements -------------------------------------------------------------------------------

struct ExprStmt {
  const Expr* value;
};
struct Assign {
  std::vector<const Expr*> targets;  // `a = b = v` has two
  const Expr* value;                 // null for a bare annotation
  const Expr* annotation = nullptr;
};
struct AugAssign {
  const Expr* target;
  BinaryOp op;
  const Expr* value;
};
struct For {
  const Expr* target;
  const Expr* iterable;
  std::vector<const Stmt*> body;
  bool has_else = false;
  bool is_async = false;
};
struct If {
  const Expr* test;
  std::vector<const Stmt*> body;
  std::vector<const Stmt*> otherwise;  // an `elif` is an If in here
};
struct Pass {};
struct ImportedName {
  std::string name;     // dotted for `import a.b`, plain for `from m import name`, "*" for all
  std::string as_name;  // the name that is bound
};
struct Import {
  std::string module;  // of `from module import`; with its leading dots; empty for `import`
  std::vector<ImportedName> names;
};

enum class RefusedStmt : uint8_t {
  kWhile,
  kFunction,
  kClass,
  kWith,
  kTry,
  kRaise,
  kReturn,
  kDelete,
  kGlobal,
  kNonlocal,
  kAssert,
  kBreak,
  kContinue,
  kMatch,
  kDecorator,
  kAsync,
  kTypeAlias,
};
// A statement that the language has no use for; its inside is parsed and dropped.
struct Refused {
  RefusedStmt what;
};

struct Stmt {
  Span span;
  std::variant<ExprStmt, Assign, AugAssign, For, If, Pass, Import, Refused> node;
};

// ---- the whole --------------------------------------------------------------------------------

class Module {
 public:
  std::vector<const Stmt*> body;

  template <class Node>
  const Expr* Make(Span span, Node node) {
    return &expressions_.emplace_back(Expr{span, std::move(node)});
  }
  template <class Node>
  const Stmt* MakeStmt(Span span, Node node) {
    return &statements_.emplace_back(Stmt{span, std::move(node)});
  }
  size_t node_count() const { return expressions_.size() + statements_.size(); }

 private:
  std::deque<Expr> expressions_;
  std::deque<Stmt> statements_;
};

}  // namespace ormc::ast
