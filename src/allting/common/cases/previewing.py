"""A service's pages as they would be asked, from a definition that nobody has published; no draft is made."""

from __future__ import annotations

from django.utils import timezone
from uuid6 import uuid7

from allting.common.cases.drafts import Form
from allting.common.cases.forms import Question, questions
from allting.common.catalogue import api as catalogue


def preview_pages(published: catalogue.Published) -> list[tuple[catalogue.Page, list[Question]]]:
    """Each page with its questions, filled in as in the file's first example; one not called for has none."""
    example = published.service.examples[0]
    form = Form(uuid7(), published, dict(example.given), catalogue.as_known(example.known), [], 0, timezone.now(), None)
    return [(page, questions(form, page, None, {})) for page in published.service.asks]
