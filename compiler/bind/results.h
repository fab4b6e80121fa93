// The types of what Python's builtins and methods give, where they are known.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/bind/bound.h"

namespace ormc::bind {

Type BuiltinType(std::string_view name, const std::vector<Type>& arguments);
Type MethodType(const Type& receiver, std::string_view name, const std::vector<Type>& arguments);

}  // namespace ormc::bind
