"""A service that is not published yet: begun in the browser, with the start file of ``allting new-service``."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.common.studio import access, changing, drafting, folder
from allting.common.studio.drafting import Opened
from allting.common.studio.starting import Start, start_file
from allting.common.studio.wording import LANGUAGES, in_short
from allting.kernel.problems import Invalid, NotFound
from allting.kernel.text import written

LONGEST: Final = 200  # letters in one input
INPUTS: Final = (
    "title.nb", "title.nn", "title.en", "service", "law", "theme", "audience", "offered_by", "archive_class",
)  # fmt: skip


def published(slug: str) -> catalogue.Published | None:
    """The service as it is published; None when it is not."""
    try:
        return catalogue.service(slug)
    except NotFound:
        return None


def begun(own: registers.Authority) -> list[Opened]:
    """The authority's services that are worked on, or wait for review, and never were published."""
    waiting = set(folder.services()) - {one.slug for one in catalogue.services()}
    return [
        _opened(slug, data) for slug in sorted(waiting) if access.owns(own, (data := _said(slug)).get("offered_by"))
    ]


def opened(own: registers.Authority, slug: str) -> Opened:
    """One of them. Raises NotFound, also for another authority's."""
    data = _said(slug)
    if not access.owns(own, data.get("offered_by")):
        raise NotFound(code="no-such-service")
    return _opened(slug, data)


def offers(own: registers.Authority) -> list[tuple[str, str]]:
    """In whose name the authority may begin a service, with what it is called: its own, and for the operator what all
    offer alike."""
    names = {own.slug: own.name, "every municipality": _("Every municipality"), "every county": _("Every county")}
    return [(one, name) for one, name in names.items() if access.owns(own, one)]


def begin(own: registers.Authority, form: changing.Form) -> str:
    """Keep the start file as a draft; the service's name. Raises Invalid by input, and Unavailable without a folder."""
    start = _start(own, form)
    text = _file(start, form)
    with folder.held():
        if folder.draft(start.service) is not None or folder.text_of(start.service) is not None:
            raise Invalid(
                errors={"service": [_("A service of this name is being written. Give this one another name.")]}
            )
        folder.keep(start.service, text)
    return start.service


def _start(own: registers.Authority, form: changing.Form) -> Start:
    said = {name: " ".join(written(value).split()) for name, value in form.items()}
    offered_by = said.get("offered_by") or own.slug
    mine = offered_by in dict(offers(own))
    return Start(
        said.get("service", ""), {code: said.get(f"title.{code}", "") for code in LANGUAGES}, said.get("law", ""),
        offered_by if mine else "", "business" if said.get("audience") == "business" else "citizen",
        said.get("theme", ""), appeal_to="superior" if offered_by in registers.askable() else "statsforvalteren",
        archive_class=said.get("archive_class", ""),
    )  # fmt: skip


def _file(start: Start, form: changing.Form) -> str:
    """Everything that is wrong with what was typed is told at once, in the order of the form."""
    errors = _missing(start)
    errors |= {name: [_("Write at most 200 characters.")] for name in INPUTS if len(form.get(name, "")) > LONGEST}
    text = ""
    try:
        text = start_file(start)
    except Invalid as wrong:
        errors = {name: one for name, one in wrong.errors.items() if name != "title"} | errors
    if errors:
        raise Invalid(errors={name: errors[name] for name in INPUTS if name in errors})
    return text


def _missing(start: Start) -> dict[str, Any]:
    """What the command has an answer of its own to, and a page asks for."""
    errors: dict[str, Any] = {
        f"title.{code}": [_("Write it in this language too.")] for code, one in start.title.items() if not one
    }
    if not start.offered_by:
        errors["offered_by"] = [_("Your authority cannot offer services in this name.")]
    if not start.theme:
        errors["theme"] = [_("Choose a theme.")]
    return errors


def _said(slug: str) -> dict[str, Any]:
    """What the file says, as far as it can be read; nothing when there is none."""
    text = folder.draft(slug)
    text = folder.text_of(slug) if text is None else text
    try:
        return catalogue.as_data(text or "")
    except catalogue.BadFile:
        return {}


def _opened(slug: str, data: dict[str, Any]) -> Opened:
    return drafting.opened(slug, in_short(data.get("title")) or slug, "")
