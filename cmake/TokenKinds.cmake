# cmake -DTOKENS=OrmLexer.tokens -DHEADER=token_kinds.h -P TokenKinds.cmake
# The vocabulary as an enum of its own, so that the lexer needs no ANTLR header.
file(STRINGS ${TOKENS} lines REGEX "^[A-Z_]+=[0-9]+$")
list(TRANSFORM lines REPLACE "^([A-Z_]+)=([0-9]+)$" "  \\1 = \\2,")
list(JOIN lines "\n" rows)
file(WRITE ${HEADER}
"// Made from grammar/OrmLexer.g4.
#pragma once

#include <cstdint>

namespace ormc::syntax::tok {

enum Type : uint16_t {
  END = 0,
${rows}
};

}  // namespace ormc::syntax::tok
")
