"""What a service's page says of who decides, and when."""

import pytest
from django.test import Client

from allting.common.catalogue import api as catalogue
from allting.common.catalogue.kinds.composed import _show_row

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("slug", "decides", "soon"),
    [
        ("vat-return", "Datamaskinen, etter faste regler", True),
        ("social-assistance", "En saksbehandler; en datamaskin regner, etter faste regler", False),
        ("kindergarten-place", "En saksbehandler", False),
    ],
)
def test_a_computer_is_said_to_decide_only_where_it_does(slug, decides, soon):
    page = Client().get(f"/services/{slug}").content.decode()
    assert f"<dd>{decides}" in page and ("Vanligvis med en gang" in page) is soon


def test_a_question_in_a_table_has_one_mark():
    field = catalogue.service("social-assistance").service.fields["adults"]
    said = _show_row(field, {"name": "Kari", "relation": "partner"}, {})
    assert ":" in said and "?:" not in said
