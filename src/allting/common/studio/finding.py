"""Where in a file each finding of ``allting check`` belongs, so that it is told beside what has to be mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from allting.common.catalogue import api as catalogue
from allting.common.studio.parts import FIXED, Part, Place, dotted, part
from allting.common.studio.wording import where as in_words
from allting.kernel.problems import NotFound


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: ``at`` is its place, as far as it is known, ``title`` the same in words.

    ``link`` is said where it is no part of a service file.
    """

    line: int
    text: str
    where: Place
    title: str
    part: Place = ()
    link: str = ""

    @property
    def at(self) -> str:
        return dotted(self.where)

    @property
    def href(self) -> str:
        """The part that it is told in, below the service's address; the whole text where no part is."""
        if self.link:
            return self.link
        return f"part/{dotted(self.part)}" if self.part else ("text" if self.where[:1] in FIXED else "part")


def findings(text: str, faults: Sequence[catalogue.Fault]) -> list[Finding]:
    """Raises nothing for a text that is not YAML: its findings have no place."""
    try:
        tree, data = yaml.compose(text, Loader=yaml.SafeLoader), catalogue.as_data(text)
    except (yaml.YAMLError, catalogue.BadFile, RecursionError):
        return [Finding(one.line, one.text, (), "") for one in faults]
    return [_finding(tree, data, one) for one in faults]


def _finding(tree: Any, data: Any, fault: catalogue.Fault) -> Finding:
    known, at_line = _reached(data, fault.where), tuple(_at(tree, fault.line - 1))
    where = known if known else at_line
    return Finding(fault.line, fault.text, where, in_words(data, where), _part_of(data, where))


def _part_of(data: Any, where: Place) -> Place:
    """The nearest part around it that has a page of its own; empty: the service itself."""
    for length in range(len(where), 0, -1):
        try:
            part(data, where[:length])
        except NotFound:
            continue
        return where[:length]
    return ()


def _reached(data: Any, where: Place) -> Place:
    """As far as the way leads; the names of forms that were tried are no keys of the file."""
    found: list[str | int] = []
    for step in where:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        found.append(step)
    return tuple(found)


def _at(node: Any, line: int) -> Iterator[str | int]:
    """The keys that lead to what stands on a line."""
    pairs: list[tuple[Any, int, Any]] = []
    if isinstance(node, yaml.MappingNode):
        pairs = [(key.value, key.start_mark.line, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        pairs = [(number, value.start_mark.line, value) for number, value in enumerate(node.value)]
    begun = [one for one in pairs if one[1] <= line]
    if begun and not getattr(node, "flow_style", False):
        step, _start, value = begun[-1]
        yield step
        yield from _at(value, line)


def beside(here: Part, found: Sequence[Finding]) -> tuple[dict[str, str], list[Finding]]:
    """The findings of a part by input, and those of the part that belong to none of its inputs."""
    by_input: dict[str, str] = {}
    rest = []
    for one in found:
        if one.where[: len(here.where)] != here.where:
            continue
        below = one.where[len(here.where) :]
        fits = [it for it in here.inputs if below[: len(it.where)] == it.where]
        exact = [it for it in fits if it.language and below[len(it.where) :] == (it.language,)]
        if fits:
            name = (exact or fits)[0].name
            by_input[name] = f"{by_input[name]} {one.text}" if name in by_input else one.text
        else:
            rest.append(one)
    return by_input, rest
