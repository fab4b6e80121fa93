"""Every way in which a ModelAdmin narrows what its pages show."""

from django import forms
from django.contrib import admin

from . import models


@admin.register(models.Company)
class CompanyAdmin(admin.ModelAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request).filter(members=request.user)


@admin.register(models.Contract)
class ContractAdmin(admin.ModelAdmin):
    exclude = ["margin"]

    def get_queryset(self, request):
        qs = super().get_queryset(request)
        if request.user.is_superuser:
            return qs
        return qs.filter(tenant__members=request.user)


@admin.register(models.Invoice)
class InvoiceAdmin(admin.ModelAdmin):
    def get_queryset(self, request):
        tenants = request.user.tenants.all()
        return super().get_queryset(request).filter(contract__tenant__in=tenants)


@admin.register(models.Memo)
class MemoAdmin(admin.ModelAdmin):
    def get_queryset(self, request):
        qs = super().get_queryset(request)
        return qs if request.user.is_superuser else qs.filter(owner=request.user)

    def get_exclude(self, request, obj=None):
        return ["mood"]


@admin.register(models.Task)
class TaskAdmin(admin.ModelAdmin):
    fields = ["code", ("note", "hours")]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(deleted=True)


@admin.register(models.Salary)
class SalaryAdmin(admin.ModelAdmin):
    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(models.Secret)
class SecretAdmin(admin.ModelAdmin):
    def get_queryset(self, request):
        tenants = [tenant.pk for tenant in request.user.tenants.all()]
        return super().get_queryset(request).filter(tenant__in=tenants)


class FirstAlone(forms.ModelForm):
    class Meta:
        fields = ["code", "first"]


class NotSecond(forms.ModelForm):
    class Meta:
        exclude = ["second"]


@admin.register(models.ByFields)
class ByFields(admin.ModelAdmin):
    fields = ["code", "first"]


@admin.register(models.ByFieldsets)
class ByFieldsets(admin.ModelAdmin):
    fieldsets = [(None, {"fields": ["code"]}), ("More", {"fields": [("first",)]})]


@admin.register(models.ByForm)
class ByForm(admin.ModelAdmin):
    form = FirstAlone


@admin.register(models.ByFormExclude)
class ByFormExclude(admin.ModelAdmin):
    form = NotSecond


@admin.register(models.ByGetFields)
class ByGetFields(admin.ModelAdmin):
    def get_fields(self, request, obj=None):
        return ["code", "first", *(["second"] if request.user.is_superuser else [])]


@admin.register(models.ByGetFieldsets)
class ByGetFieldsets(admin.ModelAdmin):
    def get_fieldsets(self, request, obj=None):
        names = ["code", "first", *(["second"] if request.user.is_superuser else [])]
        return [(None, {"fields": names})]


@admin.register(models.ByGetForm)
class ByGetForm(admin.ModelAdmin):
    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.base_fields.pop("second", None)
        return form


@admin.register(models.ByGetExclude)
class ByGetExclude(admin.ModelAdmin):
    def get_exclude(self, request, obj=None):
        return () if request.user.is_superuser else ("second",)


@admin.register(models.ByGetListDisplay)
class ByGetListDisplay(admin.ModelAdmin):
    exclude = ["second"]
    list_display = ["code", "second"]

    def get_list_display(self, request):
        return self.list_display if request.user.is_superuser else ["code"]


@admin.register(models.Listed)
class Listed(admin.ModelAdmin):
    exclude = ["second"]
    list_display = ["code", "second"]


admin.site.register([models.File, models.Label])
