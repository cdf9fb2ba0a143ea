"""The part of an application that somebody else fills in: her answers, in a document of her own that she signs together
with the one that all sign. She and the authority read it; the applicant and the others who sign do not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from allting.common.cases import paper, shown
from allting.common.cases.drafts import Form
from allting.common.cases.models import Case, Signer
from allting.common.catalogue import api as catalogue
from allting.common.signature import api as signature
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.problems import Invalid

Typed = Mapping[str, list[str]]


def reference(row: Signer) -> UUID:
    """Under which her own document is signed, journalled and archived."""
    return uuid5(row.case_id, f"part:{row.person}")


def form(row: Signer) -> Form | None:
    """Her questions; None when she only signs. One whose signature is needed because the applicant cannot bind the
    enterprise alone is not one of those the questions are for."""
    published = catalogue.at(row.case.service, row.case.digest)
    if row.either or published.service.part is None:
        return None
    alone = replace(published, service=published.service.part)
    whose = Party("person", row.person)
    return Form(reference(row), alone, {}, {}, [], 0, row.case.submitted, None, whose)


def fill(asked: Form, typed: Typed) -> tuple[Form, dict[str, Any]]:
    """The form with what could be read, and what could not, by field. Nothing is kept."""
    answers: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for page in asked.service.asks:
        reading = catalogue.read(asked.service, page, typed, answers, {}, asked.day)
        answers |= reading.answers
        errors |= reading.errors
    return replace(asked, answers=answers), errors


def read(row: Signer, typed: Typed) -> dict[str, Any] | None:
    """Her answers; None when she only signs. Raises Invalid by field."""
    asked = form(row)
    if asked is None:
        return None
    filled, errors = fill(asked, typed)
    if errors:
        raise Invalid(errors={name: [text] for name, text in errors.items()})
    return filled.answers


def sign(actor: Actor, row: Signer, answers: dict[str, Any], over: bytes, text: Any, level: Level) -> UUID:
    """Keep her answers sealed, with her signature under them; ``over``: the application as she signs it. Returns the
    document's reference. The caller saves the row, in the same transaction."""
    row.part = seal_json(answers, _context(row))
    digest = sha256(over).hexdigest()
    whole = {"case": str(row.case_id), "person": str(row.person), "application": digest, "answers": answers}
    signature.sign(
        actor, reference=reference(row), text=str(text), level=level,
        document=json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(),
        paper=lambda: paper.of_part(row.case, _service(row.case), pages(row), actor.name, digest, text, actor.language),
    )  # fmt: skip
    return reference(row)


def pages(row: Signer) -> shown.Pages:
    """What she filled in, as its reader reads it; empty when nothing."""
    asked = form(row) if row.part else None
    if asked is None or row.part is None:
        return []
    answers = unseal_json(bytes(row.part), _context(row))
    return shown.answers(asked.service, {"answers": answers, "known": {}}, [])


def document(row: Signer) -> bytes | None:
    """What she filled in as she signed it (PDF/A with PAdES); None when nothing."""
    return signature.document(reference(row)) if row.part else None


def _service(case: Case) -> catalogue.Service:
    return catalogue.at(case.service, case.digest).service


def _context(row: Signer) -> str:
    return f"part:{row.case_id}:{row.person}"
