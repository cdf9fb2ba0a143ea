"""The page and the operation that check a document: plain words, nothing kept, and clear refusals."""

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allting.common.signature import api as signature
from allting.common.signature import authority, sealing
from allting.common.signature.xades import File
from allting.kernel import pki
from allting.kernel.actor import Level

pytestmark = pytest.mark.django_db
PDF = typst.compile(b"#set document(title: [Vedtak])\n= Vedtak")


def asked(data, name="vedtak.pdf", path="/verify"):
    return Client().post(path, {"document": SimpleUploadedFile(name, data)}, headers={"accept-language": "en"})


def words(response):
    return response.content.decode()


def test_a_valid_document_is_told_in_plain_words():
    bearer = authority.for_signer(pki.name("Kari Prøve"), Level.HIGH)
    once = sealing.sign(PDF, bearer, field="Signer-1", reason="Jeg erklærer", name="Kari Prøve")
    page = asked(signature.seal(once, "Mottatt"))
    assert page.status_code == 200 and page["Cache-Control"] == "private, no-store"
    for text in ("nothing has been changed since", "Kari Prøve", "at a high level", "Allting Seal", "Jeg erklærer"):
        assert text in words(page), text


def test_a_changed_document_is_not_to_be_trusted():
    sealed = bytearray(signature.seal(PDF, "Vedtak"))
    place = sealed.index(b"/Producer") if b"/Producer" in sealed else 700
    sealed[place + 1] ^= 1
    page = asked(bytes(sealed))
    assert "nothing has been changed since" not in words(page)
    assert "Do not trust this document" in words(page) or page.status_code == 422


def test_an_unsigned_document_is_not_called_wrong():
    page = asked(PDF)
    assert page.status_code == 200 and "The document is not signed" in words(page)


def test_a_container_lists_its_files():
    made = signature.container([File("søknad.pdf", "application/pdf", PDF)])
    assert "søknad.pdf" in words(asked(made, "alt.asice"))


@pytest.mark.parametrize("path", ["/verify", "/api/verify"])
def test_refusals_say_why(path, settings):
    assert "neither a PDF nor a container" in words(asked(b"text", path=path))
    settings.UPLOAD_MAX_MB = 0
    page = asked(PDF, path=path)
    assert page.status_code in (413, 422) and "larger than 0 MB" in words(page)


def test_no_file_is_asked_for():
    page = Client().post("/verify", headers={"accept-language": "en"})
    assert page.status_code == 422 and "Choose the document you want to check" in words(page)
    assert Client().post("/api/verify").status_code == 422


def test_over_rest():
    found = asked(signature.seal(PDF, "Vedtak"), path="/api/verify").json()
    (one,) = found["signatures"]
    assert (found["kind"], found["valid"], one["by"], one["stamped"], one["fault"]) == (
        "pdf",
        True,
        "platform",
        True,
        "",
    )


def test_nothing_is_kept():
    sealed = signature.seal(PDF, "Vedtak")
    with CaptureQueriesContext(
        connection,
    ) as made:
        asked(sealed)
    assert not [one["sql"] for one in made if one["sql"].startswith(("INSERT", "UPDATE"))]


def test_a_name_cannot_write_on_the_page():
    assert b"<script>alert" not in asked(PDF, "<script>alert(1)</script>.pdf").content
