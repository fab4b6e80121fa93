"""The assistant's records in the admin: settings for superusers, the log to read, secrets masked."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from . import conf, models, secrets
from .operation import provider


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that ormd or a command writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class AIConfigForm(forms.ModelForm):
    new_api_key = forms.CharField(
        label=_("API key"),
        required=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to keep the one that is stored."),
    )
    remove_api_key = forms.BooleanField(label=_("Remove the stored key"), required=False)

    class Meta:
        model = models.AIConfig
        fields = [
            "enabled",
            "provider",
            "base_url",
            "model",
            "temperature",
            "max_tokens",
            "timeout_sec",
            "profiles",
            "limits",
        ]

    def clean(self):
        cleaned = super().clean()
        moved = "base_url" in self.changed_data and self.instance.api_key
        if moved and not cleaned.get("new_api_key") and not cleaned.get("remove_api_key"):
            # A key must not travel to an address that it was not given for.
            self.add_error("new_api_key", _("A new base URL needs its key entered anew."))
        return cleaned

    def save(self, commit=True):
        if self.cleaned_data.get("new_api_key"):
            self.instance.set_api_key(self.cleaned_data["new_api_key"])
        elif self.cleaned_data.get("remove_api_key"):
            self.instance.set_api_key("")
        return super().save(commit)


@admin.register(models.AIConfig)
class AIConfigAdmin(admin.ModelAdmin):
    form = AIConfigForm
    readonly_fields = ["api_key_masked", "updated_at"]
    fieldsets = [
        (None, {"fields": ["enabled", "provider", "base_url", "model"]}),
        (_("Key"), {"fields": ["api_key_masked", "new_api_key", "remove_api_key"]}),
        (_("Answers"), {"fields": ["temperature", "max_tokens", "timeout_sec", "profiles", "limits", "updated_at"]}),
    ]

    @admin.display(description=_("Stored key"))
    def api_key_masked(self, config):
        try:
            config.open_api_key()
        except secrets.Unreadable:
            return _("It cannot be opened any more: enter the key again.")
        return config.api_key_masked or "-"

    def get_urls(self):
        check = self.admin_site.admin_view(self.check_view)
        return [path("check/", check, name="ai_assistant_aiconfig_check"), *super().get_urls()]

    @method_decorator(require_POST)
    def check_view(self, request):
        """Asks ormd whether the provider takes key and model, and shows what it says."""
        if not self.allowed(request):
            raise PermissionDenied
        level, words = provider.check(request.user)
        self.message_user(request, words, level)
        return HttpResponseRedirect(reverse("admin:ai_assistant_aiconfig_changelist", current_app=self.admin_site.name))

    def allowed(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request):
        return self.allowed(request)

    def has_view_permission(self, request, obj=None):
        return self.allowed(request)

    def has_change_permission(self, request, obj=None):
        return self.allowed(request)

    def has_add_permission(self, request):
        return self.allowed(request) and not models.AIConfig.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        """One record: its page is the list."""
        if not self.allowed(request):
            return super().changelist_view(request, extra_context)
        config = models.AIConfig.load()
        if config._state.adding:
            config.save()
        name = "admin:ai_assistant_aiconfig_change"
        return HttpResponseRedirect(reverse(name, args=[config.pk], current_app=self.admin_site.name))


@admin.register(models.QueryLog)
class QueryLogAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "username", "phase", "state", "question", "duration_ms", "rows", "error_code"]
    list_filter = ["phase", "state", "source"]
    search_fields = ["question", "username"]
    date_hierarchy = "created_at"


@admin.register(models.ModelCall)
class ModelCallAdmin(ReadOnlyAdmin):
    """What left the deployment: superusers read it, whoever else may view the log does not."""

    list_display = ["created_at", "request_id", "ordinal", "host", "reply"]
    list_filter = ["reply"]
    search_fields = ["request_id"]
    date_hierarchy = "created_at"

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_superuser


class MessageInline(admin.TabularInline):
    model = models.Message
    fields = readonly_fields = ["role", "content", "outcome", "error_code", "created_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(models.Chat)
class ChatAdmin(ReadOnlyAdmin):
    list_display = ["title", "owner", "updated_at"]
    inlines = [MessageInline]

    def get_queryset(self, request):
        """One's own; superusers see all."""
        found = super().get_queryset(request)
        return found if request.user.is_superuser else found.filter(owner=request.user)


@admin.register(models.VerifiedQuery)
class VerifiedQueryAdmin(admin.ModelAdmin):
    list_display = ["question", "enabled", "verified_by", "verified_at"]
    list_filter = ["enabled"]
    search_fields = ["question", "snippet"]
    readonly_fields = ["verified_by", "verified_at"]

    def save_model(self, request, obj, form, change):
        from django.utils import timezone

        obj.verified_by, obj.verified_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(models.GlossaryTerm)
class GlossaryTermAdmin(admin.ModelAdmin):
    list_display = ["term", "meaning", "model"]
    search_fields = ["term", "meaning"]


@admin.register(models.Manifest, models.Policy)
class PublishedAdmin(ReadOnlyAdmin):
    list_display = ["fingerprint", "created_at"]
    exclude = ["body", "hmac"]


@admin.register(models.Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ["message", "owner", "value", "reason", "created_at"]
    list_filter = ["value"]


@admin.register(models.Favorite)
class FavoriteAdmin(ReadOnlyAdmin):
    list_display = ["title", "owner", "question", "created_at"]


@admin.register(models.Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["kind", "state", "user_id", "run_at", "attempts", "error_code"]
    list_filter = ["state", "kind"]


admin.site.register([models.StreamEvent, models.RateWindow, models.IdempotencyKey, models.LogSeal], ReadOnlyAdmin)

if not conf.enabled():
    for registered in list(admin.site._registry):
        if registered._meta.app_label == "ai_assistant":
            admin.site.unregister(registered)


def register(site):
    """The same pages on an AdminSite of the project's own."""
    for model, page in list(admin.site._registry.items()):
        if model._meta.app_label == "ai_assistant" and not site.is_registered(model):
            site.register(model, type(page))
