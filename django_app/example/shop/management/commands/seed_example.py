"""Fills the example site: deterministic in seed, scale and clock, so that every answer can be foretold."""

import datetime

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from shop import chance, seeding


class Command(BaseCommand):
    help = "Empties and fills the tables of the example apps with data that hit predicates."

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=float, default=1.0, help="1 is 300 users")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--now", help="ISO 8601; the clock that 'today' is relative to")

    def handle(self, *args, scale, seed, now, **options):
        moment = parse_datetime(now) if now else timezone.now()
        if moment is None:
            raise CommandError(f"--now is not ISO 8601: {now}")
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        moment = moment.astimezone(datetime.timezone.utc)
        with transaction.atomic():
            source = chance.Source(seed, scale, moment)
            seeding.fill(source)
            if apps.is_installed("nasty"):
                from nasty import seeding as nasty_seeding

                nasty_seeding.fill(source)
            if apps.is_installed("keyed"):
                from keyed import seeding as keyed_seeding

                keyed_seeding.fill(source)
        if options["verbosity"]:
            rows = sum(source.made.values())
            self.stdout.write(f"seeded {rows} rows in {len(source.made)} tables")
