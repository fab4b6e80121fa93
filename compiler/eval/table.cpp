#include "compiler/eval/table.h"

#include <algorithm>
#include <map>

#include "compiler/base/check.h"

namespace ormc::eval {

namespace {

struct Parameter {
  std::string_view name;
  bool optional = false;
  bool keyword_only = false;
  bool positional_only = false;
};

// A signature, read once: "iterable, /, start=".
struct Signature {
  std::vector<Parameter> parameters;
  bool rest = false;   // *args
  bool named = false;  // **kwargs
};

Signature ReadSignature(std::string_view text) {
  Signature signature;
  bool keyword_only = false;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(", "), text.size());
    std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 2, text.size()));
    if (part == "*") {
      keyword_only = true;
    } else if (part == "/") {
      for (Parameter& parameter : signature.parameters) parameter.positional_only = true;
    } else if (part.substr(0, 2) == "**") {
      signature.named = true;
    } else if (part[0] == '*') {
      signature.rest = keyword_only = true;
    } else {
      const bool optional = part.back() == '=';
      if (optional) part.remove_suffix(1);
      signature.parameters.push_back({part, optional, keyword_only, false});
    }
  }
  return signature;
}

struct Table {
  std::map<std::pair<std::string_view, std::string_view>, const Row*> rows;
  std::map<const Row*, Signature> signatures;
  std::vector<CallableInfo> builtins;
  std::vector<CallableInfo> methods;

  Table() {
    for (const Rows* part : {&CoreBuiltins(), &NumberBuiltins(), &MathBuiltins(),
                             &TemporalBuiltins(), &ClockBuiltins()}) {
      Add(*part, builtins);
    }
    for (const Rows* part : {&StrMethods(), &StrSplitMethods(), &StrTestMethods(), &ListMethods(),
                             &DictAndSetMethods(), &NumberMethods(), &TemporalMethods()}) {
      Add(*part, methods);
    }
  }
  void Add(const Rows& part, std::vector<CallableInfo>& infos) {
    for (const Row& row : part) {
      Check(rows.emplace(std::pair(row.type, row.name), &row).second, "two rows of one name");
      signatures.emplace(&row, ReadSignature(row.signature));
      infos.push_back({row.type, row.name, row.signature, row.doc, row.mutates});
    }
  }
};

const Table& TheTable() {
  static const Table table;
  return table;
}

const Row* FindRow(std::string_view type, std::string_view name) {
  const auto& rows = TheTable().rows;
  const auto found = rows.find({type, name});
  return found == rows.end() ? nullptr : found->second;
}

// A datetime has the methods of a date, a bool those of an int.
std::vector<std::string_view> Lineage(std::string_view type) {
  if (type == "datetime") return {"datetime", "date", "time"};
  if (type == "bool") return {"int"};
  if (type == "frozenset") return {"set"};
  if (type == "Row") return {"tuple"};
  if (type == "Range") return {"range"};
  if (type == "timezone" || type == "ZoneInfo") return {"zone"};
  return {type};
}

}  // namespace

std::vector<std::string_view> TableTypes(const Value& receiver) {
  return Lineage(TypeName(receiver));
}

const std::vector<CallableInfo>& Builtins() { return TheTable().builtins; }
const std::vector<CallableInfo>& Methods() { return TheTable().methods; }

const Row* FindBuiltin(std::string_view name) { return FindRow("", name); }

const Row* FindMethod(const Value& receiver, std::string_view name) {
  if (receiver.As<std::shared_ptr<const Instance>>()) return nullptr;
  for (std::string_view type : TableTypes(receiver)) {
    if (const Row* row = FindRow(type, name)) return row;
  }
  return nullptr;
}

bool HasBuiltin(std::string_view name) { return FindBuiltin(name) != nullptr; }

bool HasMethod(std::string_view type, std::string_view name) {
  if (type.empty()) {
    return std::any_of(Methods().begin(), Methods().end(),
                       [&](const CallableInfo& info) { return info.name == name; });
  }
  const auto types = Lineage(type);
  return std::any_of(types.begin(), types.end(),
                     [&](std::string_view t) { return FindRow(t, name) != nullptr; });
}

bool HasAttribute(std::string_view type, std::string_view name) {
  const auto types = Lineage(type);
  return std::any_of(Attributes().begin(), Attributes().end(), [&](const AttributeInfo& info) {
    return info.name == name &&
           (type.empty() || std::find(types.begin(), types.end(), info.type) != types.end());
  });
}

// ---- calls ------------------------------------------------------------------------------------

const Value* Call::Get(size_t place) {
  Argument& argument = arguments_[place];
  if (!argument.present) return nullptr;
  if (argument.lazy) {
    argument.value = machine.Eval(*argument.lazy);
    argument.lazy = nullptr;
  }
  return &argument.value;
}

const Value& Call::operator[](size_t place) {
  const Value* value = Get(place);
  Check(value != nullptr, "an argument that the signature promised");
  return *value;
}

void Call::ForEach(size_t place, const Visitor& visit) {
  const Argument& argument = arguments_[place];
  if (argument.lazy) return machine.ForEach(*argument.lazy, visit);
  machine.ForEach((*this)[place], visit);
}

std::vector<Value> Call::Items(size_t place) {
  std::vector<Value> items;
  ForEach(place, [&](const Value& item) {
    machine.Reserve(1);
    items.push_back(item);
    return true;
  });
  return items;
}

class Binder {
 public:
  Binder(Machine& machine, const Row& row, Call& call)
      : machine_(machine), row_(row), call_(call), signature_(TheTable().signatures.at(&row)) {
    call_.arguments_.resize(signature_.parameters.size());
  }

  void Bind(const std::vector<program::ExprPtr>& arguments,
            const std::vector<program::Keyword>& keywords) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (i < signature_.parameters.size() && !signature_.parameters[i].keyword_only) {
        Put(i, *arguments[i]);
      } else if (signature_.rest) {
        call_.rest.push_back(machine_.Eval(*arguments[i]));
      } else {
        TooMany(arguments.size());
      }
    }
    for (const program::Keyword& keyword : keywords) Name(keyword);
    for (size_t i = 0; i < signature_.parameters.size(); ++i) {
      if (signature_.parameters[i].optional || call_.arguments_[i].present) continue;
      RaiseType(Function() + " missing required argument '" +
                std::string(signature_.parameters[i].name) + "' (pos " + std::to_string(i + 1) +
                ")");
    }
  }

 private:
  std::string Function() const {
    const std::string name(row_.name);
    return (row_.type.empty() ? name.substr(name.rfind('.') + 1)
                              : std::string(row_.type) + "." + name) +
           "()";
  }
  [[noreturn]] void TooMany(size_t given) const {
    const auto places = std::count_if(signature_.parameters.begin(), signature_.parameters.end(),
                                      [](const Parameter& p) { return !p.keyword_only; });
    RaiseType(Function() + " takes at most " + std::to_string(places) + " argument" +
              (places == 1 ? "" : "s") + " (" + std::to_string(given) + " given)");
  }
  void Put(size_t place, const program::Expr& expr) {
    Call::Argument& argument = call_.arguments_[place];
    argument.present = true;
    if (const auto* lambda = std::get_if<program::Lambda>(&expr.node)) {
      argument.lambda = lambda;
      return;
    }
    const auto* generator = std::get_if<program::Comprehension>(&expr.node);
    if (generator && generator->kind == program::ComprehensionKind::kGenerator) {
      argument.lazy = &expr;
    } else {
      argument.value = machine_.Eval(expr);
    }
  }
  void Name(const program::Keyword& keyword) {
    for (size_t i = 0; i < signature_.parameters.size(); ++i) {
      const Parameter& parameter = signature_.parameters[i];
      if (parameter.name != keyword.name || parameter.positional_only) continue;
      if (call_.arguments_[i].present) {
        RaiseType("argument for " + Function() + " given by name ('" + keyword.name +
                  "') and position (" + std::to_string(i + 1) + ")");
      }
      return Put(i, *keyword.value);
    }
    if (!signature_.named) {
      RaiseType("'" + keyword.name + "' is an invalid keyword argument for " + Function());
    }
    call_.named.emplace_back(keyword.name, machine_.Eval(*keyword.value));
  }

  Machine& machine_;
  const Row& row_;
  Call& call_;
  const Signature& signature_;
};

Value RunRow(Machine& machine, const Row& row, Value self,
             const std::vector<program::ExprPtr>& arguments,
             const std::vector<program::Keyword>& keywords) {
  Call call(machine);
  call.self = std::move(self);
  Binder(machine, row, call).Bind(arguments, keywords);
  return row.run(call);
}

const std::string& NeedStr(Call& call, size_t place, std::string_view function) {
  const Value& value = call[place];
  if (!value.text()) {
    RaiseType(std::string(function) + " argument must be str, not " + FullTypeName(value));
  }
  return *value.text();
}

}  // namespace ormc::eval
