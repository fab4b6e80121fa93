"""What needs extensions of PostgreSQL: hstore, and columns that are searched."""

from django.contrib.postgres.fields import HStoreField
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Article(models.Model):
    title = models.CharField(max_length=120)
    body = models.TextField(null=True, blank=True)
    language = models.CharField(max_length=20, default="simple")
    words = SearchVectorField(null=True, blank=True)
    marks = HStoreField(null=True, blank=True)
    about = models.ForeignKey("nasty.Place", on_delete=models.SET_NULL, null=True, blank=True, related_name="articles")
