"""The authorities' own bank accounts, from the file ``BANK_ACCOUNTS_FILE``: whoever is not there pays by no file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from allting.common.registers import api as registers
from allting.kernel.numbers import BadNumber, bank_account
from allting.kernel.problems import NotFound

_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")  # ISO 9362


class BadAccounts(ValueError):
    """The file cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Own:
    """An authority's account: eleven digits, and its bank's BIC."""

    authority: UUID
    name: str
    number: str
    bic: str


def all_own() -> list[Own]:
    """Raises BadAccounts, also for an authority that is not registered and an account that two have."""
    if not settings.BANK_ACCOUNTS_FILE:
        return []
    try:
        data = yaml.safe_load(Path(settings.BANK_ACCOUNTS_FILE).read_text("utf-8")) or {}
    except (OSError, yaml.YAMLError, UnicodeError) as fault:
        raise BadAccounts(f"BANK_ACCOUNTS_FILE cannot be read: {type(fault).__name__}") from None
    if not isinstance(data, dict):
        raise BadAccounts("BANK_ACCOUNTS_FILE: write one line for each authority, by its slug")
    found = [_own(str(slug), one) for slug, one in data.items()]
    if len({one.number for one in found}) < len(found):
        raise BadAccounts("BANK_ACCOUNTS_FILE: two authorities have the same account")
    return found


def _own(slug: str, data: Any) -> Own:
    if not isinstance(data, dict) or set(data) != {"account", "bic"}:
        raise BadAccounts(f"{slug}: write account and bic, and nothing else")
    try:
        body = registers.authority(slug)
        number = bank_account(str(data["account"]))
    except NotFound:
        raise BadAccounts(f"{slug}: there is no such authority") from None
    except BadNumber as wrong:
        raise BadAccounts(f"{slug}: account {wrong}") from None
    if not _BIC.fullmatch(str(data["bic"])):
        raise BadAccounts(f"{slug}: bic is 8 or 11 capital letters and digits")
    return Own(body.id, body.name, number, str(data["bic"]))


def own(authority: UUID) -> Own | None:
    """None: this authority pays by no file."""
    return next((one for one in all_own() if one.authority == authority), None)
