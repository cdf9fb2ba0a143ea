"""What the keys of a service file are called. A key that is not here is shown by its own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KEYS: Final[Mapping[str, Any]] = {
    "about": gettext_lazy("More about it"),
    "also": gettext_lazy("Who else signs"),
    "appeal": gettext_lazy("Appeal"),
    "asks": gettext_lazy("Pages of questions"),
    "audience": gettext_lazy("Who it is for"),
    "basis": gettext_lazy("Legal basis"),
    "because": gettext_lazy("What she is told"),
    "checks": gettext_lazy("What must hold among the answers"),
    "claims_back": gettext_lazy("Paragraph that claims back what was paid too much"),
    "class": gettext_lazy("Archive class"),
    "columns": gettext_lazy("Columns"),
    "computes": gettext_lazy("What follows from the answers"),
    "corrects": gettext_lazy("Registers whose mistakes are reported here"),
    "confirm": gettext_lazy("Who confirms what the rule counts"),
    "costs": gettext_lazy("What it costs, in words"),
    "deadline": gettext_lazy("Time for the answer"),
    "deadline_if": gettext_lazy("Other times for the answer"),
    "decide": gettext_lazy("Who decides"),
    "do": gettext_lazy("What is done"),
    "effect": gettext_lazy("What it changes elsewhere"),
    "ends_with": gettext_lazy("Whose death or move abroad ends it"),
    "examples": gettext_lazy("Examples"),
    "fee": gettext_lazy("Fee"),
    "field": gettext_lazy("At which question"),
    "fields": gettext_lazy("Questions"),
    "from": gettext_lazy("Taken from"),
    "given": gettext_lazy("Answers"),
    "gives": gettext_lazy("Document for who is granted it"),
    "granted": gettext_lazy("Letter when granted"),
    "help": gettext_lazy("Line that helps"),
    "holds": gettext_lazy("What must hold"),
    "in_order": gettext_lazy("One after the other"),
    "keep": gettext_lazy("How long it is kept"),
    "known": gettext_lazy("What is known"),
    "knows": gettext_lazy("Looked up instead of asked"),
    "kroner": gettext_lazy("Kroner"),
    "label": gettext_lazy("Question"),
    "law": gettext_lazy("Paragraph"),
    "letters": gettext_lazy("Letters"),
    "level": gettext_lazy("Level of login"),
    "life_events": gettext_lazy("Life events"),
    "lower": gettext_lazy("Lower fee for some"),
    "max": gettext_lazy("Highest"),
    "max_mb": gettext_lazy("Largest file, in MB"),
    "max_rows": gettext_lazy("Most rows"),
    "min": gettext_lazy("Lowest"),
    "must": gettext_lazy("Everyone must sign"),
    "name": gettext_lazy("Name"),
    "offered_by": gettext_lazy("Offered by"),
    "officer": gettext_lazy("Officer"),
    "officer_if": gettext_lazy("When an officer looks at it first"),
    "on": gettext_lazy("At which question"),
    "options": gettext_lazy("What to choose among"),
    "own_page": gettext_lazy("The page where it is done"),
    "sent_as": gettext_lazy("What pages and letters call what is sent in"),
    "page": gettext_lazy("Name in the address"),
    "pays": gettext_lazy("Pays, in kroner"),
    "prefill": gettext_lazy("Filled in with"),
    "reason": gettext_lazy("Reason"),
    "refuse_if": gettext_lazy("When it cannot be applied for"),
    "refused": gettext_lazy("Letter when refused"),
    "required": gettext_lazy("Must be answered"),
    "rows": gettext_lazy("Height of the box, in lines"),
    "rule": gettext_lazy("Rule"),
    "say": gettext_lazy("What is said when it does not hold"),
    "sent_to": gettext_lazy("The question that says whose case it is"),
    "service": gettext_lazy("Name in addresses"),
    "show_if": gettext_lazy("Asked only when"),
    "sign": gettext_lazy("Signature"),
    "source": gettext_lazy("Source"),
    "summary": gettext_lazy("In one sentence"),
    "text": gettext_lazy("Text"),
    "themes": gettext_lazy("Themes"),
    "then": gettext_lazy("How it ends"),
    "title": gettext_lazy("Title"),
    "to": gettext_lazy("To"),
    "today": gettext_lazy("Day"),
    "type": gettext_lazy("Kind of question"),
    "valid": gettext_lazy("Valid to"),
    "value": gettext_lazy("Value"),
    "when": gettext_lazy("When"),
    "with": gettext_lazy("Given"),
    "who": gettext_lazy("Who it is about"),
    "within": gettext_lazy("Within"),
    "words": gettext_lazy("Words people search with"),
    "years": gettext_lazy("Years"),
}
LANGUAGES: Final = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


def named(key: str) -> str:
    """What a key is called in the reader's language."""
    return str(KEYS.get(key, key.replace("_", " ").capitalize()))


def where(data: Any, path: Sequence[str | int]) -> str:
    """A place in words: Question “Hvem gjelder søknaden?” › Options."""
    words, node = [], data
    for place, part in enumerate(path):
        node = _step(node, part)
        if isinstance(part, int):
            words.append(titled(node) or _("number %(number)d") % {"number": part + 1})
        elif place and path[place - 1] in ("fields", "columns", "knows", "options"):
            words.append(titled(node) or part)
        elif part not in ("fields", "asks"):
            words.append(LANGUAGES.get(part) or named(str(part)))
    return " › ".join(words)


def titled(node: Any) -> str:
    """What a part calls itself: its question, title or name, in quotes; empty when it does not."""
    for key in ("label", "title", "name"):
        if isinstance(node, Mapping) and node.get(key):
            return f"“{in_short(node[key])}”"
    return ""


def in_short(value: Any) -> str:
    """A value in a line of words."""
    from django.utils.translation import get_language

    if isinstance(value, Mapping) and set(value) <= set(LANGUAGES) and value:
        return str(value.get((get_language() or "nb")[:2]) or next(iter(value.values())))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return titled(value).strip("“”") or ", ".join(f"{name}: {in_short(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(in_short(one) for one in value)
    return "" if value is None else str(value)


def _step(node: Any, part: str | int) -> Any:
    try:
        return node[part]
    except (KeyError, IndexError, TypeError):
        return None
