#include "server/settings/row_keys.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>

#include "server/auth/base64url.h"

namespace ormc::server {
namespace {

constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string HmacSha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(),
       digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(kDigits[byte >> 4U]);
    hex.push_back(kDigits[byte & 15U]);
  }
  return hex;
}

}  // namespace

RowKeys::RowKeys(const std::vector<NamedSecret>& secrets) {
  for (const NamedSecret& named : secrets) {
    keys_.push_back({named.kid, HmacSha256(named.secret, "ormc-hmac-v1"),
                     HmacSha256(named.secret, "ormc-encrypt-v1")});
  }
}

bool RowKeys::Signed(std::string_view kind, std::string_view name, std::string_view body,
                     std::string_view signature) const {
  std::string text(kind);
  text.append("\n").append(name).append("\n").append(body);
  return std::any_of(keys_.begin(), keys_.end(), [&](const Keys& keys) {
    const std::string expected = Hex(HmacSha256(keys.row, text));
    return expected.size() == signature.size() &&
           CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
  });
}

std::optional<std::string> RowKeys::Unseal(std::string_view sealed, std::string_view column) const {
  const size_t dot = sealed.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto keys = std::find_if(keys_.begin(), keys_.end(), [&](const Keys& known) {
    return known.kid == sealed.substr(0, dot);
  });
  if (keys == keys_.end()) return std::nullopt;
  const auto bytes = DecodeBase64Url(sealed.substr(dot + 1));
  if (!bytes || bytes->size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::string_view nonce = std::string_view(*bytes).substr(0, kNonceBytes);
  const std::string_view cipher =
      std::string_view(*bytes).substr(kNonceBytes, bytes->size() - kNonceBytes - kTagBytes);
  std::string tag = bytes->substr(bytes->size() - kTagBytes);

  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  std::string plain(cipher.size(), '\0');
  auto* out = reinterpret_cast<unsigned char*>(plain.data());
  int size = 0;
  const bool opened = context &&
                      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr,
                                         Bytes(keys->seal), Bytes(nonce)) == 1 &&
                      EVP_DecryptUpdate(context.get(), nullptr, &size, Bytes(column),
                                        static_cast<int>(column.size())) == 1 &&
                      EVP_DecryptUpdate(context.get(), out, &size, Bytes(cipher),
                                        static_cast<int>(cipher.size())) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG,
                                          static_cast<int>(kTagBytes), tag.data()) == 1 &&
                      EVP_DecryptFinal_ex(context.get(), out + size, &size) == 1;
  if (!opened) return std::nullopt;
  return plain;
}

}  // namespace ormc::server
