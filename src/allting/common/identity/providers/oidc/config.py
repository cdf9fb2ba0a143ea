"""The suppliers of eIDs, one YAML file (EID_SUPPLIERS_FILE): adding one is configuration only (docs/howto/eid.md)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from allting.kernel.actor import Level
from allting.kernel.text import Text

_log = logging.getLogger("allting.identity")
LevelName = Literal["low", "substantial", "high"]


class Eidas(BaseModel):
    """Which claims hold the minimal attributes of a natural person ((EU) 2015/1501, annex)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_identifier: str = "person_identifier"
    given_name: str = "given_name"
    family_name: str = "family_name"
    birth_date: str = "birthdate"


class Supplier(BaseModel):
    """One eID behind an OpenID provider of its own.

    ``levels`` maps our levels to the ``acr`` values the supplier writes; the first of each is asked for.
    ``identity_number`` is the claim with the 11 digits. Without a secret or a key only PKCE binds the code.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    title: Text
    who: Text
    issuer: str
    client_id: str
    levels: dict[LevelName, list[str]] = Field(min_length=1)
    identity_number: str = "pid"
    amr: str = Field(min_length=1, max_length=30)
    scope: str = "openid"
    client_secret_file: Path | None = None
    token_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"  # noqa: S105
    key_file: Path | None = None
    eidas: Eidas | None = None

    @field_validator("issuer")
    @classmethod
    def _safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise ValueError("an issuer has an https address")
        return value

    @field_validator("levels")
    @classmethod
    def _each_acr_once(cls, value: dict[LevelName, list[str]]) -> dict[LevelName, list[str]]:
        every = [one for some in value.values() for one in some]
        if not all(value.values()) or len(every) != len(set(every)):
            raise ValueError("each acr value stands once, and each level has one")
        return value

    def level_of(self, acr: object) -> Level:
        """Our level of the supplier's ``acr``; NONE for one that is not listed."""
        for name, values in self.levels.items():
            if acr in values:
                return Level.from_name(name)
        return Level.NONE

    def acr_for(self, wanted: Level) -> str:
        """What to ask for: the lowest level that is enough."""
        able = sorted(level for level in self.our_levels() if level >= wanted)
        return self.levels[able[0].name.lower()][0] if able else ""  # type: ignore[index]

    def our_levels(self) -> tuple[Level, ...]:
        return tuple(sorted(Level.from_name(name) for name in self.levels))

    def secret(self) -> str:
        return self.client_secret_file.read_text("utf-8").strip() if self.client_secret_file else ""


def suppliers() -> dict[str, Supplier]:
    """Every supplier of the file by name, read again when it changes. A file that is wrong gives none, and is told of
    in the log and by ``allting doctor``."""
    file = settings.EID_SUPPLIERS_FILE
    if not file:
        return {}
    try:
        stamp = Path(file).stat().st_mtime_ns
        if _seen.get(file, (0, {}))[0] != stamp:
            _seen[file] = (stamp, read(Path(file)))
        return _seen[file][1]
    except (OSError, ValueError) as fault:
        _log.error("EID_SUPPLIERS_FILE cannot be read", extra={"error": type(fault).__name__})
        return {}


_seen: dict[str, tuple[int, dict[str, Supplier]]] = {}


def read(file: Path) -> dict[str, Supplier]:
    """Read and check the file. Raises ValueError that says where and what, OSError when it is not there."""
    try:
        told = yaml.safe_load(file.read_text("utf-8")) or {}
    except yaml.YAMLError as fault:
        raise ValueError(f"{file.name}: not YAML: {fault}") from None
    if not isinstance(told, dict):
        raise ValueError(f"{file.name}: write a name for each supplier, and its facts under it")
    found = {}
    for name, facts in told.items():
        if not (isinstance(name, str) and name.isidentifier() and name.islower() and len(name) <= 40):
            raise ValueError(f"{file.name}: {name!r} is not a name: small letters, digits and _")
        try:
            found[name] = Supplier.model_validate(facts)
        except ValidationError as fault:
            where = "; ".join(": ".join([*map(str, one["loc"]), one["msg"]]) for one in fault.errors())
            raise ValueError(f"{file.name}: {name}: {where}") from None
    return found
