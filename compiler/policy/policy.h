// policy: what a site hides, masks and limits, and what one user may view.
//
//   policy.h            the policy file, the user file, and the scope that they make of a manifest
//   default_hidden.cpp  the built-in table of secrets: always hidden, unless a policy says
//                       "default_hidden": false and takes it on itself
//   load.cpp            JSON -> Policy, User
//   shares.cpp          what a user sees of a model's rows and of a masked field
//   build_scope.cpp     manifest within policy within the user's permissions
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/limits.h"
#include "compiler/base/mask.h"
#include "compiler/base/result.h"
#include "compiler/manifest/scope.h"
#include "compiler/values/value.h"

namespace ormc::policy {

// Whom an entry concerns; everybody where it names nobody.  Of the entries for one thing the first
// that concerns a user holds.
struct Audience {
  bool superusers = false;
  std::vector<std::string> groups;
};

// How a field is shown.
struct MaskEntry {
  std::string field;  // "shop.Customer.email"
  Mask mask = Mask::kNone;
  bool hidden = false;  // not at all
  Audience audience;
};

// Which rows of a model are seen.
struct RowEntry {
  std::string model;  // "shop.Order"
  std::string where;  // "Q(owner_id=user.id)"
  Audience audience;
};

// Of how many rows of a model an aggregate must be made; 0: the rows themselves are seen.
struct GroupEntry {
  std::string model;  // "hr.Salary"
  uint32_t smallest_group = 0;
  Audience audience;
};

// What a language model is told of what its user sees.  What it is not told it may not use.
struct Told {
  std::vector<std::string> except;  // as `hidden`
  bool choices = true;              // the values of fields that have choices
};

struct Policy {
  bool default_hidden = true;
  std::vector<std::string> hidden;  // "sessions.Session", "auth.User.email"
  std::vector<MaskEntry> masked;
  std::vector<RowEntry> rows;
  std::vector<GroupEntry> aggregates_only;
  Told told;
  Limits limits;  // `"regex": false` is a pattern of no bytes
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

// Who writes the snippet.
enum class Writer : uint8_t { kPerson, kModel };

// The manifest within the policy: made once for a site.  A name in the policy that the manifest does
// not have is an error.  Nobody is asking: where entries say what whom concerns, the least is seen.
Result<manifest::ScopedManifest> BuildScope(const manifest::Manifest& manifest,
                                            const Policy& policy, Writer writer = Writer::kPerson);
// That within one user's permissions.
manifest::ScopedManifest SeenBy(const User& user, const Policy& policy,
                                manifest::ScopedManifest scope);

// The entries of `policy`, placed in `scope`: what is left where they concern nobody, and what they
// say of a user (shares.cpp).
std::optional<Error> ShareWithNobody(const Policy& policy, manifest::ScopedManifest& scope);
void ShareWith(const User& user, const Policy& policy, manifest::ScopedManifest& scope);

// "app.Model" or "app.Model.field" within a manifest.
struct Named {
  const manifest::Model* model = nullptr;
  const manifest::Field* field = nullptr;
  bool whole = false;  // no field was named
};
Named Resolve(const manifest::Manifest& manifest, std::string_view name);
// "policy: hidden[1]: no model for `shop.Odrer`"
Error UnknownName(std::string_view place, size_t index, std::string_view name, const Named& named);

}  // namespace ormc::policy
