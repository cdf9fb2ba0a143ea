"""Private keys that never leave their device, an HSM behind PKCS #11: they can be used wherever a key in memory can.

Needs the extra ``hsm``. A session that the device has closed (it was restarted, say) is opened anew, once. In the key
folder stands, instead of the key, a line that names it (``line_for``, ``named_in``) above what is public.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, Generic, NoReturn, Self, TypeAlias, TypeVar, cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

CURVES = {"P-256": "secp256r1", "P-384": "secp384r1"}
RSA_BITS = 2048
_LINE = b"# in the device: "
_STAYS = "the key does not leave its device"
_turn = Lock()  # a session with a device is for one at a time
T = TypeVar("T")
Public = TypeVar("Public", ec.EllipticCurvePublicKey, rsa.RSAPublicKey)


@dataclass(frozen=True, slots=True)
class Device:
    """``module``: the device's PKCS #11 library; ``token``: the label of its token; ``pin``: what opens it."""

    module: str
    token: str
    pin: str

    def __repr__(self) -> str:  # without the PIN, wherever it is printed
        return f"Device({self.module}, {self.token})"

    def make(self, name: str, kind: str) -> DeviceKey:
        """A new key of ``kind``: ``P-256``, ``P-384`` or ``RSA``. Its label is ``name`` with a random end: the next
        of that name is another. Raises pkcs11's errors, as for a wrong PIN."""
        label = f"{name}-{secrets.token_hex(4)}"
        self._with(lambda session: _generate(session, label, kind))
        return self.key(label)

    def key(self, label: str) -> DeviceKey:
        """The key of this label. Raises pkcs11's errors, as when it is not there."""
        public = serialization.load_der_public_key(self._with(lambda session: _public(session, label)))
        kind = RsaDeviceKey if isinstance(public, rsa.RSAPublicKey) else EllipticDeviceKey
        return kind(self, label, cast(Any, public))

    def sign(self, label: str, data: bytes, mechanism: str) -> bytes:
        """``data`` signed as PKCS #11's ``mechanism`` has it."""
        return bytes(self._with(lambda session: _signed(session, label, data, mechanism)))

    def _with(self, act: Callable[[Any], T]) -> T:
        from pkcs11.exceptions import PKCS11Error

        with _turn:
            try:
                return act(_session(self))
            except PKCS11Error as fault:
                if type(fault).__name__ not in _CLOSED:
                    raise
            _forget()
            return act(_session(self))


_CLOSED = ("SessionHandleInvalid", "SessionClosed", "UserNotLoggedIn", "ObjectHandleInvalid", "KeyHandleInvalid",
           "DeviceRemoved", "TokenNotPresent")  # fmt: skip


class _Kept(Generic[Public]):
    """What keys of either kind have in common: the public half is known, and the private one is told to nobody."""

    def __init__(self, device: Device, label: str, public: Public) -> None:
        self._device: Device = device
        self.label: str = label
        self._public: Public = public

    def public_key(self) -> Public:
        return self._public

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def private_numbers(self) -> NoReturn:
        raise NotImplementedError(_STAYS)

    def private_bytes(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(_STAYS)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class EllipticDeviceKey(_Kept[ec.EllipticCurvePublicKey], ec.EllipticCurvePrivateKey):
    """Signs with ECDSA."""

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        from pkcs11.util.ec import encode_ecdsa_signature

        digest = _digest(bytes(data), signature_algorithm.algorithm)
        return bytes(encode_ecdsa_signature(self._device.sign(self.label, digest, "ECDSA")))

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        raise NotImplementedError("a signing key")


class RsaDeviceKey(_Kept[rsa.RSAPublicKey], rsa.RSAPrivateKey):
    """Signs as RSASSA-PKCS1-v1_5 with SHA-256, which is JOSE's RS256."""

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        if not isinstance(padding, _PKCS1) or not isinstance(algorithm, hashes.SHA256):
            raise NotImplementedError("RSASSA-PKCS1-v1_5 with SHA-256 only")
        return self._device.sign(self.label, bytes(data), "SHA256_RSA_PKCS")

    def decrypt(self, ciphertext: bytes, padding: Any) -> bytes:
        raise NotImplementedError("a signing key")


DeviceKey: TypeAlias = EllipticDeviceKey | RsaDeviceKey
_PKCS1 = padding.PKCS1v15


def line_for(key: DeviceKey) -> bytes:
    """What stands in the key folder for a key that is in the device."""
    return _LINE + key.label.encode() + b"\n"


def named_in(contents: bytes, device: Device | None) -> DeviceKey | None:
    """The key that the file names; None when it has none of the device's. Raises LookupError when no device is set."""
    line = next((line for line in contents.splitlines() if line.startswith(_LINE)), None)
    if line is None:
        return None
    if device is None:
        raise LookupError("the key is in a device: set PKCS11_MODULE")
    return device.key(line.removeprefix(_LINE).decode())


# --- PKCS #11 ----------------------------------------------------------------------------------------


@cache
def _session(device: Device) -> Any:
    import pkcs11

    return pkcs11.lib(device.module).get_token(token_label=device.token).open(rw=True, user_pin=device.pin)


@cache
def _private(session: Any, label: str) -> Any:
    from pkcs11 import ObjectClass

    return session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)


def _forget() -> None:
    _session.cache_clear()
    _private.cache_clear()


def _generate(session: Any, label: str, kind: str) -> None:
    from pkcs11 import Attribute, KeyType
    from pkcs11.util.ec import encode_named_curve_parameters

    if kind == "RSA":
        session.generate_keypair(KeyType.RSA, RSA_BITS, store=True, label=label)
        return
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(CURVES[kind])}
    session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(store=True, label=label)


def _public(session: Any, label: str) -> bytes:
    from pkcs11 import KeyType, ObjectClass
    from pkcs11.util.ec import encode_ec_public_key
    from pkcs11.util.rsa import encode_rsa_public_key

    found = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=label)
    encode = encode_rsa_public_key if found.key_type == KeyType.RSA else encode_ec_public_key
    return bytes(encode(found))


def _signed(session: Any, label: str, data: bytes, mechanism: str) -> Any:
    from pkcs11 import Mechanism

    return _private(session, label).sign(data, mechanism=Mechanism[mechanism])


def _digest(data: bytes, algorithm: hashes.HashAlgorithm | Prehashed) -> bytes:
    if isinstance(algorithm, Prehashed):
        return data
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()
