"""``allting keys``: which there are, whether they are well, and new ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from allting.common.identity import api as identity
from allting.kernel import encryption

USES = {
    "contents": "personal contents: the newest seals, all open",
    "oidc": "logins (ES256): the newest signs, older ones are published while their tokens live",
    "oidc-rsa": "logins (RS256): the same",
    "machine": "tokens from machine to machine (RS256): the same",
    "enterprise-root": "the demo's authority of enterprise certificates",
    "enterprise-issuer": "the demo's authority of enterprise certificates, under its root",
    "client-secrets": "the keyed hash of clients' secrets",
    "pairwise": "the names that people have for clients (sub)",
    "dpop-nonce": "nonces of proofs of possession",
    "eids": "the keyed hash of codes, and of the numbers MyID and foreign eIDs are found by",
    "demo-clients": "the demo clients' keys and secrets",
    "django": "cookies",
    "log": "the seals of the log",
    "seal": "letters' seal",
    "seal-ca": "the authority that vouches for the seal",
    "sms": "the demo's SMS gateway",
    "idcard-root": "ID cards: the root, to be kept elsewhere",
    "idcard-issuing": "ID cards: signs cards' certificates and lists",
    "idcard-ocsp": "ID cards: answers about certificates",
}


class Command(BaseCommand):
    help = "list (default): the keys, never what is in them. check: can they be used. rotate KIND: a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", nargs="?", choices=["list", "check", "rotate"], default="list")
        parser.add_argument("kind", nargs="?", choices=["contents", "oidc", "machine"], help="which kind to rotate")
        parser.add_argument("--hours", type=float, default=0, help="oidc, machine: publish so long before they sign")

    def handle(self, *args: Any, do: str, kind: str | None, hours: float = 0, **options: Any) -> None:
        match do:
            case "list":
                self._list()
            case "check":
                self._check()
            case _:
                self._rotate(kind, hours)

    def _list(self) -> None:
        for path in _files():
            made = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
            self.stdout.write(f"{path.name:24} {made}  {USES.get(_kind(path), 'not ours')}")

    def _check(self) -> None:
        """Raises CommandError when a key is open to others or does not do what it is for."""
        open_to_others = [path.name for path in _files() if path.stat().st_mode & 0o077]
        if open_to_others:
            raise CommandError(f"Others can read {', '.join(open_to_others)}: chmod 600 {settings.KEY_FOLDER}/*")
        try:
            if encryption.unseal(encryption.seal(b"probe", "keys"), "keys") != b"probe":
                raise CommandError("The contents key does not open what it sealed.")
            identity.signing_keys()
        except (OSError, ValueError) as fault:
            raise CommandError(f"A key cannot be used: {fault}") from None
        self.stdout.write("The keys are well.")

    def _rotate(self, kind: str | None, hours: float) -> None:
        if kind is None:
            raise CommandError("Say which: allting keys rotate contents, oidc or machine")
        if kind != "contents":
            made = ", ".join(identity.add_signing_keys(timedelta(hours=hours), kind))
            told = "Published now, and " + (f"signing in {hours:g} hours." if hours else "signing now.")
            self.stdout.write(f"New {kind} keys {made}. {told} Running processes take them up by themselves.")
            return
        self.stdout.write(
            f"New contents key {encryption.add_key()}. "
            "Start the processes again: each reads its contents keys when it starts."
        )


def _files() -> list[Path]:
    return sorted(path for path in Path(settings.KEY_FOLDER).glob("*") if path.is_file())


def _kind(path: Path) -> str:
    stem = path.stem
    return stem.rsplit("-", 1)[0] if stem[-4:].isdigit() else stem
