from django.urls import path

from library.admin import office

urlpatterns = [path("admin/", office.urls)]
