"""Backup and restore: everything of an installation in one file, whichever database it is on.

The file is a gzipped tar: one member for each table (a JSON array a row), the manifest with digests, and, when
asked for, the keys, encrypted with a passphrase. It is read at one point in time while the platform runs. A
file made on SQLite can be restored on PostgreSQL, and the other way. Logins are left out: people log in again.
"""

from __future__ import annotations

import base64
import io
import json
import os
import secrets
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

import allting
from allting.kernel import encryption
from allting.kernel.files import put_whole

FORMAT = 1
LEFT_OUT = (
    "identity.portalsession", "identity.signon", "identity.grant", "identity.pushedrequest", "identity.usedonce",
    "identity.parkedform",
)  # fmt: skip
CHUNK = 1000
Tell = Callable[[str, int], None]


class Refused(Exception):
    """It cannot be done, and nothing was changed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written or read back."""

    rows: int
    tables: int
    with_keys: bool


def tables() -> list[type[models.Model]]:
    """Every table of ours, found in the registry of apps."""
    ours = [one for one in apps.get_models() if one.__module__.startswith("allting.")]
    return sorted((one for one in ours if one._meta.label_lower not in LEFT_OUT), key=lambda one: one._meta.label_lower)


# --- Backup ------------------------------------------------------------------------------------------


def backup(path: Path, *, passphrase: str = "", tell: Tell = lambda table, rows: None) -> Kept:
    """Write everything to ``path``, readable by the owner only; the keys too when there is a ``passphrase``.

    Raises Refused when it cannot be written; a file that was there stays as it was.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
            kept = _write(archive, passphrase, tell, path.parent)
        draft.replace(path)
    except OSError as error:
        raise Refused(f"The backup could not be written: {error.strerror or error}. Nothing was changed.") from None
    finally:
        draft.unlink(missing_ok=True)
    return kept


def _write(archive: tarfile.TarFile, passphrase: str, tell: Tell, folder: Path) -> Kept:
    members: dict[str, dict[str, Any]] = {}
    with _at_one_time(folder):
        applied = _applied()
        for table in tables():
            name = f"tables/{table._meta.label_lower}.jsonl"
            members[name] = _dump(archive, name, table, folder)
            tell(table._meta.label_lower, members[name]["rows"])
    if passphrase:
        _add(archive, "keys.sealed", data := _seal_keys(passphrase))
        members["keys.sealed"] = {"sha256": sha256(data).hexdigest(), "rows": 0}
    manifest = {
        "format": FORMAT, "version": allting.__version__, "made": datetime.now(UTC).isoformat(), "migrations": applied,
        "members": members, "key_ids": encryption.key_ids(),
    }  # fmt: skip
    _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
    return Kept(sum(one["rows"] for one in members.values()), len(tables()), bool(passphrase))


def _applied() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connections["default"]).applied_migrations())


@contextmanager
def _at_one_time(folder: Path) -> Iterator[None]:
    """What is read inside is of one moment, while others go on writing."""
    default = connections["default"]
    if default.vendor == "postgresql":
        with transaction.atomic():
            with default.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
        return
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as scratch:
        copy = Path(scratch) / "copy.sqlite3"
        default.ensure_connection()
        with sqlite3.connect(copy) as target:
            default.connection.backup(target)
        snapshot = default.copy("default")
        snapshot.settings_dict["NAME"] = str(copy)
        connections["default"] = snapshot  # in this thread only
        try:
            yield
        finally:
            snapshot.close()
            connections["default"] = default


def _dump(archive: tarfile.TarFile, name: str, table: type[models.Model], folder: Path) -> dict[str, Any]:
    """One table as a member: to a scratch file first, so that no table need fit in memory."""
    columns = [field.attname for field in table._meta.concrete_fields]
    digest, rows = sha256(), 0
    with tempfile.TemporaryFile(dir=folder) as scratch:
        found = table._default_manager.order_by("pk").values_list(*columns)
        for row in found.iterator(CHUNK):
            line = json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            scratch.write(line)
            rows += 1
        info = tarfile.TarInfo(name)
        info.size = scratch.tell()
        scratch.seek(0)
        archive.addfile(info, scratch)
    return {"sha256": digest.hexdigest(), "rows": rows, "columns": columns}


def _plain(value: Any) -> Any:
    match value:
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


# --- Restore -----------------------------------------------------------------------------------------


def restore(path: Path, *, replace: bool = False, passphrase: str = "", tell: Tell = lambda table, rows: None) -> Kept:
    """Read everything back in one transaction; the caller has migrated the database.

    Raises Refused, with nothing changed: for a damaged file, one of other migrations, a wrong passphrase, or an
    installation that is not empty unless ``replace``.
    """
    try:
        with tarfile.open(path, mode="r:gz") as archive:
            manifest = _manifest(archive)
            _check(archive, manifest, replace)
            keys = _open_keys(archive, manifest, passphrase)
            with transaction.atomic():
                rows = _load(archive, manifest, tell)
    except (OSError, tarfile.TarError, EOFError, KeyError, ValueError) as error:
        raise Refused(f"The file cannot be read ({type(error).__name__}). Nothing was changed.") from None
    for name, data in keys.items():
        _put_key(Path(settings.KEY_FOLDER) / name, data)
    return Kept(rows, len(manifest["members"]), bool(keys))


def missing_keys(path: Path) -> list[str]:
    """The ids of the keys that the backup's contents need and the key folder does not have."""
    with tarfile.open(path, mode="r:gz") as archive:
        return sorted(set(_manifest(archive)["key_ids"]) - set(encryption.key_ids()))


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    file = archive.extractfile("manifest.json")
    assert file is not None
    found: dict[str, Any] = json.load(file)
    if found["format"] != FORMAT:
        raise Refused(f"The file is of format {found['format']}; this version reads {FORMAT}.")
    return found


def _check(archive: tarfile.TarFile, manifest: dict[str, Any], replace: bool) -> None:
    if _applied() != manifest["migrations"]:
        raise Refused(
            f"The backup was made by version {manifest['version']} with other migrations. Install that version,"
            " restore, and upgrade after it. Nothing was changed."
        )
    if not replace and any(table._default_manager.exists() for table in tables()):
        raise Refused("There are data here already. Add --replace to delete them first. Nothing was changed.")
    for name, member in manifest["members"].items():
        digest = sha256()
        for block in _blocks(archive, name):
            digest.update(block)
        if digest.hexdigest() != member["sha256"]:
            raise Refused(f"{name} is damaged. Nothing was changed.")


def _blocks(archive: tarfile.TarFile, name: str) -> Iterator[bytes]:
    file = archive.extractfile(name)
    assert file is not None
    while block := file.read(1 << 20):
        yield block


def _load(archive: tarfile.TarFile, manifest: dict[str, Any], tell: Tell) -> int:
    """Foreign keys are checked when the transaction ends, so the order of the tables does not matter."""
    _empty()
    total = 0
    for table in tables():
        member = manifest["members"][f"tables/{table._meta.label_lower}.jsonl"]
        if member["columns"] != [field.attname for field in table._meta.concrete_fields]:
            raise Refused(f"{table._meta.label_lower} has other columns here. Nothing was changed.")
        total += _load_table(archive, table)
        tell(table._meta.label_lower, member["rows"])
    _reset_sequences()
    return total


def _empty() -> None:
    """PostgreSQL refuses to remove lines of the ledger one by one (payment, migration 0005), and cuts tables whole."""
    connection = connections["default"]
    everything = [*tables(), *(apps.get_model(label) for label in LEFT_OUT)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE " + ", ".join(connection.ops.quote_name(one._meta.db_table) for one in everything))
            return
        for table in everything:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table._meta.db_table)}")  # noqa: S608 - ours


def _load_table(archive: tarfile.TarFile, table: type[models.Model]) -> int:
    file = archive.extractfile(f"tables/{table._meta.label_lower}.jsonl")
    assert file is not None
    fields = table._meta.concrete_fields
    rows = 0
    for chunk in _chunks(file):
        made = [
            table(**{field.attname: _value(field, one) for field, one in zip(fields, row, strict=True)})
            for row in chunk
        ]
        table._default_manager.bulk_create(made, batch_size=CHUNK)
        rows += len(made)
    return rows


def _chunks(file: Iterable[bytes]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for line in file:
        chunk.append(json.loads(line))
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _value(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.target_field.to_python(value) if field.is_relation else field.to_python(value)


def _reset_sequences() -> None:
    connection = connections["default"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


# --- Keys --------------------------------------------------------------------------------------------


def _seal_keys(passphrase: str) -> bytes:
    found = {path.name: path.read_bytes() for path in Path(settings.KEY_FOLDER).glob("*") if path.is_file()}
    plain = json.dumps({name: base64.b64encode(data).decode() for name, data in found.items()}).encode()
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    return salt + nonce + AESGCM(_derived(passphrase, salt)).encrypt(nonce, plain, b"allting keys")


def _open_keys(archive: tarfile.TarFile, manifest: dict[str, Any], passphrase: str) -> dict[str, bytes]:
    if "keys.sealed" not in manifest["members"] or not passphrase:
        return {}
    sealed = b"".join(_blocks(archive, "keys.sealed"))
    try:
        plain = AESGCM(_derived(passphrase, sealed[:16])).decrypt(sealed[16:28], sealed[28:], b"allting keys")
    except InvalidTag:
        raise Refused("The passphrase does not open the keys. Nothing was changed.") from None
    return {name: base64.b64decode(data) for name, data in json.loads(plain).items()}


def _derived(passphrase: str, salt: bytes) -> bytes:
    """scrypt (RFC 7914) with 64 MB: a second of work for each guess."""
    return Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode())


def _put_key(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    put_whole(path, data)
