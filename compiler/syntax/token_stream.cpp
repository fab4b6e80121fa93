#include "compiler/syntax/token_stream.h"

namespace ormc::syntax {

TokenStream::TokenStream(const std::vector<Lexeme>& tokens) {
  tokens_.reserve(tokens.size());
  for (const Lexeme& lexeme : tokens) tokens_.emplace_back(lexeme, tokens_.size());
}

antlr4::Token* TokenStream::LT(ssize_t offset) {
  if (offset == 1) return &tokens_[index_];
  const ssize_t at = static_cast<ssize_t>(index_) + (offset > 0 ? offset - 1 : offset);
  if (at < 0) return nullptr;
  return &tokens_[std::min(static_cast<size_t>(at), tokens_.size() - 1)];
}

antlr4::Token* TokenStream::get(size_t i) const { return const_cast<StreamToken*>(&tokens_[i]); }

}  // namespace ormc::syntax
