"""Letters as tagged PDF/UA-1, by typst. What people wrote goes in as data and is never read as markup."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from django.utils import formats, timezone, translation
from django.utils.translation import gettext

_TEMPLATE = Path(__file__).with_name("letter.typ")
_turn = Lock()  # the compiler keeps its caches between letters and takes one at a time


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), ignore_system_fonts=True)


def pdf_of(content: dict[str, Any]) -> bytes:
    """The PDF of a letter's data (title, language, blocks, and the frame when there is one)."""
    with translation.override(content["language"]):
        data = content | {
            "date": formats.date_format(timezone.localdate(), "DATE_FORMAT"),
            "words": {
                "date": gettext("Date"),
                "case": gettext("Case number"),
                "appeal": gettext("Your right to appeal"),
                "to": gettext("To"),
            },
        }
    with _turn:
        made = _compiler().compile(format="pdf", sys_inputs={"letter": json.dumps(data)}, pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made
