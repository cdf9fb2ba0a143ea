"""The certificate authority behind seals, signatures and time stamps: a root, an issuing authority, and its own keys.

The root's key is needed at the ceremony only (``allting signature init``); its certificate and its list stay when it
is taken away. Everything else is made when it is first needed, and made anew before it runs out.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from django.conf import settings

from allting.common.signature import keystore
from allting.kernel import pki
from allting.kernel.actor import Level
from allting.kernel.keys import file_key
from allting.kernel.pki import PEM, Bearer

ROOT, ISSUING = timedelta(days=365 * 25), timedelta(days=365 * 15)
OWN: Final = {"seal": timedelta(days=365 * 5), "tsa": timedelta(days=365 * 5), "ocsp": timedelta(days=90)}
PERSON = timedelta(hours=1)
EARLY = timedelta(days=30)  # how long before the end a new one is made


def _arc(what: str) -> ObjectIdentifier:
    """Our own policies, under the arc for UUIDs (ITU-T X.667), which needs no registration."""
    return ObjectIdentifier(f"2.25.{uuid5(NAMESPACE_URL, f'allting:signature:{what}').int}")


SEAL_POLICY, TIME_POLICY = _arc("seal"), _arc("time")
LEVEL_POLICY: Final = {Level.SUBSTANTIAL: _arc("substantial"), Level.HIGH: _arc("high")}


def url(name: str) -> str:
    """Where something public of the authority stands; the address is written into each certificate."""
    return f"{settings.BASE_URL}/signature/{name}"


# --- The ceremony ----------------------------------------------------------------------------------


def init(root_folder: Path | None = None) -> list[str]:
    """Make what is not there: root (in ``root_folder``, if given), issuing authority, seal, time stamps, responder.

    Returns the names of what is new.
    """
    folder = Path(settings.KEY_FOLDER)
    names = ("issuing", *OWN)
    before = {name for name in names if keystore.path_of(name).exists()}
    was = (folder / "signature-root.cer").exists()
    _publish_root(root_folder)
    issuing(root_folder)
    for name in OWN:
        own(name)
    return ([] if was else ["root"]) + [name for name in names if name not in before]


def _publish_root(folder: Path | None = None) -> None:
    """The root's certificate and its list: what must stay when the key is gone."""
    keys = Path(settings.KEY_FOLDER)
    if not (keys / "signature-root.cer").exists():
        root = _root(folder)
        file_key(keys / "signature-root.crl", lambda: _root_list(root))
        file_key(keys / "signature-root.cer", lambda: root.certificate.public_bytes(PEM))


def _root(folder: Path | None) -> Bearer:
    path = keystore.path_of("root", folder)
    if not path.exists():
        key = ec.generate_private_key(ec.SECP384R1())
        contents = pki.written(Bearer(key, _root_certificate(key)))
        file_key(path, lambda: contents)
    return keystore.read(path)


def _root_certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    subject = pki.name("Allting Signature Root CA", organisation="Allting")
    draft = pki.draft(subject, subject, key.public_key(), ROOT)
    draft = draft.add_extension(x509.BasicConstraints(True, 1), critical=True)
    return draft.add_extension(pki.usage(authority=True), critical=True).sign(key, hashes.SHA384())


def _root_list(root: Bearer, revoked: x509.Certificate | None = None) -> bytes:
    """The root's own list holds as long as the root: it is signed at a ceremony only."""
    now = datetime.now(UTC) - pki.CLOCKS_DIFFER
    entries = [(revoked.serial_number, pki.Status(now, "key_compromise"))] if revoked else []
    return pki.revocation_list(root, int(now.timestamp()), now, root.certificate.not_valid_after_utc, entries)


def revoke_issuing(root_folder: Path | None = None) -> None:
    """The issuing authority is lost: the root, fetched, says so, and a new one is made with ``init``.

    Raises FileNotFoundError when the root's key is not there.
    """
    folder = Path(settings.KEY_FOLDER)
    root = keystore.read(keystore.path_of("root", root_folder))
    contents = _root_list(root, issuing().certificate)
    (folder / "signature-root.crl").unlink()
    file_key(folder / "signature-root.crl", lambda: contents)
    for name in ("issuing", *OWN):
        path = keystore.path_of(name)
        path.rename(path.with_suffix(f".revoked-{datetime.now(UTC):%Y%m%d%H%M%S}"))


# --- Who they are ----------------------------------------------------------------------------------


def root_certificate() -> x509.Certificate:
    path = Path(settings.KEY_FOLDER) / "signature-root.cer"
    if not path.exists():
        issuing()
    return _certificate(path, path.stat().st_mtime_ns)


def root_list() -> bytes:
    """The root's list of revoked authorities (DER)."""
    root_certificate()
    return (Path(settings.KEY_FOLDER) / "signature-root.crl").read_bytes()


@lru_cache(maxsize=8)
def _certificate(path: Path, changed: int) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def issuing(root_folder: Path | None = None) -> Bearer:
    """Whoever signs certificates and lists."""

    def make(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        _publish_root(root_folder)
        root = keystore.read(keystore.path_of("root", root_folder))
        subject = pki.name("Allting Signature CA", organisation="Allting")
        draft = pki.draft(subject, root.certificate.subject, key.public_key(), ISSUING)
        draft = draft.add_extension(x509.BasicConstraints(True, 0), critical=True)
        draft = draft.add_extension(pki.usage(authority=True), critical=True)
        every = pki.policies(SEAL_POLICY, TIME_POLICY, *LEVEL_POLICY.values())
        draft = draft.add_extension(every, critical=False).add_extension(pki.list_at(url("root.crl")), critical=False)
        draft = draft.add_extension(pki.answers_at("", url("root.cer")), critical=False)
        return draft.add_extension(pki.issued_by(root.certificate), critical=False).sign(root.key, hashes.SHA384())

    return keystore.held("issuing", make)


def own(name: str) -> Bearer:
    """The platform's own: ``seal``, ``tsa`` (time stamps) or ``ocsp`` (answers about certificates)."""
    found = keystore.held(name, lambda key: _own(name, key), device=name != "ocsp")
    if found.certificate.not_valid_after_utc - datetime.now(UTC) > EARLY:
        return found
    path = keystore.path_of(name)
    path.rename(path.with_suffix(f".until-{found.certificate.not_valid_after_utc:%Y%m%d}"))
    return own(name)


def _own(name: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    common = {"seal": "Allting Seal", "tsa": "Allting Time Stamps", "ocsp": "Allting OCSP"}[name]
    draft = _leaf(pki.name(common, organisation="Allting"), key.public_key(), OWN[name])
    if name == "ocsp":  # short-lived instead of checked itself (RFC 6960 § 4.2.2.2.1)
        draft = draft.add_extension(pki.usage(digital_signature=True), critical=True)
        draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        draft = draft.add_extension(x509.OCSPNoCheck(), critical=False)
    else:
        draft = draft.add_extension(pki.usage(digital_signature=True, content_commitment=True), critical=True)
        policy = SEAL_POLICY if name == "seal" else TIME_POLICY
        draft = draft.add_extension(pki.policies(policy), critical=False)
    if name == "tsa":  # RFC 3161 § 2.3: only this, and critical
        draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return draft.sign(issuing().key, hashes.SHA256())


def _leaf(subject: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta) -> x509.CertificateBuilder:
    issuer = issuing().certificate
    draft = pki.draft(subject, issuer.subject, key, lasts)
    draft = draft.add_extension(x509.BasicConstraints(False, None), critical=True)
    draft = draft.add_extension(pki.issued_by(issuer), critical=False)
    draft = draft.add_extension(pki.list_at(url("issuing.crl")), critical=False)
    return draft.add_extension(pki.answers_at(url("ocsp"), url("issuing.cer")), critical=False)


def for_signer(subject: x509.Name, level: Level) -> Bearer:
    """A key of her own and a certificate that lasts an hour; the key is forgotten once it has signed.

    The level of her login stands in it as a policy. It cannot be denied afterwards (key usage: content commitment).
    """
    key = ec.generate_private_key(ec.SECP256R1())
    draft = _leaf(subject, key.public_key(), PERSON).add_extension(pki.usage(content_commitment=True), critical=True)
    draft = draft.add_extension(pki.policies(LEVEL_POLICY[level]), critical=False)
    return Bearer(key, draft.sign(issuing().key, hashes.SHA256()))


def anchors() -> list[x509.Certificate]:
    """Whom we trust when we check: our root, the one of older seals, and what the operator put in a folder."""
    folders = [Path(settings.SIGNATURE_TRUST_FOLDER)] if settings.SIGNATURE_TRUST_FOLDER else []
    files = [path for folder in folders for path in sorted(folder.glob("*.pem"))]
    files += [path] if (path := Path(settings.KEY_FOLDER) / "seal-ca.pem").exists() else []
    return [root_certificate(), *(_certificate(path, path.stat().st_mtime_ns) for path in files)]
