"""Is the log sealed, and does the newest part of it fit its seals?"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from allting.common.audit.models import Entry
from allting.kernel.findings import Finding, ok, warning


def fresh() -> Iterator[Finding]:
    oldest = Entry.objects.filter(seal=None).order_by("id").values_list("at", flat=True).first()
    if oldest and timezone.now() - oldest > timedelta(minutes=10):
        yield warning("log", "entries have not been sealed for more than ten minutes", "start `allting worker`")
    else:
        yield ok("log", "sealed; `allting audit verify` reads it all")


CHECKS = (fresh,)
