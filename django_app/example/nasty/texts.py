"""Articles: texts in three languages, their search vectors, marks in hstore."""

from django.contrib.postgres.search import SearchVector
from django.db.models import F

from nasty.models import Article

TITLES = ["Fat cats", "fat cat", "Category", "Café", "cafe", "Häuser", "100%", "rat"]
TEXTS = [
    "The fat cats sat on the mat and ate the rats",
    "A rat sits; the cat's owner is sitting, too",
    "Die Häuser der Stadt, das Haus am See",
    "Café Élysée: a naïve résumé of cafés",
    "cafe elysee",
    "50% of 'quotes' & \\slashes | (bars)!",
    "",
]
MARKS = [None, {}, {"a": "b"}, {"a": None, "b": "2"}, {"A": "b", "a": "%"}, {"ключ": 'x"y', "": "empty"}]


def make_articles(source, places):
    source.insert(
        Article,
        [
            Article(
                title=source.pick(TITLES),
                body=source.maybe(source.pick(TEXTS), 0.15),
                language=source.pick(["simple", "english", "english", "german"]),
                marks=source.pick(MARKS),
                about=source.maybe(source.pick(places), 0.3),
            )
            for _ in range(source.count(48, 12))
        ],
    )
    language = F("language")
    words = SearchVector("title", weight="A", config=language) + SearchVector("body", config=language)
    Article.objects.exclude(title="rat").update(words=words)
