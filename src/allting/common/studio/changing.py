"""One form's changes put into the file's text: each thing where it stands, everything else as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from allting.common.catalogue import api as catalogue
from allting.common.studio import edits
from allting.common.studio.folder import SLUG
from allting.common.studio.parts import OPEN, Input, Part, Place, part, place
from allting.common.studio.wording import LANGUAGES
from allting.kernel.problems import Invalid
from allting.kernel.text import written

LONGEST: Final = 4000  # letters in one input
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
ELSEWHERE: Final = _("This place cannot be changed by itself. Change it in the whole text.")

Form = Mapping[str, str]


def changed(text: str, at: str, form: Form) -> str:
    """The text with what was typed at one place. Raises Invalid, by input; NotFound when there is no such place."""
    data = catalogue.as_data(text)
    here = part(data, place(data, at))
    groups: dict[Place, list[Input]] = {}
    for one in here.inputs:
        groups.setdefault(one.where, []).append(one)
    for where, inputs in groups.items():
        typed = {one.name: _typed(one, form) for one in inputs}
        if any(typed[one.name] != _as_shown(one) for one in inputs):
            text = _put(text, here, where, inputs, typed)
    return text


def _typed(one: Input, form: Form) -> str:
    """As it came; an input that the form did not hold stays as it is, but for a box, which is not sent when empty."""
    if one.kind == "tick":
        return "yes" if form.get(one.name) == "yes" else ""
    value = written(form[one.name]) if one.name in form else _as_shown(one)
    if len(value) > LONGEST:
        raise Invalid(errors={one.name: [_("Write at most %(count)d characters.") % {"count": LONGEST}]})
    return value


def _as_shown(one: Input) -> str:
    if one.kind == "tick":
        return "yes" if one.value else ""
    return "" if one.value is None else written(str(one.value))


def _put(text: str, here: Part, where: Place, inputs: list[Input], typed: Mapping[str, str]) -> str:
    value = _value(inputs, typed)
    full = (*here.where, *where)
    before = here.order[: here.order.index(str(where[0]))]
    try:
        if value is None:
            return edits.take(text, full) if _there(text, full) else text
        return edits.put(text, full, value, before if len(where) == 1 else ())
    except edits.NotHere:
        raise Invalid(errors={inputs[0].name: [ELSEWHERE]}) from None


def _value(inputs: list[Input], typed: Mapping[str, str]) -> Any:
    """None: nothing is to stand there."""
    first = inputs[0]
    said = typed[first.name]
    if first.language:
        words = {one.language: typed[one.name] for one in inputs}
        return words if any(words.values()) else None
    if first.kind == "tick":
        return bool(said)
    if first.kind == "words":
        return [word for one in said.split(",") if (word := one.strip())] or None
    return _scalar(said) if said else None


def _scalar(said: str) -> Any:
    return int(said) if re.fullmatch(r"-?\d{1,12}", said) else said


def _there(text: str, where: Place) -> bool:
    data: Any = catalogue.as_data(text)
    for step in where:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


# --- Adding, moving and taking out -----------------------------------------------------------------------


def moved(text: str, at: str, form: Form) -> str:
    """Move or take out the part at ``at``. Raises Invalid when it is the last of its kind, NotFound."""
    data = catalogue.as_data(text)
    where = place(data, at)
    if not loose(where):
        raise Invalid(errors={"part": [ELSEWHERE]})
    steps = {"up": -1, "down": 1}.get(form.get("studio-do", ""))
    return _held(lambda: edits.take(text, where) if steps is None else edits.move(text, where, steps))


def loose(where: Place) -> bool:
    """Whether it can be moved and taken out: pages, questions, columns and choices."""
    return len(where) > 1 and (where[-2] in OPEN or (len(where) == 2 and where[0] == "asks"))


def added(text: str, at: str, form: Form) -> tuple[str, str]:
    """The text with a new page, question or choice as ``form`` says, and the place of what is new."""
    data = catalogue.as_data(text)
    where = place(data, at)
    what = form.get("new", "")
    label = _words(form)
    if what == "page":
        name = _name(form, SLUG)
        first = {"type": "text", "label": label}
        page = {"page": name, "title": label, "fields": {name.replace("-", "_"): first}}
        return _held(lambda: edits.add(text, ("asks",), page)), f"asks.{len(data['asks'])}"
    name = _name(form, NAME)
    key, value = ("options", label) if what == "option" else ("fields", {"type": _kind(form), "label": label})
    if key not in part(data, where).order:
        raise Invalid(errors={"new": [ELSEWHERE]})
    if _there(text, (*where, key, name)):
        raise Invalid(errors={"new-name": [_("There is one of this name already.")]})
    if not _there(text, (*where, key)):
        return _held(lambda: edits.put(text, (*where, key), {name: value}, ["type", "label", "help"])), at
    new = _held(lambda: edits.put(text, (*where, key, name), value))
    return new, at if what == "option" else f"{at}.{key}.{name}"


def _name(form: Form, pattern: re.Pattern[str]) -> str:
    name = form.get("new-name", "").strip()
    if not pattern.fullmatch(name) or len(name) > 40:
        raise Invalid(errors={"new-name": [_("Use small letters a to z and digits; begin with a letter.")]})
    return name


def _kind(form: Form) -> str:
    kind = form.get("new-type", "")
    if kind not in catalogue.KINDS:
        raise Invalid(errors={"new-type": [_("Choose a kind of question.")]})
    return kind


def _words(form: Form) -> dict[str, str]:
    words = {code: written(form.get(f"new-{code}", ""))[:LONGEST] for code in LANGUAGES}
    missing = {f"new-{code}": [_("Fill in this field")] for code, one in words.items() if not one}
    if missing:
        raise Invalid(errors=missing)
    return words


def _held(change: Callable[[], str]) -> str:
    try:
        return change()
    except (edits.NotHere, KeyError, IndexError, TypeError):
        raise Invalid(errors={"part": [ELSEWHERE]}) from None
