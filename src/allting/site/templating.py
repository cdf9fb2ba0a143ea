"""The Jinja2 environments of our pages, one for each language: texts, dates, money, and the furniture's globals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import jinja2
from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import trans_real
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from allting.kernel import desks
from allting.kernel.actor import Actor
from allting.kernel.calendar import spoken


class Environments:
    """What Django's Jinja2 engine takes templates from: the environment of the reader's language."""

    def __init__(self, **options: Any) -> None:
        self._in = {code: environment(code, **options) for code, _name in settings.LANGUAGES}

    def get_template(self, name: str) -> jinja2.Template:
        return self._in[_language()].get_template(name)

    def from_string(self, source: str) -> jinja2.Template:
        return self._in[_language()].from_string(source)


def environment(language: str, **options: Any) -> jinja2.Environment:
    """The environment of one language. Undefined names are errors: a typo must not pass silently."""
    options["undefined"] = jinja2.StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = jinja2.Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701 - on by Django
    texts = trans_real.translation(language)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        texts.gettext, texts.ngettext, newstyle=True, pgettext=texts.pgettext
    )
    env.extend(catalogue=texts)
    env.add_extension(FixedTexts)
    env.globals.update(
        static=cache(static),
        url=_url,
        settings=settings,
        language=_language,
        session_ends=session_ends,
        acting_name=acting_name,
        desks=desks.of,
        own_pages=desks.own_pages,
        clock=clock,
        period=spoken,
    )
    env.filters.update(day=day, month=month, clock=clock, moment=moment, kroner=_kroner, size=_size)
    return env


class FixedTexts(Extension):
    """``_("…")`` with nothing to fill in is translated when the template is compiled, not each time it is shown:
    a page says the same forty things each time (docs/adr/0006)."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        tokens, place = list(stream), 0
        while place < len(tokens):
            call = tokens[place : place + 4]
            if [one.type for one in call] == ["name", "lparen", "string", "rparen"] and call[0].value == "_":
                text = self.environment.catalogue.gettext(call[2].value)  # type: ignore[attr-defined]
                yield Token(call[2].lineno, "string", text % {})  # %% is a per cent sign, as in a text to fill in
                place += 4
            else:
                yield call[0]
                place += 1


def csrf_once(request: HttpRequest) -> dict[str, Any]:
    """A page's forms share one token: masking it anew for each form costs more than the rest of the form."""
    return {"csrf_input": SimpleLazyObject(lambda: csrf_input(request))}


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def day(value: date | datetime | str | None) -> str:
    """A date as its reader writes it, in the law's time zone; nothing for None."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _written(value, _language())


@lru_cache(maxsize=4096)
def _written(value: date, language: str) -> str:
    """The same few days stand on every page."""
    return formats.date_format(value, "DATE_FORMAT")


def clock(value: datetime | None) -> str:
    """The time of day in Oslo, as ``14:35``."""
    return timezone.localtime(value).strftime("%H:%M") if value else ""


def moment(value: datetime | None) -> str:
    """Day and time of day."""
    return translation.gettext("%(day)s at %(time)s") % {"day": day(value), "time": clock(value)} if value else ""


def month(value: date) -> str:
    """A month and its year, in the reader's language."""
    return formats.date_format(value, "YEAR_MONTH_FORMAT")


def _kroner(ore: int) -> str:
    from allting.kernel.money import kroner

    return kroner(ore)


def _size(octets: int) -> str:
    """How large a file is, in kB or MB."""
    return f"{max(1, round(octets / 1000))} kB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"


def session_ends(request: HttpRequest) -> datetime | None:
    """When the login ends, as ``common.identity`` put it on the request; None when it did not."""
    return getattr(request, "session_ends", None)


def acting_name(actor: Actor) -> str:
    """The name of the one acted for. One query, only on pages of somebody who acts for another."""
    from allting.common.registers import api as registers

    return registers.name_of(actor.on_behalf_of) if actor.on_behalf_of else actor.name
