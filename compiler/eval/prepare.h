// What Django's fields do to a Python value before it becomes a parameter (5.2: get_prep_value).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/eval/evaluate.h"
#include "compiler/program/program.h"

namespace ormc::eval {

// Throws what Django's field would: ValueError "Field 'id' expected a number but got 'abc'.",
// ValidationError, TypeError.  `field` is the field's name for the message; empty: the step's.
Value Prepare(const program::PrepareStep& step, const Value& value, const Context& context,
              std::string_view field = {});
// All steps in their order; the one after kListOf applies to each element.
Value PrepareAll(const std::vector<program::PrepareStep>& steps, const Value& value,
                 const Context& context, std::string_view field = {});

// django_dates.cpp: django.utils.dateparse.  None where the text is not of the form; ValueError
// where it is but names no date.
std::optional<Date> ParseDate(std::string_view text);
std::optional<Time> ParseTime(std::string_view text);
std::optional<DateTime> ParseDateTime(std::string_view text);

// json_text.cpp: json.dumps(value), with its TypeErrors.
std::string JsonText(const Value& value);

}  // namespace ormc::eval
