#include "compiler/syntax/identifiers.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <memory>

#include "compiler/base/check.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/scan_word.h"
#include "compiler/syntax/source_check.h"

namespace ormc::syntax {
namespace {

bool IsAscii(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

const icu::Normalizer2& Nfkc() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = icu::Normalizer2::getNFKCInstance(status);
  Check(U_SUCCESS(status), "ICU has no NFKC data");
  return *instance;
}

// Immutable once made, so that threads may share it.
const USpoofChecker& OneScript() {
  static const USpoofChecker* const checker = [] {
    UErrorCode status = U_ZERO_ERROR;
    USpoofChecker* made = uspoof_open(&status);
    uspoof_setRestrictionLevel(made, USPOOF_SINGLE_SCRIPT_RESTRICTIVE);
    uspoof_setChecks(made, USPOOF_RESTRICTION_LEVEL, &status);
    Check(U_SUCCESS(status), "ICU has no script data");
    return made;
  }();
  return *checker;
}

bool MixesScripts(std::string_view part) {
  UErrorCode status = U_ZERO_ERROR;
  const int32_t failed = uspoof_checkUTF8(&OneScript(), part.data(),
                                          static_cast<int32_t>(part.size()), nullptr, &status);
  return U_FAILURE(status) || failed != 0;
}

// What models and word processors write for an ASCII mark.
struct LookAlike {
  char32_t seen;
  std::string_view meant;
};
constexpr LookAlike kLookAlikes[] = {
    {0x201c, "\""}, {0x201d, "\""}, {0x2018, "'"},   {0x2019, "'"}, {0x2013, "-"},
    {0x2014, "-"},  {0x2212, "-"},  {0xd7, "*"},     {0xf7, "/"},   {0x2264, "<="},
    {0x2265, ">="}, {0x2260, "!="}, {0x2026, "..."}, {0xa0, " "},   {0x3000, " "},
};

}  // namespace

void RejectCharacter(std::string_view text, uint32_t offset) {
  const CodePoint c = DecodeUtf8(text, offset);
  const Span span{offset, offset + c.bytes};
  Diagnostic diagnostic =
      MakeDiagnostic(Kind::InvalidCharacter, span, std::string(text.substr(offset, c.bytes)));
  for (const LookAlike& row : kLookAlikes) {
    if (row.seen == c.value) {
      diagnostic.suggestion = "write `" + std::string(row.meant) + "`";
      diagnostic.fixes.push_back(Fix{span, std::string(row.meant)});
    }
  }
  throw Rejection(std::move(diagnostic));
}

std::string NormalizeIdentifier(std::string_view word) {
  if (IsAscii(word)) return std::string(word);
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString normal =
      Nfkc().normalize(icu::UnicodeString::fromUTF8(
                           icu::StringPiece(word.data(), static_cast<int32_t>(word.size()))),
                       status);
  Check(U_SUCCESS(status), "NFKC failed");
  std::string out;
  normal.toUTF8String(out);
  return out;
}

void CheckIdentifier(std::string_view word, uint32_t offset) {
  if (IsAscii(word)) return;
  for (uint32_t i = 0; i < word.size();) {
    const CodePoint c = DecodeUtf8(word, i);
    const UProperty property = i == 0 ? UCHAR_XID_START : UCHAR_XID_CONTINUE;
    const bool fits =
        c.value == '_' || u_hasBinaryProperty(static_cast<UChar32>(c.value), property) != 0;
    if (!fits) {
      const std::string padded = std::string(offset, ' ') + std::string(word);
      RejectCharacter(padded, offset + i);
    }
    i += c.bytes;
  }
  const Span span{offset, offset + static_cast<uint32_t>(word.size())};
  const std::string normal = NormalizeIdentifier(word);
  if (WordType(normal) != tok::NAME) Reject(Kind::MixedScripts, span, std::string(word));
  for (size_t begin = 0; begin <= normal.size();) {
    const size_t end = std::min(normal.find("__", begin), normal.size());
    if (MixesScripts(std::string_view(normal).substr(begin, end - begin))) {
      Reject(Kind::MixedScripts, span, std::string(word));
    }
    begin = end + 2;
  }
}

}  // namespace ormc::syntax
