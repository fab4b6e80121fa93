#include "server/limits/places.h"

#include "server/http/problem.h"

namespace ormc::server {
namespace {

constexpr int kComeAgainSeconds = 5;

}  // namespace

Places::Place Places::Take(const std::string& user, const ServerLimits& limits) {
  if (taken_ >= static_cast<size_t>(limits.questions_at_once))
    throw ProblemError(Problem::kOverloaded, {}, kComeAgainSeconds);
  const auto mine = by_user_.try_emplace(user, 0).first;
  if (mine->second >= limits.user_questions_at_once)
    throw ProblemError(Problem::kOverloaded, "questions of yours are still being answered",
                       kComeAgainSeconds);
  ++taken_;
  ++mine->second;
  return {this, [this, user](const void*) {
            --taken_;
            const auto found = by_user_.find(user);
            if (--found->second == 0) by_user_.erase(found);
          }};
}

Places::Place Places::TakeExport(const std::string& user, const ServerLimits& limits) {
  if (exports_ >= static_cast<size_t>(limits.exports_at_once))
    throw ProblemError(Problem::kOverloaded, "other exports are being written", kComeAgainSeconds);
  Place place = Take(user, limits);
  ++exports_;
  return {this, [this, place](const void*) { --exports_; }};
}

}  // namespace ormc::server
