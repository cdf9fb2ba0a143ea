"""The stage the benchmarks share: a throw-away SQLite installation with a parent who has cases and letters."""

from __future__ import annotations

import os
import tempfile
from typing import Any

FOLDER = tempfile.mkdtemp(prefix="allting-bench-")
os.environ.update({"ALLTING_DATA": FOLDER, "ALLTING_DEMO": "1", "LOG_LEVEL": "ERROR"})
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allting.site.settings")


def settings() -> None:
    """Django with its settings, without a database."""
    import django

    django.setup()


def set_up() -> Any:
    """Migrate, and make the parent with five cases, three letters and two drafts; returns her browser."""
    settings()
    from django.core.management import call_command
    from django.test import Client

    from allting.common.cases.tests import factories as cases
    from allting.common.registers.tests import factories as people

    call_command("migrate", verbosity=0)
    for slug in ("nav", "nav-klageinstans", "statsforvalteren"):
        people.state(slug)
    people.municipality()
    parent = people.person()
    child = people.child_of(parent)
    browser: Client = cases.client_of(parent)
    answers = {"child": {"child": str(child.pk), "alone": "no", "abroad": "no"}}
    for _case in range(3):
        cases.send(browser, "child-benefit", answers)
    pages = cases.KINDERGARTEN | {"place": cases.KINDERGARTEN["place"] | {"child": str(child.pk)}}
    for _case in range(2):
        cases.send(browser, "kindergarten-place", pages)
    cases.work()
    browser.draft = ""  # type: ignore[attr-defined]
    for _draft in range(2):
        browser.draft = cases.begin(browser, "kindergarten-place")  # type: ignore[attr-defined]
        cases.fill_in(browser, browser.draft, {"place": pages["place"]})  # type: ignore[attr-defined]
    browser.parent, browser.child = parent, child  # type: ignore[attr-defined]
    return browser
