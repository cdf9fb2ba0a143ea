"""Pages in a year whose figures nobody has entered: they say so, or show what is known; none breaks."""

import re
from datetime import datetime

import pytest
import time_machine

from allting.common.cases.tests.factories import client_of
from allting.common.catalogue import api as catalogue
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Level
from allting.kernel.rules import every
from allting.sectors.pension.tests import factories as pension

NIGHT = "2033-01-01T00:30+01:00"  # in UTC it is last year still
LINK = re.compile(r'href="(/[^"#]*)"')


@pytest.mark.django_db
@pytest.mark.parametrize("day", [NIGHT, "2034-02-28T12:00+01:00"])
def test_no_page_breaks(day):
    people.municipality()
    for name in ("nav", "skatteetaten", "politiet"):
        people.state(name)
    person = people.person()
    pension.earned(person)
    with time_machine.travel(datetime.fromisoformat(day), tick=True):
        browser = client_of(person, level=Level.HIGH)
        own = {path for path in LINK.findall(browser.get("/my").content.decode()) if path.startswith("/my")}
        offered = {f"/services/{one.service.service}" for one in catalogue.services()}
        paths = own | offered | {f"/rules/{one.name}" for one in every()} | {"/rules", "/rules/what-if"}
        answers = {path: browser.get(path, follow=True).status_code for path in sorted(paths)}
    broken = {path: status for path, status in answers.items() if status != 200}
    assert len(own) > 10 and broken == {}
