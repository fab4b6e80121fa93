// The keys that Django and ormd derive from their shared secret (docs/contract/storage.md): rows
// that widen access or hold a secret are only used when Django signed them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ormc::server {

class RowKeys {
 public:
  explicit RowKeys(std::string_view secret);

  bool Signed(std::string_view kind, std::string_view name, std::string_view body,
              std::string_view signature) const;
  // The plain text of a sealed column, or none where it was not sealed with our key for `column`.
  std::optional<std::string> Unseal(std::string_view sealed, std::string_view column) const;

 private:
  std::string row_key_;
  std::string seal_key_;
};

}  // namespace ormc::server
