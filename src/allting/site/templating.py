"""The Jinja2 environment of our pages: translations, dates, money, and the furniture's globals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import jinja2
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone, translation

from allting.kernel.actor import Actor


def environment(**options: Any) -> jinja2.Environment:
    """Called once by Django's Jinja2 engine. Undefined names are errors: a typo must not pass silently."""
    options["undefined"] = jinja2.StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = jinja2.Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701 - on by Django
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(
        static=static,
        url=_url,
        settings=settings,
        language=_language,
        session_ends=session_ends,
        acting_name=acting_name,
        clock=clock,
    )
    env.filters.update(day=day, clock=clock, moment=moment, kroner=_kroner)
    return env


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
    return formats.date_format(value, "DATE_FORMAT")


def clock(value: datetime | None) -> str:
    """The time of day in Oslo, as ``14:35``."""
    return timezone.localtime(value).strftime("%H:%M") if value else ""


def moment(value: datetime | None) -> str:
    """Day and time of day."""
    return f"{day(value)} {clock(value)}" if value else ""


def _kroner(ore: int) -> str:
    from allting.kernel.money import kroner

    return kroner(ore)


def session_ends(request: HttpRequest) -> datetime | None:
    """When the login ends, as ``common.identity`` put it on the request; None when it did not."""
    return getattr(request, "session_ends", None)


def acting_name(actor: Actor) -> str:
    """The name of the one acted for. One query, only on pages of somebody who acts for another."""
    from allting.common.registers import api as registers

    return registers.name_of(actor.on_behalf_of) if actor.on_behalf_of else actor.name
