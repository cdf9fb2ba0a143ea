"""A start file for a new service: right at once, with a comment at each thing that is to be written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from allting.common.catalogue import api as catalogue
from allting.common.studio.folder import SLUG
from allting.common.studio.writing import flow, scalar
from allting.kernel.problems import Invalid
from allting.kernel.text import LANGUAGES

_LONGEST: Final = 60  # letters in a name
_RESERVED: Final = frozenset({"new", "rates"})  # pages of the studio itself

_ASKS: Final = {
    "nb": "Hva vil du søke om?", "nn": "Kva vil du søkje om?", "en": "What do you want to apply for?",
}  # fmt: skip
_ORDINARY: Final = {"nb": "en vanlig søknad", "nn": "ein vanleg søknad", "en": "an ordinary application"}
_NOTHING: Final = {"nb": "ingenting er fylt ut", "nn": "ingenting er fylt ut", "en": "nothing filled in"}
_PAGE: Final = {"nb": "Søknaden", "nn": "Søknaden", "en": "The application"}


@dataclass(frozen=True, slots=True)
class Start:
    """What must be said to begin. ``title``: in one language or more; the others get the same words until written.

    ``rule``: a function decides, in a module beside the file; else an officer.
    """

    service: str
    title: Mapping[str, str]
    law: str
    offered_by: str = "every municipality"
    audience: str = "citizen"
    theme: str = ""
    deadline: str = "1 month"
    appeal_to: str = "statsforvalteren"
    archive_class: str = "000"
    rule: bool = False

    @property
    def module(self) -> str:
        return self.service.replace("-", "_")


def start_file(start: Start) -> str:
    """The file's text. Raises Invalid, by what was said: a name that is taken or cannot be one, no such theme."""
    if errors := {name: [text] for name, text in _faults(start)}:
        raise Invalid(errors=errors)
    first = next(one for one in start.title.values() if one)
    title = {code: _without_braces(start.title.get(code) or first) for code in LANGUAGES}
    theme = start.theme or next(iter(catalogue.themes()))
    says = {name: scalar(getattr(start, name)) for name in ("law", "offered_by", "audience", "deadline", "appeal_to")}
    knows = _KNOWS_ENTERPRISE if start.audience == "business" else _KNOWS_PERSON
    decide = f"\n  rule: {start.module}.decide\n  with: {{what: what}}" if start.rule else " officer"
    return _FILE.format(
        service=start.service, title=flow(title), summary=_texts(_summary(title), 2), theme=theme, page=flow(_PAGE),
        ordinary=flow(_ORDINARY), nothing=flow(_NOTHING),
        asks=flow(_ASKS), knows=knows.format(**says), decide=decide, granted=flow(_granted(title)),
        refused=flow(_refused(title)), then="granted" if start.rule else "officer",
        archive_class=json.dumps(start.archive_class, ensure_ascii=False), **says,
    )  # fmt: skip


def _faults(start: Start) -> Iterator[tuple[str, str]]:
    """The input, and what is wrong with it."""
    if not SLUG.fullmatch(start.service) or len(start.service) > _LONGEST or start.service in _RESERVED:
        yield "service", _("This cannot be a name: use small letters a to z, digits and hyphens, as dog-licence.")
    elif start.service in {one.slug for one in catalogue.services()}:
        yield "service", _("There is a service of this name already. Give this one another name.")
    if not any(start.title.values()):
        yield "title", _("Say what the service is called.")
    if len(start.law) < 3:
        yield "law", _("Say which paragraph gives the right, as barnehageloven § 16.")
    if start.theme and start.theme not in catalogue.themes():
        said = {"theme": start.theme, "themes": ", ".join(catalogue.themes())}
        yield "theme", _("There is no theme %(theme)s. Use one of %(themes)s.") % said
    if not start.archive_class:
        yield "archive_class", _("Say which class of the archive plan the cases belong to.")


def rule_file(start: Start) -> str:
    """The module that decides, beside the file."""
    return _RULE.format(law=start.law)


def _texts(texts: Mapping[str, str], indent: int) -> str:
    return "\n".join(f"{' ' * indent}{code}: {scalar(text)}" for code, text in texts.items())


def _summary(title: Mapping[str, str]) -> dict[str, str]:
    return {
        "nb": f"Søk om {_lower(title['nb'])}.", "nn": f"Søk om {_lower(title['nn'])}.",
        "en": f"Apply for: {_lower(title['en'])}.",
    }  # fmt: skip


def _granted(title: Mapping[str, str]) -> dict[str, str]:
    return {"nb": f"Innvilget: {title['nb']}", "nn": f"Innvilga: {title['nn']}", "en": f"Granted: {title['en']}"}


def _refused(title: Mapping[str, str]) -> dict[str, str]:
    return {"nb": f"Avslag: {title['nb']}", "nn": f"Avslag: {title['nn']}", "en": f"Refused: {title['en']}"}


def _without_braces(text: str) -> str:
    """In letters, ``{…}`` is an expression."""
    return text.replace("{", "(").replace("}", ")")


def _lower(text: str) -> Any:
    return text[:1].lower() + text[1:]


_KNOWS_PERSON: Final = """\
  me:
    from: population.person
    basis: {law}
    reason:
      nb: Hvem du er og hvor du bor, så søknaden går til rett sted.
      nn: Kven du er og kvar du bur, så søknaden går til rett stad.
      en: Who you are and where you live, so that the application goes to the right place."""
_KNOWS_ENTERPRISE: Final = """\
  enterprise:
    from: entities.organisation
    basis: {law}
    reason:
      nb: Virksomhetens navn, nummer og kommune.
      nn: Namnet, nummeret og kommunen til verksemda.
      en: The enterprise's name, number and municipality."""

_FILE: Final = """\
# A public service. The keys are described in docs/howto/service.md; `allting check FOLDER` says what is wrong, by line.
service: {service}
# "every municipality", "every county", or one authority's slug.
offered_by: {offered_by}
audience: {audience}
title: {title}
# One sentence, as people say it.
summary:
{summary}
# The paragraph that gives the right. It is the legal basis of every look-up in the case.
law: {law}
# Other words people search with.
words: []
themes: [{theme}]
# The login it takes: substantial or high.
level: substantial
# What is looked up instead of asked, and why; she can read this in her log.
knows:
{knows}
# The questions, page by page. Ask only what must be known.
asks:
  - page: application
    title: {page}
    fields:
      what:
        type: long_text
        label: {asks}
# When nobody can get it, say so before the work of applying:
# refuse_if:
#   - when: age(me, today) < 18
#     because: {{nb: …, nn: …, en: …}}
#     law: …
sign: {{level: substantial}}
# Or: fee: {{kroner: 300, law: …}}
fee: none
decide:{decide}
# How long the answer may take.
deadline: {deadline}
letters:
  granted:
    title: {granted}
    text:
      nb: Du har fått det du søkte om.
      nn: Du har fått det du søkte om.
      en: You have been granted what you applied for.
  refused:
    title: {refused}
    text:
      nb: Vi kan ikke innvilge søknaden. Nedenfor står grunnen.
      nn: Vi kan ikkje innvilge søknaden. Nedanfor står grunnen.
      en: We cannot grant the application. The reason is given below.
appeal: {{within: 3 weeks, to: {appeal_to}}}
# The class of your archive plan, and how many years the cases are kept.
keep: {{class: {archive_class}, years: 10}}
# Cases that must come out as promised; they run with each check.
examples:
  - name: {ordinary}
    given: {{what: En kort beskrivelse}}
    then: {then}
  - name: {nothing}
    given: {{}}
    then: invalid
    on: what
"""

_RULE: Final = '''\
"""Decides by {law}. Plain values in, an Outcome out; it may import allting.kernel only."""

from __future__ import annotations

from allting.kernel.rules import Outcome


def decide(what: str) -> Outcome:
    """Write the rule here: a refusal needs grounds (forvaltningsloven § 24)."""
    return Outcome(True)
'''
