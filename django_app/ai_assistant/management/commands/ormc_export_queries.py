from pathlib import Path

from django.core.management.base import BaseCommand

from ai_assistant import query_files


class Command(BaseCommand):
    help = "Writes the verified queries as files for `ormc --check`, and takes away those that it wrote before."

    def add_arguments(self, parser):
        parser.add_argument("folder", help="such as ormc/queries, kept with the site's code")

    def handle(self, *args, folder, **options):
        written, gone = query_files.export(Path(folder))
        self.stdout.write(f"{written} queries in {folder}" + (f", {gone} taken away" if gone else ""))
