from django.contrib import admin

from . import models


@admin.register(models.Question)
class QuestionAdmin(admin.ModelAdmin):
    """A row rule of the admin's own: staff see the questions that are about a flight."""

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found if request.user.is_superuser else found.filter(flight__isnull=False)


admin.site.register([models.Document, models.Person])
