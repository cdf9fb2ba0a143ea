"""Where the authority's private keys live: files in the key folder, or a device behind PKCS #11.

A file ``signature-<name>.pem`` holds a private key (PKCS #8) and its certificate; where the key is in the device, only
the certificate, and the key is the device's with the same label.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from allting.kernel.keys import file_key
from allting.kernel.pki import PEM, Bearer, written

_turn = Lock()  # a session with a device is for one at a time


def path_of(name: str, folder: Path | None = None) -> Path:
    return (folder or Path(settings.KEY_FOLDER)) / f"signature-{name}.pem"


def held(name: str, make: Callable[[ec.EllipticCurvePrivateKey], x509.Certificate], *, device: bool = True) -> Bearer:
    """Key and certificate called ``name``; made when there are none. ``device``: in the device, if there is one."""
    path = path_of(name)
    if not path.exists():
        key = _device_key(name, make_it=True) if device and settings.SIGNATURE_PKCS11 else _new_key()
        contents = _written(Bearer(key, make(key)))
        file_key(path, lambda: contents)
    return _load(path, path.stat().st_mtime_ns)


def read(path: Path) -> Bearer:
    """Raises FileNotFoundError, PermissionError when others may read it, and ValueError."""
    if not path.exists():
        raise FileNotFoundError(path)
    contents = file_key(path, bytes)
    certificate = x509.load_pem_x509_certificate(contents)
    if b"PRIVATE KEY" not in contents:
        return Bearer(_device_key(path.stem.removeprefix("signature-"), make_it=False), certificate)
    key = serialization.load_pem_private_key(contents, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name}: the key must be an elliptic curve key")
    return Bearer(key, certificate)


@lru_cache(maxsize=32)
def _load(path: Path, changed: int) -> Bearer:
    return read(path)


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _written(bearer: Bearer) -> bytes:
    return bearer.certificate.public_bytes(PEM) if isinstance(bearer.key, DeviceKey) else written(bearer)


# --- A device --------------------------------------------------------------------------------------


class DeviceKey(ec.EllipticCurvePrivateKey):
    """A key that never leaves its device: it signs there, and can be used wherever a key in memory can."""

    def __init__(self, session: Any, private: Any, public: ec.EllipticCurvePublicKey) -> None:
        self._session, self._private, self._public = session, private, public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        from pkcs11 import Mechanism
        from pkcs11.util.ec import encode_ecdsa_signature

        algorithm = signature_algorithm.algorithm
        assert isinstance(algorithm, hashes.HashAlgorithm)
        digest = hashes.Hash(algorithm)
        digest.update(bytes(data))
        with _turn:
            raw = self._private.sign(digest.finalize(), mechanism=Mechanism.ECDSA)
        return bytes(encode_ecdsa_signature(raw))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        raise NotImplementedError("a signing key")

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        raise NotImplementedError("the key does not leave its device")

    def private_bytes(self, *args: Any, **kwargs: Any) -> bytes:
        raise NotImplementedError("the key does not leave its device")

    def __copy__(self) -> DeviceKey:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> DeviceKey:
        return self


@cache
def _session(module: str, token: str, pin: str) -> Any:
    import pkcs11

    return pkcs11.lib(module).get_token(token_label=token).open(rw=True, user_pin=pin)


def _device_key(name: str, *, make_it: bool) -> DeviceKey:
    """The device's key of this label. Raises pkcs11's errors, as for a wrong PIN or a key that is not there."""
    from pkcs11 import Attribute, KeyType, ObjectClass
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    session = _session(settings.SIGNATURE_PKCS11, settings.SIGNATURE_PKCS11_TOKEN, settings.SIGNATURE_PKCS11_PIN)
    label = f"signature-{name}"
    with _turn:
        if make_it:
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            public, private = session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
                store=True, label=label
            )
        else:
            private = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
            public = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=label)
        loaded = serialization.load_der_public_key(encode_ec_public_key(public))
    assert isinstance(loaded, ec.EllipticCurvePublicKey)
    return DeviceKey(session, private, loaded)
