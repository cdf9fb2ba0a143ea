"""What was decided on is what is carried out: a fact that an officer corrected reaches the register too."""

from __future__ import annotations

import pytest
from django.utils import timezone

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db


def test_an_address_corrected_after_an_appeal_is_the_one_registered(molde):
    tax, _above = people.state("skatteetaten"), people.state("skattedirektoratet")
    siri = people.person()
    today = timezone.localdate().isoformat()
    where = {"street": "Postboks 12", "postcode": "6411", "place": "Molde", "municipality": "1506"}
    case = send(client_of(siri), "change-of-address", {"address": where | {"moved_on": today}})
    work()
    row = Case.objects.get(pk=case)
    assert row.outcome == "refused"
    client_of(siri).post(f"/my/cases/{case}/appeal", {"why": "Jeg bor i Storgata 9."})
    office = client_of(people.officer_in(tax), as_officer_of=tax.pk)
    row.refresh_from_db()
    form = {"revision": row.revision, "reverse_grounds": "Rett gate.", "fact-street": "Storgata 9"}
    assert office.post(f"/office/cases/{case}/reverse", form).status_code == 302
    row.refresh_from_db()
    assert row.outcome == "granted"
    siri.refresh_from_db()
    assert (siri.address.street, siri.address.place) == ("Storgata 9", "Molde")
