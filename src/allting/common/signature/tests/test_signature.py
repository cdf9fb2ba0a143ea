from uuid import uuid4

import pytest

from allting.common.signature import api as signature
from allting.common.signature.models import Signature
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Conflict, LoginNeeded


@pytest.mark.django_db
def test_signing_twice_counts_once():
    actor, reference = Actor(person=uuid4(), level=Level.SUBSTANTIAL), uuid4()
    first = signature.sign(actor, reference=reference, document=b"one", text="Jeg signerer")
    again = signature.sign(actor, reference=reference, document=b"one", text="Jeg signerer")
    with pytest.raises(Conflict):
        signature.sign(actor, reference=reference, document=b"two", text="Jeg signerer")
    assert first.pk == again.pk
    assert again.sha256 == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    other = Actor(person=uuid4(), level=Level.HIGH)
    signature.sign(other, reference=reference, document=b"one", text="Jeg signerer")
    assert [row.person for row in signature.signatures(reference)] == [actor.person, other.person]


@pytest.mark.django_db
def test_a_low_login_cannot_sign_at_high():
    with pytest.raises(LoginNeeded):
        signature.sign(
            Actor(person=uuid4(), level=Level.SUBSTANTIAL),
            reference=uuid4(),
            document=b"",
            text="x",
            level=Level.HIGH,
        )
    assert not Signature.objects.exists()
