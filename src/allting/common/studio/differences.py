"""What is different between two versions of a service file, in words: "The question “Hvor?” must now be answered"."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from allting.common.catalogue import api as catalogue
from allting.common.studio.wording import LANGUAGES, in_short, titled, where

Path = tuple[str | int, ...]
_MISSING: Final = object()
_KEYED: Final = {"asks": "page", "examples": "name", "checks": "field"}  # lists whose items have names of their own


def differences(before: str, after: str) -> list[str]:
    """One sentence for each difference, in the order of the file. Raises BadFile for what is not YAML.

    Built on what the files say, not on a list of keys: a key that nobody has words for is told by its name.
    """
    old, new = catalogue.as_data(before), catalogue.as_data(after)
    return list(dict.fromkeys(_compared((), old, new, old, new)))


def _compared(path: Path, old: Any, new: Any, before: Any, after: Any) -> Iterator[str]:
    if json.dumps(old, default=str) == json.dumps(new, default=str):
        return
    if _is_text(old) and _is_text(new):
        yield from _texts(path, old, new, after)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _mappings(path, old, new, before, after)
    elif _is_list_of_parts(old) and _is_list_of_parts(new):
        yield from _lists(path, old, new, before, after)
    else:
        yield _sentence(path, old, new, before, after)


def _mappings(path: Path, old: Mapping[str, Any], new: Mapping[str, Any], before: Any, after: Any) -> Iterator[str]:
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name, _MISSING), new.get(name, _MISSING)
        if was is _MISSING or now is _MISSING:
            yield _sentence((*path, name), was, now, before, after)
        else:
            yield from _compared((*path, name), was, now, before, after)
    if path and path[-1] == "fields":
        kept = [name for name in old if name in new]
        if kept != [name for name in new if name in old]:
            yield _("%(where)s: the questions come in another order.") % {"where": where(after, path)}


def _lists(path: Path, old: Sequence[Any], new: Sequence[Any], before: Any, after: Any) -> Iterator[str]:
    """Items are the same when they have the same name; without names, the same place."""
    key = _KEYED.get(str(path[-1]) if path else "")
    names = [[one.get(key) if key else place for place, one in enumerate(part)] for part in (old, new)]
    if key and any(len(set(map(str, part))) != len(part) for part in names):
        names = [list(range(len(old))), list(range(len(new)))]
    for place, name in enumerate(names[0]):
        if name in names[1]:
            now = names[1].index(name)
            yield from _compared((*path, now), old[place], new[now], before, after)
        else:
            yield _sentence((*path, place), old[place], _MISSING, before, after)
    for place, name in enumerate(names[1]):
        if name not in names[0]:
            yield _sentence((*path, place), _MISSING, new[place], before, after)


def _texts(path: Path, old: Any, new: Any, after: Any) -> Iterator[str]:
    for code, language in LANGUAGES.items():
        was = old if isinstance(old, str) else old.get(code, "")
        now = new if isinstance(new, str) else new.get(code, "")
        if was != now:
            said = {"where": where(after, path), "language": language, "was": was, "now": now}
            yield _("%(where)s, %(language)s: “%(was)s” becomes “%(now)s”.") % said


def _sentence(path: Path, old: Any, new: Any, before: Any, after: Any) -> str:
    key = str(path[-1])
    parent = path[-2] if path[1:] else ""
    if parent in ("fields", "asks") and (old is _MISSING or new is _MISSING):
        return _part_comes_or_goes(parent, old, new, key)
    place = path[:-1] if key == "required" else path
    data = before if new is _MISSING else after
    said = {"where": where(data, place), "was": in_short(_plain(old)), "now": in_short(_plain(new))}
    if key == "required":
        needed = new is _MISSING or new is True
        return (_("%(where)s must now be answered.") if needed else _("%(where)s may now be left out.")) % said
    return _plain_sentence(path, old, new) % said


def _plain_sentence(path: Path, old: Any, new: Any) -> str:
    if path[-1] == "kroner" and isinstance(old, int) and isinstance(new, int):
        rises = new > old
        return (
            _("%(where)s: rises from %(was)s to %(now)s.") if rises else _("%(where)s: falls from %(was)s to %(now)s.")
        )
    if old is _MISSING:
        return _("%(where)s is new: %(now)s")
    if new is _MISSING:
        return _("%(where)s is taken out; it was: %(was)s")
    return _("%(where)s: “%(was)s” becomes “%(now)s”.")


def _part_comes_or_goes(parent: Any, old: Any, new: Any, key: str) -> str:
    one = new if old is _MISSING else old
    said = {"title": titled(one) or f"“{key}”"}
    if parent == "asks":
        return (_("The page %(title)s is new.") if old is _MISSING else _("The page %(title)s is taken out.")) % said
    if new is _MISSING:
        return _("The question %(title)s is no longer asked.") % said
    needed = not isinstance(one, dict) or one.get("required", True)
    return (
        _("The question %(title)s is new, and must be answered.")
        if needed
        else _("The question %(title)s is new, and may be left out.")
    ) % said


def _plain(value: Any) -> Any:
    return "" if value is _MISSING else value


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and set(value) <= set(LANGUAGES)


def _is_list_of_parts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and not _is_text(one) for one in value)
