#include "server/http/router.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "server/api/handlers.h"

namespace ormc::server {
namespace {

constexpr std::array kRoutes = {
    Route{Method::kGet, "/healthz", Access::kPublic, &Healthz},
    Route{Method::kGet, "/readyz", Access::kPublic, &Readyz},
    Route{Method::kGet, "/ai-assistant/api/chats", Access::kStaff, &ListChats},
    Route{Method::kPost, "/ai-assistant/api/chats", Access::kStaff, &CreateChat},
    Route{Method::kGet, "/ai-assistant/api/chats/{id}", Access::kStaff, &ShowHistory},
    Route{Method::kPatch, "/ai-assistant/api/chats/{id}", Access::kStaff, &RenameChat},
    Route{Method::kDelete, "/ai-assistant/api/chats/{id}", Access::kStaff, &DeleteChat},
    Route{Method::kPost, "/ai-assistant/api/chats/{id}/message", Access::kStaff, &PostMessage},
    Route{Method::kPost, "/ai-assistant/api/chats/{id}/snippet", Access::kStaff, &PostSnippet},
    Route{Method::kGet, "/ai-assistant/api/messages/{id}/rows", Access::kStaff, &ShowRows},
    Route{Method::kGet, "/ai-assistant/api/messages/{id}/export", Access::kStaff, &ExportRows},
    Route{Method::kGet, "/ai-assistant/api/messages/{id}/events", Access::kStaff, &FollowEvents},
    Route{Method::kPost, "/ai-assistant/api/explain", Access::kStaff, &Explain},
    Route{Method::kGet, "/ai-assistant/api/suggestions", Access::kStaff, &Suggest},
    Route{Method::kGet, "/ai-assistant/api/settings/check", Access::kStaff, &CheckSettings},
};

constexpr std::string_view kId = "{id}";

std::string_view NameOf(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kPost:
      return "POST";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
    case Method::kOther:
      break;
  }
  return "";
}

// The id ("" where the pattern has none), or nothing where the path is another.
std::optional<std::string> Fit(std::string_view pattern, std::string_view path) {
  const size_t at = pattern.find(kId);
  if (at == std::string_view::npos) {
    if (pattern != path) return std::nullopt;
    return "";
  }
  const std::string_view before = pattern.substr(0, at);
  const std::string_view after = pattern.substr(at + kId.size());
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) ||
      !path.ends_with(after))
    return std::nullopt;
  const std::string_view id =
      path.substr(before.size(), path.size() - before.size() - after.size());
  if (id.find('/') != std::string_view::npos) return std::nullopt;
  return std::string(id);
}

}  // namespace

Match FindRoute(Method method, std::string_view path) {
  Match match;
  for (const Route& route : kRoutes) {
    const auto id = Fit(route.pattern, path);
    if (!id) continue;
    if (route.method == method) return {&route, *id, {}};
    match.allowed.push_back(NameOf(route.method));
  }
  return match;
}

}  // namespace ormc::server
