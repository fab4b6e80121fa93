#pragma once

#include <string>

#include "compiler/bind/bound.h"
#include "compiler/diagnostics/diagnostic.h"

namespace ormc::bind {

// What Django refuses after a slice, and after a combinator.
inline void RejectAfterSlice(const QuerySet& queryset, const char* method, Span span) {
  if (queryset.query->IsSliced()) Reject(Kind::AfterSlice, span, std::string(method));
}
inline void RejectCombined(const QuerySet& queryset, const char* method, Span span) {
  if (queryset.query->combinator != plan::Combinator::kNone) {
    Reject(Kind::DjangoNotSupported, span,
           "calling QuerySet." + std::string(method) + "() after a combinator is not supported");
  }
}

}  // namespace ormc::bind
