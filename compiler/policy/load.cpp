#include <algorithm>
#include <limits>
#include <utility>

#include "compiler/manifest/builder.h"
#include "compiler/policy/policy.h"

namespace ormc::policy {
namespace {

using manifest::DocumentError;
using manifest::Node;

constexpr int64_t kLargestGroup = 1'000'000;

// How a field may be shown.
struct HowRow {
  std::string_view name;
  Mask mask;
  bool hidden;
};
constexpr HowRow kHow[] = {
    {"shown", Mask::kNone, false},  {"last4", Mask::kLastFour, false},
    {"hash", Mask::kHash, false},   {"domain", Mask::kDomainOnly, false},
    {"fixed", Mask::kFixed, false}, {"hidden", Mask::kNone, true},
};

// The limits that a policy may set.
struct LimitRow {
  std::string_view name;
  size_t Limits::*limit;
};
constexpr LimitRow kLimits[] = {
    {"snippet_bytes", &Limits::snippet_bytes},
    {"nesting_depth", &Limits::nesting_depth},
    {"ast_nodes", &Limits::ast_nodes},
    {"joins", &Limits::joins},
    {"subqueries", &Limits::subqueries},
    {"conditions", &Limits::conditions},
    {"in_list", &Limits::in_list},
    {"max_rows", &Limits::max_rows},
    {"read_rows", &Limits::read_rows},
    {"read_bytes", &Limits::read_bytes},
    {"cell_bytes", &Limits::cell_bytes},
    {"loop_queries", &Limits::loop_queries},
    {"eval_bytes", &Limits::eval_bytes},
};

void RequireKnown(const Node& node, std::initializer_list<std::string_view> known) {
  node.EachMember([&](std::string_view name, const Node& member) {
    if (std::ranges::find(known, name) == known.end()) member.Fail("unknown member");
  });
}

void RequireFormat(const Node& root) {
  const Node format = root.Member("format");
  if (format.Integer() != 1) {
    format.Fail("format " + std::to_string(format.Integer()) + " is not known, only 1");
  }
}

Audience ReadAudience(const Node& node) {
  Audience audience;
  audience.superusers = node.FlagOr("superusers", false);
  audience.groups = node.TextsAt("groups");
  if (const std::optional<Node> groups = node.Find("groups"); groups && audience.groups.empty()) {
    groups->Fail("names nobody");
  }
  return audience;
}

MaskEntry ReadMask(const Node& node) {
  RequireKnown(node, {"field", "how", "superusers", "groups"});
  const Node how = node.Member("how");
  const auto* row = std::ranges::find(kHow, how.Text(), &HowRow::name);
  if (row == std::end(kHow)) how.Fail("unknown mask `" + std::string(how.Text()) + "`");
  return {node.NameAt("field"), row->mask, row->hidden, ReadAudience(node)};
}

void ReadLimit(std::string_view name, const Node& node, Limits& limits) {
  const int64_t value = node.Integer();
  if (value < 1 || value > std::numeric_limits<int32_t>::max()) {
    node.Fail("a limit is a positive integer");
  }
  if (name == "statement_timeout_ms") {
    limits.statement_timeout_ms = static_cast<uint32_t>(value);
    return;
  }
  if (name == "eval_steps") {
    limits.eval_steps = static_cast<uint64_t>(value);
    return;
  }
  const auto* row = std::ranges::find(kLimits, name, &LimitRow::name);
  if (row == std::end(kLimits)) node.Fail("unknown limit");
  limits.*row->limit = static_cast<size_t>(value);
}

RowEntry ReadRows(const Node& node) {
  RequireKnown(node, {"model", "where", "superusers", "groups"});
  return {node.NameAt("model"), node.NameAt("where"), ReadAudience(node)};
}

GroupEntry ReadGroup(const Node& node) {
  RequireKnown(node, {"model", "smallest_group", "superusers", "groups"});
  GroupEntry entry{node.NameAt("model"), 0, ReadAudience(node)};
  if (const std::optional<Node> smallest = node.Find("smallest_group")) {
    const int64_t rows = smallest->Integer();
    if (rows < 2 || rows > kLargestGroup) {
      smallest->Fail("from 2 to " + std::to_string(kLargestGroup) + " rows");
    }
    entry.smallest_group = static_cast<uint32_t>(rows);
  }
  return entry;
}

Told ReadTold(const Node& node) {
  RequireKnown(node, {"except", "choices"});
  return {node.TextsAt("except"), node.FlagOr("choices", true)};
}

Policy ReadPolicy(const Node& root) {
  RequireKnown(root, {"format", "default_hidden", "hidden", "masked", "rows", "aggregates_only",
                      "told", "regex", "limits"});
  RequireFormat(root);
  Policy policy;
  policy.default_hidden = root.FlagOr("default_hidden", true);
  policy.hidden = root.TextsAt("hidden");
  root.EachAt("masked", [&](const Node& item) { policy.masked.push_back(ReadMask(item)); });
  root.EachAt("rows", [&](const Node& item) { policy.rows.push_back(ReadRows(item)); });
  root.EachAt("aggregates_only",
              [&](const Node& item) { policy.aggregates_only.push_back(ReadGroup(item)); });
  if (const std::optional<Node> told = root.Find("told")) policy.told = ReadTold(*told);
  if (!root.FlagOr("regex", true)) policy.limits.regex_bytes = 0;
  if (const std::optional<Node> limits = root.Find("limits")) {
    limits->EachMember(
        [&](std::string_view name, const Node& limit) { ReadLimit(name, limit, policy.limits); });
  }
  return policy;
}

User ReadUser(const Node& root) {
  RequireFormat(root);
  User user;
  const Node who = root.Member("user");
  std::optional<Value> id = manifest::ReadValue(who.ValueAt("id"));
  if (!id) who.Fail("`id` is not a key");
  user.id = *std::move(id);
  user.name = who.TextOr("name", "");
  user.superuser = root.Member("superuser").Flag();
  user.groups = root.TextsAt("groups");
  user.zone = root.TextOr("tz", "");
  user.language = root.TextOr("lang", "");
  user.view = root.TextsAt("view");
  user.manifest = root.TextOr("manifest", "");
  return user;
}

template <class Read>
auto Load(std::string_view what, std::string_view text, Read read)
    -> Result<decltype(read(std::declval<Node>()))> {
  const std::string prefix = std::string(what) + ": ";
  const Result<boost::json::value> document = manifest::ParseDocument(text);
  if (!document) return Error{prefix + document.error().message};
  try {
    return read(Node(*document));
  } catch (const DocumentError& error) {
    return Error{prefix + error.what()};
  }
}

}  // namespace

Result<Policy> LoadPolicy(std::string_view json) { return Load("policy", json, ReadPolicy); }

Result<User> LoadUser(std::string_view json) { return Load("user", json, ReadUser); }

}  // namespace ormc::policy
