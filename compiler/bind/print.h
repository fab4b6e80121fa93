#pragma once

#include <string>

#include "compiler/bind/bound.h"

namespace ormc::bind {

// `int`, `str?` where None is possible, `list[shop.Order]`, `{"n": int}`.
std::string Print(const Type& type);

// What a name stands for, as `ormc --emit bound` shows it: one line, and below it, indented, the plan of
// a queryset or the parts of a display.
std::string Print(const Bound& bound, const std::string& indent = "");

}  // namespace ormc::bind
