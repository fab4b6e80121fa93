"""A schema that collects what makes Django's meaning hard; no site looks like this, each has a part of it."""

from .keys import Airport, Answer, City, Country, Flight, Locker, Passport, Question
from .people import Celebrity, Club, Membership, Note, Person
from .places import Pizzeria, Place, Restaurant
from .tables import Alive, Ledger, LedgerTotal, Secretive
from .texts import Article
from .values import Booking, Document, Gadget

__all__ = [
    "Airport",
    "Alive",
    "Answer",
    "Article",
    "Booking",
    "Celebrity",
    "City",
    "Club",
    "Country",
    "Document",
    "Flight",
    "Gadget",
    "Ledger",
    "LedgerTotal",
    "Locker",
    "Membership",
    "Note",
    "Passport",
    "Person",
    "Pizzeria",
    "Place",
    "Question",
    "Restaurant",
    "Secretive",
]
