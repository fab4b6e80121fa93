#include "server/http/problem.h"

#include <algorithm>
#include <array>

#include "compiler/base/check.h"

namespace ormc::server {
namespace {

constexpr std::array kProblems = {
    ProblemInfo{Problem::kTokenMissing, 401, "ORM701", "token-missing", "A token is needed"},
    ProblemInfo{Problem::kTokenInvalid, 401, "ORM702", "token-invalid", "The token is not valid"},
    ProblemInfo{Problem::kTokenExpired, 401, "ORM703", "token-expired", "The token has expired"},
    ProblemInfo{Problem::kNotStaff, 403, "ORM704", "not-staff", "Only staff may ask"},
    ProblemInfo{Problem::kManifestUnknown, 409, "ORM705", "manifest-unknown",
                "The site's models have changed since the token was made"},
    ProblemInfo{Problem::kNotFound, 404, "ORM706", "not-found", "There is no such thing"},
    ProblemInfo{Problem::kMethodNotAllowed, 405, "ORM707", "method-not-allowed",
                "This address has no such method"},
    ProblemInfo{Problem::kBadRequest, 400, "ORM708", "bad-request", "The request is malformed"},
    ProblemInfo{Problem::kBodyTooLarge, 413, "ORM709", "body-too-large",
                "The request's body is too large"},
    ProblemInfo{Problem::kNotJson, 415, "ORM710", "not-json", "The body must be application/json"},
    ProblemInfo{Problem::kHeadersTooLarge, 431, "ORM711", "headers-too-large",
                "The request's headers are too large"},
    ProblemInfo{Problem::kRequestTimeout, 408, "ORM712", "request-timeout",
                "The request did not arrive in time"},
    ProblemInfo{Problem::kTooManyQuestions, 429, "ORM713", "too-many-questions",
                "Too many questions in a minute"},
    ProblemInfo{Problem::kOverloaded, 503, "ORM714", "overloaded", "The server is busy"},
    ProblemInfo{Problem::kStoreUnavailable, 503, "ORM715", "store-unavailable",
                "The assistant's database does not answer"},
    ProblemInfo{Problem::kManifestInvalid, 503, "ORM716", "manifest-invalid",
                "The site's published manifest cannot be used"},
    ProblemInfo{Problem::kDeadline, 504, "ORM717", "deadline", "The answer took too long"},
    ProblemInfo{Problem::kNotPageable, 409, "ORM718", "not-pageable",
                "This message has no table to page"},
    ProblemInfo{Problem::kDisabled, 503, "ORM719", "disabled", "The assistant is switched off"},
    ProblemInfo{Problem::kKeyInFlight, 409, "ORM720", "idempotency-in-flight",
                "The question of this Idempotency-Key is being answered"},
    ProblemInfo{Problem::kKeyReused, 422, "ORM721", "idempotency-key-reused",
                "Another question was sent with this Idempotency-Key"},
    ProblemInfo{Problem::kNoPermission, 403, "ORM722", "permission-missing",
                "A permission of the assistant is missing"},
    ProblemInfo{Problem::kReaderUnsafe, 503, "ORM723", "reader-unsafe",
                "The role that reads the site's data may do more than the policy says"},
    ProblemInfo{Problem::kGrantsMissing, 503, "ORM724", "grants-missing",
                "The role that reads the site's data may not read all that the policy shows"},
    ProblemInfo{Problem::kInternal, 500, "ORM900", "internal", "A defect of the assistant"},
};

}  // namespace

const ProblemInfo& InfoOf(Problem problem) {
  const auto* row = std::find_if(kProblems.begin(), kProblems.end(),
                                 [&](const ProblemInfo& p) { return p.problem == problem; });
  Check(row != kProblems.end(), "a problem without a row");
  return *row;
}

}  // namespace ormc::server
