"""Where the authority's private keys live: files in the key folder, or a device behind PKCS #11.

A file ``signature-<name>.pem`` holds a private key (PKCS #8) and its certificate; where the key is in the device, its
label there and the certificate.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from allting.kernel import pki
from allting.kernel.device import Device, EllipticDeviceKey
from allting.kernel.keys import file_key
from allting.kernel.pki import Bearer


def path_of(name: str, folder: Path | None = None) -> Path:
    return (folder or Path(settings.KEY_FOLDER)) / f"signature-{name}.pem"


def held(name: str, make: Callable[[ec.EllipticCurvePrivateKey], x509.Certificate], *, device: bool = True) -> Bearer:
    """Key and certificate called ``name``; made when there are none. ``device``: in the device, if there is one."""
    path = path_of(name)
    if not path.exists():
        key = _new(name, settings.KEY_DEVICE if device else None)
        contents = pki.written(Bearer(key, make(key)))
        file_key(path, lambda: contents)
    return _load(path, path.stat().st_mtime_ns)


def read(path: Path) -> Bearer:
    """Raises FileNotFoundError, PermissionError when others may read it, and ValueError."""
    if not path.exists():
        raise FileNotFoundError(path)
    return pki.read(file_key(path, bytes), settings.KEY_DEVICE)


@lru_cache(maxsize=32)
def _load(path: Path, changed: int) -> Bearer:
    return read(path)


def _new(name: str, device: Device | None) -> ec.EllipticCurvePrivateKey:
    if device is None:
        return ec.generate_private_key(ec.SECP256R1())
    key = device.make(f"signature-{name}", "P-256")
    assert isinstance(key, EllipticDeviceKey)
    return key
