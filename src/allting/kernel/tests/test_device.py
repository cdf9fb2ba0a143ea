"""Keys in a device sign as keys in memory do, and never come out of it. The device is SoftHSM2."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from allting.kernel import device as devices
from allting.kernel.device import Device, line_for, named_in
from allting.kernel.tests import softhsm

WORDS = b"what is signed"


@pytest.fixture
def device():
    return softhsm.device()


@pytest.mark.parametrize(("kind", "algorithm"), [("P-256", hashes.SHA256()), ("P-384", hashes.SHA384())])
def test_an_elliptic_key_signs(device, kind, algorithm):
    key = device.make("test", kind)
    signature = key.sign(WORDS, ec.ECDSA(algorithm))
    key.public_key().verify(signature, WORDS, ec.ECDSA(algorithm))
    with pytest.raises(InvalidSignature):
        key.public_key().verify(signature, WORDS + b"!", ec.ECDSA(algorithm))


def test_an_rsa_key_signs(device):
    key = device.make("test", "RSA")
    assert key.key_size == 2048
    key.public_key().verify(key.sign(WORDS, padding.PKCS1v15(), hashes.SHA256()), WORDS, padding.PKCS1v15(),
                            hashes.SHA256())  # fmt: skip
    with pytest.raises(NotImplementedError):
        key.sign(WORDS, padding.PKCS1v15(), hashes.SHA512())


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_the_key_does_not_come_out(device, kind):
    key = device.make("test", kind)
    with pytest.raises(NotImplementedError):
        key.private_numbers()
    with pytest.raises(NotImplementedError):
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_two_keys_of_one_name_are_two(device):
    first, second = device.make("seal", "P-256"), device.make("seal", "P-256")
    assert first.label != second.label
    named = named_in(line_for(first) + b"-----BEGIN whatever", device)
    assert named.public_key() == first.public_key() != second.public_key()


def test_a_file_without_a_name_has_no_key_in_the_device_and_a_name_without_a_device_is_told(device):
    assert named_in(b"-----BEGIN PRIVATE KEY-----", device) is None
    with pytest.raises(LookupError, match="PKCS11_MODULE"):
        named_in(line_for(device.make("seal", "P-256")), None)


def test_a_session_that_the_device_closed_is_opened_anew(device):
    key = device.make("test", "P-256")
    key.sign(WORDS, ec.ECDSA(hashes.SHA256()))
    devices._session(device).close()
    key.public_key().verify(key.sign(WORDS, ec.ECDSA(hashes.SHA256())), WORDS, ec.ECDSA(hashes.SHA256()))


def test_a_wrong_pin_opens_nothing_and_no_pin_is_printed(device):
    from pkcs11.exceptions import PinIncorrect

    devices._session(device).close()
    wrong = Device(device.module, device.token, "0815")
    with pytest.raises(PinIncorrect):
        wrong.make("test", "P-256")
    assert "0815" not in repr(wrong)
