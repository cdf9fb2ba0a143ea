"""A page of questions as its template needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from allting.common.cases import drafts, files
from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what stands in it; ``refreshes``: others hang on its answer."""

    name: str
    widget: str
    label: str
    help: str
    value: Any
    error: str = ""
    options: list[tuple[str, Any]] = field(default_factory=list)
    files: list[files.File] = field(default_factory=list)
    rows: int = 6
    refreshes: bool = False
    corrected_by: str = ""  # the service that mistakes in the register it is filled in from are reported to
    parts: list[Part] = field(default_factory=list)
    table: list[list[Part]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """One input of a question that has several: of a period or an address, or one cell of a table."""

    label: str
    value: str
    widget: str = "text"
    options: list[tuple[str, Any]] = field(default_factory=list)


def questions(
    form: drafts.Form,
    page: catalogue.Page,
    typed: Mapping[str, list[str]] | None,
    errors: Mapping[str, Any],
    more: str = "",
) -> list[Question]:
    """The questions of a page; ``typed`` wins over what is kept, and that over what the registers know.

    ``more``: the table that shall have one more row.
    """
    values = form.scope()
    before = catalogue.prefilled(form.service, page, values)
    shown = catalogue.shown(form.service, page, values)
    steering = _steering(page)
    found = []
    for name, one in shown.items():
        kept = form.answers.get(name, before.get(name))
        text = typed.get(name, []) if typed is not None and one.type != "file" else catalogue.as_typed(one, kept)
        found.append(
            Question(
                name=name, widget=catalogue.KINDS[one.type].widget, label=_label(one), help=str(one.help or ""),
                value=text if one.type == "many" else (text[0] if text else ""), error=str(errors.get(name, "")),
                options=_options(one, form.known), files=[file for file in form.files if file.field == name],
                rows=one.rows, refreshes=name in steering,
                corrected_by=_corrected_by(form, one) if name in before else "", parts=_parts(one, text),
                table=_table(one, text, form.known, more=name == more),
            )
        )  # fmt: skip
    return found


def _corrected_by(form: drafts.Form, one: catalogue.FormField) -> str:
    dataset = catalogue.origin(form.service, one) if form.came is None else None
    found = catalogue.correction(dataset, form.service.audience) if dataset else None
    return found.service if found and found.service != form.service.service else ""


def disputed(form: drafts.Form, page: catalogue.Page, name: str) -> tuple[str, str] | None:
    """The service that reports that a register is wrong, and what it has here; None when there is none."""
    before = catalogue.prefilled(form.service, page, form.scope())
    service = _corrected_by(form, page.fields[name]) if name in before else ""
    if not service:
        return None
    one = page.fields[name]
    told = catalogue.show(one, before[name], form.known)
    return service, f"{one.label}: {', '.join(told) if isinstance(told, list) else told}"


def _parts(one: catalogue.FormField, typed: list[str]) -> list[Part]:
    kind = catalogue.KINDS[one.type]
    values = [*typed, *[""] * len(kind.parts)]
    widget = "date" if one.type == "period" else "text"
    return [Part(str(label), value, widget) for label, value in zip(kind.parts.values(), values, strict=False)]


def _table(one: catalogue.FormField, typed: list[str], known: Mapping[str, Any], *, more: bool) -> list[list[Part]]:
    """The rows that are filled in, and an empty one when there is none or one more was asked for."""
    if not one.columns:
        return []
    rows = catalogue.rows_of(one, typed)
    if not rows or (more and len(rows) < one.max_rows):
        rows.append([""] * len(one.columns))
    columns = list(one.columns.values())
    return [[_cell(column, cell, known) for column, cell in zip(columns, row, strict=True)] for row in rows]


def _cell(column: catalogue.FormField, value: str, known: Mapping[str, Any]) -> Part:
    """Every cell sends something, also when nothing is chosen, so that the row keeps its places."""
    widget = catalogue.KINDS[column.type].widget
    if widget not in ("choice", "yes_no", "listed"):
        return Part(_label(column), value, widget)
    options = [pair for pair in _options(column, known) if pair[0]]
    return Part(_label(column), value, "select", [("", _("Choose")), *options])


def named(label: Any, error: Any) -> str:
    """An error as the summary says it, with its question: "How old? Write a number", "Age: Write a number"."""
    return f"{label} {error}" if str(label).endswith(("?", "!", ".")) else f"{label}: {error}"


def _label(one: catalogue.FormField) -> str:
    return str(one.label) if one.required else _("%(label)s (optional)") % {"label": one.label}


def _options(one: catalogue.FormField, known: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if one.type == "yes_no":
        return [("yes", _("Yes")), ("no", _("No"))]
    if one.type == "municipality":
        return [("", _("Choose a municipality")), *registers.municipalities().items()]
    if one.type == "authority":
        return [("", _("Choose an authority")), *registers.askable().items()]
    return list(catalogue.choices(one, known).items())


def _steering(page: catalogue.Page) -> set[str]:
    """The questions that other questions of the same page hang on."""
    return {name for one in page.fields.values() if one.show_if for name in one.show_if.names if name in page.fields}
