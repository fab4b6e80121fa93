from django.contrib import admin

from . import models


class OrderLineInline(admin.TabularInline):
    model = models.OrderLine
    extra = 0
    raw_id_fields = ["product"]


@admin.register(models.Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["__str__", "customer", "status", "placed_at", "total"]
    list_filter = ["status", "priority"]
    list_select_related = ["customer"]
    raw_id_fields = ["customer", "handled_by"]
    date_hierarchy = "placed_at"
    inlines = [OrderLineInline]


@admin.register(models.Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ["name", "city", "country", "vip", "created_at"]
    list_filter = ["country", "vip"]
    search_fields = ["name", "email"]
    raw_id_fields = ["user", "referred_by"]


@admin.register(models.Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "sku", "category", "price", "stock", "active"]
    list_filter = ["active", "category"]
    search_fields = ["name", "sku"]


@admin.register(models.Profile)
class ProfileAdmin(admin.ModelAdmin):
    list_display = ["user", "avatar", "newsletter"]
    raw_id_fields = ["user"]


for model in (
    models.Category,
    models.Coupon,
    models.Payment,
    models.Review,
    models.Shipment,
    models.Supplier,
    models.Tag,
):
    admin.site.register(model)
