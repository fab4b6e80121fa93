// The keys that Django and ormd derive from their shared secret (docs/contract/storage.md): rows
// that widen access or hold a secret are only used when Django signed them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ormc::server {

// A secret and the name that sealed columns know it by: while one is replaced, there are two.
struct NamedSecret {
  std::string kid;
  std::string secret;
};

class RowKeys {
 public:
  explicit RowKeys(const std::vector<NamedSecret>& secrets);

  bool Signed(std::string_view kind, std::string_view name, std::string_view body,
              std::string_view signature) const;
  // The plain text of a sealed column, or none where none of our secrets sealed it for `column`.
  std::optional<std::string> Unseal(std::string_view sealed, std::string_view column) const;

 private:
  struct Keys {
    std::string kid;
    std::string row;
    std::string seal;
  };
  std::vector<Keys> keys_;
};

}  // namespace ormc::server
