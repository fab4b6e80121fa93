from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from .models import Book, Member


class Office(admin.AdminSite):
    site_header = "The library's office"


office = Office(name="office")
office.register(Member, UserAdmin)
office.register(Book)
