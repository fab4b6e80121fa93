// Who asks: the token that Django made (docs/contract/token.md), verified on each request.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ormc::server {

using TokenKeys = std::map<std::string, std::string>;  // kid -> secret

struct User {
  std::string id;
  std::string name;
  bool superuser = false;
  std::vector<std::string> groups;
  std::vector<std::string> permissions;  // of the assistant itself: "paste_snippet"
  std::string time_zone;
  std::string language;
  std::string manifest;  // fingerprint that `view` speaks about
  std::string view;      // the bytes of the bit set

  bool May(std::string_view permission) const {
    return std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
  }

  bool operator==(const User&) const = default;

  // Whether the user may view the manifest's model at this place of its sorted labels.
  bool Views(size_t index) const {
    return index / 8 < view.size() &&
           ((static_cast<unsigned char>(view[index / 8]) >> (index % 8)) & 1U) != 0;
  }
};

// Throws ProblemError: token-missing, token-invalid, token-expired, not-staff.
User Authenticate(std::string_view authorization, const TokenKeys& keys);

}  // namespace ormc::server
