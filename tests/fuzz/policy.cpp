// A policy, and after a line `---` the user who asks, as any bytes over the shop's manifest: errors
// that name the document, or scopes that show nothing of what the policy names as hidden, and under
// which no snippet of a fixed list is answered with it.
#include "compiler/policy/policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "compiler/base/check.h"
#include "compiler/pipeline/compile.h"
#include "compiler/pipeline/row_check.h"
#include "tests/fuzz/answer_rules.h"
#include "tests/fuzz/scope_rules.h"
#include "tests/fuzz/shop.h"

namespace {

using ormc::policy::Policy;
using ormc::policy::User;
using ormc::policy::Writer;

constexpr std::string_view kBetween = "\n---\n";

// What a policy may hide is named in each, rightly or as a misspelling that asks for a suggestion.
constexpr std::string_view kSnippets[] = {
    "result = Customer.objects.filter(email__contains='a').order_by('rating').values('name', "
    "'city')",
    "result = Order.objects.values('customer__name').annotate(n=Count('id'), t=Sum('total'))",
    "result = Order.objects.filter(customer__referrals__user__password__startswith='a').count()",
    "result = [(g.name, g.wrapping, g.product_ptr_id) for g in Gift.objects.filter(stock__gt=1)]",
    "result = Product.objects.exclude(tags__name='x').annotate(n=Max('orderline__price')).first()",
    "result = Session.objects.aggregate(n=Max('session_data'))",
    "result = [c.order_set.all() for c in Customer.objects.select_related('user')]",
    "result = Order.objects.filter(note_='x')",
    "result = Product.objects.order_by('skuu').values('prize')",
    "result = Costumer.objects.count()",
    "result = Order.objects.first().totl",
};

// Of a policy only what hides: the rest of it may take away from this, never add to it.
Policy OnlyHiding(const Policy& policy) {
  Policy hiding;
  hiding.default_hidden = policy.default_hidden;
  hiding.hidden = policy.hidden;
  return hiding;
}

// Without the right to view a model nothing of it is found.
void CheckRights(const User& user, const ormc::manifest::ScopedManifest& scope) {
  if (user.superuser) return;
  for (const auto& model : scope.manifest().models) {
    if (!model->auto_created.empty()) continue;
    ormc::Check(std::ranges::count(user.view, model->label) != 0 ||
                    scope.FindModel(model->label) == nullptr,
                "only what the user may view is found");
  }
}

void CheckAnswers(const User& user, const Policy& policy,
                  const ormc::manifest::ScopedManifest& scope) {
  const ormc::fuzz::Secrets secrets(ormc::fuzz::Shop(), policy, user);
  for (const std::string_view snippet : kSnippets) {
    const auto compiled = ormc::pipeline::Compile(snippet, scope, {});
    ormc::fuzz::CheckDiagnostics(snippet, compiled);
    ormc::fuzz::CheckSaid(snippet, secrets, compiled);
    // A site's rule may ask for what the user does not see.
    if (policy.rows.empty()) ormc::fuzz::CheckRead(secrets, compiled);
  }
}

void CheckUser(const User& user, const Policy& policy) {
  const auto most = ormc::policy::BuildScope(ormc::fuzz::Shop(), OnlyHiding(policy));
  const auto person = ormc::policy::BuildScope(ormc::fuzz::Shop(), policy, Writer::kPerson);
  const auto model = ormc::policy::BuildScope(ormc::fuzz::Shop(), policy, Writer::kModel);
  ormc::Check(person && model, "whoever writes, the policy fits or does not");
  const auto asked = ormc::policy::SeenBy(user, policy, *person);
  const auto told = ormc::policy::SeenBy(user, policy, *model);
  CheckRights(user, asked);
  CheckAnswers(user, policy, asked);
  ormc::fuzz::CheckWithin(asked, *most);
  ormc::fuzz::CheckWithin(told, asked);
  ormc::fuzz::CheckHidden(told, policy.told.except);
  for (const auto* scope : {&*person, &asked, &told}) {
    ormc::fuzz::CheckNames(*scope);
    ormc::fuzz::CheckHidden(*scope, policy.hidden);
    if (!policy.default_hidden) continue;
    ormc::fuzz::CheckHidden(*scope,
                            ormc::policy::DefaultHidden(ormc::fuzz::Shop().auth_user_model));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t end = text.find(kBetween);
  const auto policy = ormc::policy::LoadPolicy(text.substr(0, end));
  if (!policy) {
    ormc::Check(policy.error().message.starts_with("policy: "), "an error names the policy");
    return 0;
  }
  const auto fits = ormc::policy::BuildScope(ormc::fuzz::Shop(), *policy);
  if (!fits) {
    ormc::Check(fits.error().message.starts_with("policy: "), "an error names the policy");
    return 0;
  }
  if (const auto wrong = ormc::pipeline::WrongRows(ormc::fuzz::Shop(), *policy)) {
    ormc::Check(wrong->message.starts_with("policy: "), "an error names the policy");
    return 0;
  }
  User root;
  root.superuser = true;
  CheckUser(root, *policy);
  if (end == std::string_view::npos) return 0;
  const auto user = ormc::policy::LoadUser(text.substr(end + kBetween.size()));
  if (user) {
    CheckUser(*user, *policy);
  } else {
    ormc::Check(user.error().message.starts_with("user: "), "an error names the user");
  }
  return 0;
}
