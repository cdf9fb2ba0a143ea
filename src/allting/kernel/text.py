"""Text in the languages of the house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils import translation
from django.utils.translation import get_language
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

LANGUAGES: Final = ("nb", "nn", "en")


_NO_CHARACTER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def written(text: str) -> str:
    """What somebody wrote, as it can be kept, sent and printed: trimmed, with ``\\n`` between lines.

    Control characters, half surrogate pairs and noncharacters (Unicode 23.7) are dropped: nobody means them, and
    PostgreSQL, JSON and PDF each refuse some of them.
    """
    return _NO_CHARACTER.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


_LAST: Final = str.maketrans({"æ": "{", "ø": "|", "å": "}"})


def alphabetical(text: Any) -> str:
    """A key to sort by in the order of the Norwegian alphabet: æ, ø and å come last, in that order."""
    return str(text).lower().translate(_LAST)


class Text:
    """One text in Bokmål (nb), Nynorsk (nn) and English (en); ``str()`` gives the reader's language."""

    __slots__ = ("_in",)

    def __init__(self, translations: Mapping[str, str]) -> None:
        missing = [code for code in LANGUAGES if not str(translations.get(code, "")).strip()]
        unknown = sorted(set(translations) - set(LANGUAGES))
        if missing or unknown:
            raise ValueError(
                "; ".join(
                    [f"missing language {code}" for code in missing] + [f"unknown language {code}" for code in unknown]
                )
            )
        self._in = {code: str(translations[code]).strip() for code in LANGUAGES}

    @classmethod
    def same(cls, text: str) -> Text:
        """A text that is the same in every language, as a name or a law's title."""
        return cls(dict.fromkeys(LANGUAGES, text))

    def in_(self, language: str) -> str:
        """The text in ``language``; an unknown language gives Bokmål."""
        return self._in.get(language.split("-")[0], self._in["nb"])

    def as_dict(self) -> dict[str, str]:
        return dict(self._in)

    def __str__(self) -> str:
        return self.in_(get_language() or "nb")

    def __html__(self) -> str:
        from django.utils.html import escape

        return escape(str(self))

    def __repr__(self) -> str:
        return f"Text({self._in['nb']!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self._in == other._in

    def __hash__(self) -> int:
        return hash(tuple(self._in.values()))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any) -> Text:
            if isinstance(value, Text):
                return value
            if isinstance(value, str):
                return cls.same(value)
            if isinstance(value, Mapping):
                return cls(value)
            raise ValueError("write the text as {nb: …, nn: …, en: …}")

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(cls.as_dict)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {code: {"type": "string"} for code in LANGUAGES},
                    "required": list(LANGUAGES),
                    "additionalProperties": False,
                },
            ]
        }


def said(words: Any, **values: Any) -> Text:
    """A translated text (``gettext_lazy``) in every language, for letters.

    ``values`` fill its ``%(name)s``; those that are Texts, or functions of no argument, follow the language.
    """
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = str(words) % {name: _in(value, language) for name, value in values.items()}
    return Text(found)


def _in(value: Any, language: str) -> str:
    return value.in_(language) if isinstance(value, Text) else str(value() if callable(value) else value)
