"""What the shared suite (``test_eid_suite``) needs to know of an eID: how a person gets it, uses it, and fails.

Each provider folder has ``tests/driver.py`` with a class ``Driver`` of this kind.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from allting.kernel.actor import Level


class EidDriver:
    name = ""
    guessable = False  # there is something that somebody could go on guessing
    tells_who_exists = False  # only Test ID, which is for made-up people
    answers_once = True  # what is sent last works once; an eID of one page with a standing answer has none
    by_post_only = True  # an answer is typed and sent by a form (else it comes another way, as from a card)

    def __init__(self, settings: Any, tmp_path: Any, monkeypatch: Any) -> None:
        self.settings, self.tmp_path, self.monkeypatch = settings, tmp_path, monkeypatch

    def enrol(self, person: Any, level: Level) -> None:
        """Let ``person`` have the eID, so that it reaches ``level``."""

    def answer(self, client: Client, url: str, person: Any, level: Level) -> Any:
        """From the eID's first page at ``url`` to its last answer; returns the last response."""
        raise NotImplementedError

    def wrong(self, client: Client, url: str, person: Any) -> Any:
        """A wrong answer in the name of ``person``; None: of somebody who does not have the eID."""
        raise NotImplementedError

    def again(self, client: Client) -> Any:
        """Send what ``answer`` sent last, once more."""
        raise NotImplementedError


def get(client: Client, url: str, **more: Any) -> Any:
    """Open an address of ours, which may be written with or without the host."""
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}" if parts.query else parts.path, **more)
