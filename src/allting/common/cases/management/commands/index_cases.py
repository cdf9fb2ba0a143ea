"""``allting index_cases``: let cases from before there was a search by name be found by it."""

from typing import Any

from django.core.management.base import BaseCommand

from allting.common.cases import searching
from allting.common.cases.models import Case


class Command(BaseCommand):
    help = "Let every case be found by its party's name as it is now. May be stopped and run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for case in Case.objects.defer("content").order_by("id").iterator(chunk_size=1000):
            searching.index(case)
            count += 1
        self.stdout.write(f"{count} cases can be found by name.")
