from django.contrib import admin

from . import models


@admin.register(models.Person)
class PersonAdmin(admin.ModelAdmin):
    """A row rule that is expressible: staff see the people that have a boss."""

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found if request.user.is_superuser else found.filter(boss__isnull=False)


admin.site.register(models.Document)
