"""Find a service by the words people use: three languages, inflected, compounded, or misspelt by a letter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_WORD = re.compile(r"[\wæøåÆØÅ]+")
_STOP = frozenset(
    "jeg eg i å og om en ei et eit til for på av som med vil skal kan har søke søkje the a an to of my want".split()
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: ``kind`` is service or life_event."""

    kind: str
    slug: str
    score: float


def words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _STOP]


class Index:
    """Words with their weight, each pointing at what they lead to. Built once, read by all."""

    def __init__(self) -> None:
        self._weights: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)

    def add(self, kind: str, slug: str, weighted: Mapping[float, Iterable[str]]) -> None:
        for weight, texts in weighted.items():
            for text in texts:
                told = words(text)
                share = 0.7 + 0.3 / max(1, len(told))  # a text that is only this word means it more
                for word in told:
                    place = self._weights[word]
                    place[kind, slug] = max(place.get((kind, slug), 0), weight * share)

    def find(self, query: str, limit: int = 20) -> list[Hit]:
        """What fits all words, best first; when nothing does, what fits some."""
        asked = words(query[:200])[:8]
        found: list[dict[tuple[str, str], float]] = [self._one(word) for word in asked]
        if not found:
            return []
        everything = set().union(*found)
        whole = {key for key in everything if all(key in one for one in found)}
        scores = {key: sum(one.get(key, 0) for one in found) for key in (whole or everything)}
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return [Hit(kind, slug, score) for (kind, slug), score in ranked[:limit]]

    def _one(self, asked: str) -> dict[tuple[str, str], float]:
        best: dict[tuple[str, str], float] = {}
        for word, places in self._weights.items():
            near = _likeness(asked, word)
            if near:
                for key, weight in places.items():
                    best[key] = max(best.get(key, 0), weight * near)
        return best


def _likeness(asked: str, word: str) -> float:
    """1 for the same word, less for a beginning, a part of a compound, or one letter wrong; 0 otherwise."""
    if asked == word:
        return 1
    if len(asked) >= 3 and word.startswith(asked):
        return 0.9
    if len(word) >= 4 and asked.startswith(word):
        return 0.8 * len(word) / len(asked)
    if len(asked) >= 4 and asked in word:
        return 0.6
    if len(asked) >= 5 and len(word) >= 5 and _one_wrong(asked, word):
        return 0.5
    return 0


def _one_wrong(first: str, second: str) -> bool:
    """Whether one letter missing, added, changed, or two swapped makes them begin alike."""
    same = 0
    while same < min(len(first), len(second)) and first[same] == second[same]:
        same += 1
    rest, other = first[same:], second[same:]
    shapes = (rest[1:], other[1:]), (rest, other[1:]), (rest[1:], other), (rest[1::-1] + rest[2:], other)
    return any(b.startswith(a) and len(b) - len(a) <= 3 for a, b in shapes)
