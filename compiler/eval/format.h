// Text made of values: format specs, `str %`, str.format, strftime.
#pragma once

#include <string>
#include <string_view>

#include "compiler/eval/machine.h"

namespace ormc::eval {

// format(value, spec)
std::string FormatValue(Machine& machine, const Value& value, std::string_view spec);
// "..." % arguments
std::string PercentFormat(Machine& machine, std::string_view text, const Value& arguments);
// "...".format(...)
std::string StrFormat(Machine& machine, std::string_view text, const std::vector<Value>& arguments,
                      const std::vector<std::pair<std::string, Value>>& named);
std::string Strftime(const Value& value, std::string_view format);
// datetime.strptime in the closed subset %Y %m %d %H %M %S %f %y %j %b %B %a %A %p %I %z %Z? %%.
DateTime Strptime(std::string_view text, std::string_view format);

// A parsed [[fill]align][sign][z][#][0][width][grouping][.precision][type].
struct Spec {
  char32_t fill = U' ';
  char align = 0;
  char sign = '-';
  bool no_negative_zero = false;
  bool alternate = false;
  bool zero = false;
  int64_t width = 0;
  char grouping = 0;  // ',' or '_'
  int64_t precision = -1;
  char type = 0;
};
Spec ParseSpec(std::string_view spec, std::string_view type_name);
std::string FormatInteger(Machine& machine, const Value& integer, Spec spec);
std::string FormatFloat(Machine& machine, double value, const Spec& spec);
std::string FormatDecimal(Machine& machine, const class ormc::Decimal& value, const Spec& spec);
// A number's sign and digits, grouped, filled and aligned.
std::string PadNumber(Machine& machine, const std::string& sign, const std::string& prefix,
                      const std::string& whole, const std::string& rest, const Spec& spec,
                      size_t group = 3);
std::string PadText(Machine& machine, std::string_view text, const Spec& spec, char default_align);
// The digits of a finite magnitude in 'e', 'f', 'g' style with so many places.
std::string FloatDigits(double magnitude, char type, int64_t precision, bool alternate);

}  // namespace ormc::eval
