#include <array>
#include <string>

#include "compiler/policy/policy.h"

namespace ormc::policy {
namespace {

// Secrets by which somebody could log in, impersonate or decrypt, and copies of rows that would
// show a hidden column again.  An app that a site does not use costs nothing here.
constexpr std::array kHidden = {
    // Django
    "auth.User.password",
    "sessions.Session",
    // Django REST framework and its token packages
    "authtoken.Token",
    "authtoken.TokenProxy",
    "knox.AuthToken",
    "token_blacklist.OutstandingToken",
    "token_blacklist.BlacklistedToken",
    "rest_framework_api_key.APIKey",
    "django_rest_passwordreset.ResetPasswordToken",
    // Second factors
    "otp_totp.TOTPDevice",
    "otp_hotp.HOTPDevice",
    "otp_static.StaticDevice",
    "otp_static.StaticToken",
    "otp_email.EmailDevice",
    "otp_twilio.TwilioSMSDevice",
    "otp_yubikey.RemoteYubikeyDevice",
    "otp_yubikey.YubikeyDevice",
    "otp_yubikey.ValidationService",
    "otp_webauthn.WebAuthnCredential",
    "two_factor.PhoneDevice",
    "phonenumber.PhoneDevice",
    "mfa.Authenticator",
    "django_mfa2.User_Keys",
    // Log-in through others
    "social_django.UserSocialAuth.extra_data",
    "social_django.Association",
    "social_django.Nonce",
    "social_django.Code",
    "social_django.Partial",
    "account.EmailConfirmation",
    "socialaccount.SocialToken",
    "socialaccount.SocialApp.secret",
    "socialaccount.SocialApp.key",
    "socialaccount.SocialApp.settings",
    "socialaccount.SocialAccount.extra_data",
    "usersessions.UserSession",
    "mozilla_django_oidc.Token",
    // We as the provider
    "oauth2_provider.Application.client_secret",
    "oauth2_provider.AccessToken",
    "oauth2_provider.RefreshToken",
    "oauth2_provider.IDToken",
    "oauth2_provider.Grant",
    "oidc_provider.Client.client_secret",
    "oidc_provider.Code",
    "oidc_provider.Token",
    "oidc_provider.RSAKey",
    // Copies of rows and of requests
    "reversion.Version.serialized_data",
    "auditlog.LogEntry.changes",
    "auditlog.LogEntry.changes_text",
    "auditlog.LogEntry.serialized_data",
    "easyaudit.CRUDEvent.object_json_repr",
    "easyaudit.CRUDEvent.changed_fields",
    "axes.AccessAttempt.get_data",
    "axes.AccessAttempt.post_data",
    "silk.Request",
    "silk.Response",
    "silk.SQLQuery",
};

}  // namespace

std::vector<std::string> DefaultHidden(std::string_view auth_user_model) {
  std::vector<std::string> hidden(kHidden.begin(), kHidden.end());
  if (auth_user_model != "auth.User") {
    hidden.push_back(std::string(auth_user_model) + ".password");
  }
  return hidden;
}

}  // namespace ormc::policy
