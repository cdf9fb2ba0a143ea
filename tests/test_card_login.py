"""The national ID card from the register's own authority logs in, until it is blocked."""

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from django.db import transaction

from allting.common.identity.models import SignOn
from allting.common.identity.providers.idcard.tests.cards import as_nginx_sends
from allting.common.identity.tests.test_eid_suite import begin
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Level
from allting.sectors.idcard import api as idcard
from allting.sectors.idcard import revocation
from allting.sectors.idcard.bureaus import demo
from allting.sectors.idcard.tests import factories as cards

pytestmark = pytest.mark.django_db(transaction=True)  # the list of blocked cards is published when it is committed
SECRET = "only the proxy knows"


@pytest.fixture(autouse=True)
def authority(settings, tmp_path):
    cards.authority(settings, tmp_path)
    revocation.refresh()  # as the worker does before there is any card
    settings.EID_PROVIDERS, settings.ID_CARD_PROXY_SECRET = ["idcard"], SECRET


def read(client, card, use="auth"):
    """The browser reads the card, and the proxy sends its certificate on."""
    file = (demo.folder() / f"{card.number}-{use}.p12").read_bytes()
    _key, certificate, _more = pkcs12.load_key_and_certificates(file, demo.PIN)
    url = begin(client, Level.HIGH)
    client.get(url)
    headers = {"X-Client-Cert": as_nginx_sends(certificate), "X-Card-Proxy-Secret": SECRET}
    return client.get(url.replace("/id/eid?", "/id/eid/idcard/read?"), headers=headers)


def test_a_card_in_use_logs_its_holder_in_at_high(client):
    kari = make.person()
    answer = read(client, cards.in_use(kari))
    assert "code=" in answer["Location"]
    row = SignOn.objects.get()
    assert (row.person, row.level, row.method) == (kari.pk, Level.HIGH, "IDCard")


def test_its_other_key_signs_and_does_not_log_in(client):
    assert read(client, cards.in_use(make.person()), "sign").status_code == 422


def test_a_card_on_its_way_or_blocked_does_not_log_in(client):
    kari = make.person()
    card = cards.made(kari)
    assert read(client, card).status_code == 422
    idcard.hand_over(cards.at_work(cards.officer()), card.pk, card.number)
    cards.work()
    with transaction.atomic():
        idcard.block(cards.actor(kari), card.pk, "stolen")
    cards.work()
    assert read(client, card).status_code == 422
    assert not SignOn.objects.exists()
