// policy: what a site hides, masks and limits, and what one user may view.
//
//   policy.h            the policy file, the user file, and the scope that they make of a manifest
//   default_hidden.cpp  the built-in table of secrets: always hidden, unless a policy says
//                       "default_hidden": false and takes it on itself
//   load.cpp            JSON -> Policy, User
//   rows.cpp            which of a model's rows a user sees
//   build_scope.cpp     manifest within policy within the user's permissions
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/base/result.h"
#include "compiler/manifest/scope.h"
#include "compiler/program/program.h"

namespace ormc::policy {

struct MaskedField {
  std::string field;  // "shop.Customer.email"
  program::Mask mask = program::Mask::kNone;
};

// Whom it concerns, and the rows that they see; everybody where it names nobody.
struct RowEntry {
  std::string model;  // "shop.Order"
  std::string where;  // "Q(owner_id=user.id)"
  bool superusers = false;
  std::vector<std::string> groups;
};

struct Policy {
  bool default_hidden = true;
  std::vector<std::string> hidden;  // "sessions.Session", "auth.User.email"
  std::vector<MaskedField> masked;
  std::vector<RowEntry> rows;  // of a model's entries the first that concerns a user holds
  Limits limits;
};

struct User {
  Value id;
  std::string name;
  bool superuser = false;
  std::vector<std::string> groups;
  std::string zone;  // "" for the site's
  std::string language;
  std::vector<std::string> view;  // labels of the models that the user may view
  std::string manifest;           // fingerprint that the file was made for, or ""
};

// What the built-in policy hides, whether the manifest has it or not.  `auth_user_model` is the
// site's own user model.
std::vector<std::string> DefaultHidden(std::string_view auth_user_model);

// Errors name the place: "policy: masked[1].how: unknown mask `first4`".
Result<Policy> LoadPolicy(std::string_view json);
Result<User> LoadUser(std::string_view json);

// The manifest within the policy: made once for a site.  A name in the policy that the manifest does
// not have is an error.  Nobody is asking: of a model whose rows the policy restricts none is seen.
Result<manifest::ScopedManifest> BuildScope(const manifest::Manifest& manifest,
                                            const Policy& policy);
// That within one user's permissions.
manifest::ScopedManifest SeenBy(const User& user, const Policy& policy,
                                manifest::ScopedManifest scope);

// The rows of `policy`, placed in `scope`: those that nobody sees, and those of a user (rows.cpp).
std::optional<Error> HideRows(const Policy& policy, manifest::ScopedManifest& scope);
void ShowRows(const User& user, const Policy& policy, manifest::ScopedManifest& scope);

// The policy's masks, each named by the model on whose table the column is.
Result<std::vector<MaskedField>> ResolveMasks(const manifest::Manifest& manifest,
                                              const Policy& policy);

}  // namespace ormc::policy
