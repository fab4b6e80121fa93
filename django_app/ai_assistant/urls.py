"""path("ai-assistant/", include("ai_assistant.urls"))"""

from django.urls import path
from django.views.i18n import JavaScriptCatalog

from . import views

app_name = "ai_assistant"
urlpatterns = [
    path("token", views.token, name="token"),
    path("api/<path:rest>", views.api, name="api"),
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["ai_assistant"]), name="jsi18n"),
]
