"""Letters as tagged PDF/UA-1, by typst; what is signed is PDF/A-2a too.

What people wrote goes in as data and is never read as markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from django.utils import formats, timezone, translation
from django.utils.translation import gettext

_TEMPLATE = Path(__file__).with_name("letter.typ")
_turn = Lock()  # the compiler keeps its caches between letters and takes one at a time
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_SQUARE = "\u25a1"


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), ignore_system_fonts=True)


def pdf_of(content: dict[str, Any], *, lasting: bool = False) -> bytes:
    """The PDF of a letter's data (title, language, blocks, and the frame when there is one).

    ``lasting``: also PDF/A-2a (ISO 19005-2), made to be kept.
    """
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
        return _compiled(json.dumps(data, ensure_ascii=False), ["a-2a", "ua-1"] if lasting else ["ua-1"])


def _compiled(letter: str, standards: list[Any]) -> bytes:
    """PDF/UA wants a glyph for every character, and no font has them all. What somebody wrote must not stop her
    letter: it is printed with squares, and the letter's page and the case show what was written.

    Raises typst.TypstError for anything else.
    """
    try:
        made = _compiler().compile(format="pdf", sys_inputs={"letter": letter}, pdf_standards=standards)
    except typst.TypstError as error:
        shown = _squared(letter, _MISSING.findall(error.diagnostic))
        if shown == letter:
            raise
        return _compiled(shown, standards)
    assert isinstance(made, bytes)
    return made


def _squared(letter: str, missing: list[str]) -> str:
    """``letter`` without what has no glyph: first without marks and joiners on it, then with a square in its place."""
    for escaped in missing:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), escaped)
        bare = "".join(one for one in text if unicodedata.category(one)[0] not in "MC")
        letter = letter.replace(text, bare if bare != text else _SQUARE)
    return letter
