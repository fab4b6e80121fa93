#include "tools/ormc/site.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include "compiler/manifest/load.h"
#include "compiler/pipeline/row_check.h"

namespace ormc::tool {

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& stream = path == "-" ? std::cin : file;
  if (!stream) return Error{path + ": cannot be read"};
  std::string text;
  std::error_code unknown;  // of standard input, and of what is no file
  const auto bytes = path != "-" ? std::filesystem::file_size(path, unknown) : 0;
  if (!unknown) text.reserve(bytes);
  std::array<char, 65'536> part;
  while (stream.read(part.data(), part.size()) || stream.gcount() > 0) {
    text.append(part.data(), static_cast<size_t>(stream.gcount()));
  }
  if (stream.bad()) return Error{path + ": cannot be read"};
  return text;
}

std::unique_ptr<View> Site::MakeView(std::optional<policy::User> user) const {
  manifest::ScopedManifest scope = user ? policy::SeenBy(*user, policy_, *visible_) : *visible_;
  return std::make_unique<View>(View{std::move(user), std::move(scope)});
}

Result<std::unique_ptr<Site>> Site::Load(const Options& options) {
  auto site = std::make_unique<Site>();
  const Result<std::string> text = ReadFile(options.manifest);
  if (!text) return text.error();
  Result<std::unique_ptr<const manifest::Manifest>> manifest = manifest::Load(*text);
  if (!manifest) return manifest.error();
  site->manifest_ = *std::move(manifest);

  if (!options.policy.empty()) {
    const Result<std::string> json = ReadFile(options.policy);
    if (!json) return json.error();
    Result<policy::Policy> policy = policy::LoadPolicy(*json);
    if (!policy) return policy.error();
    site->policy_ = *std::move(policy);
  }
  if (options.max_rows) site->policy_.limits.max_rows = *options.max_rows;
  Result<manifest::ScopedManifest> visible = policy::BuildScope(*site->manifest_, site->policy_);
  if (!visible) return visible.error();
  site->visible_.emplace(*std::move(visible));
  if (auto wrong = pipeline::WrongRows(*site->manifest_, site->policy_)) return *std::move(wrong);

  std::optional<policy::User> user;
  if (!options.user.empty()) {
    const Result<std::string> json = ReadFile(options.user);
    if (!json) return json.error();
    Result<policy::User> loaded = policy::LoadUser(*json);
    if (!loaded) return loaded.error();
    user = *std::move(loaded);
  }
  site->view_ = site->MakeView(std::move(user));
  return site;
}

Result<const View*> Site::ViewOf(const std::string& user_json) {
  constexpr size_t kKept = 100;
  if (const auto known = views_.find(user_json); known != views_.end()) {
    return static_cast<const View*>(known->second.get());
  }
  Result<policy::User> user = policy::LoadUser(user_json);
  if (!user) return user.error();
  if (views_.size() == kKept) views_.clear();
  return static_cast<const View*>((views_[user_json] = MakeView(*std::move(user))).get());
}

}  // namespace ormc::tool
