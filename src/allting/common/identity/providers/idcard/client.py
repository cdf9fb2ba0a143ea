"""Log in with an ID card through its PKCS#11 module: a program of one file, for the card holder's own machine.

::

    python client.py --module /usr/lib/x86_64-linux-gnu/opensc-pkcs11.so

It asks for the question that the login page shows, says who asks, asks for the card's PIN, and writes the answer to
paste into the page. It needs the packages python-pkcs11 and cryptography, and nothing of Allting.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from base64 import b64encode, urlsafe_b64decode
from typing import Any

PREFIX = "allting-card-login."


def who_asks(question: str) -> str:
    """The site that the question names. Raises ValueError when it is not a question of a login."""
    if not question.startswith(PREFIX):
        raise ValueError("this is not a question from a login page")
    return str(json.loads(urlsafe_b64decode(question.removeprefix(PREFIX)))["to"])


def answer(module: str, pin: str, question: str, token: str | None = None) -> str:
    """Sign ``question`` with the card's key for logging in; raises pkcs11's errors, as for a wrong PIN."""
    import pkcs11
    from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
    from pkcs11.util.ec import encode_ecdsa_signature

    card = _token(pkcs11.lib(module), token)
    with card.open(user_pin=pin) as session:
        for key in list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True})):
            same = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: key.id}
            certificate = next(iter(list(session.get_objects(same))), None)
            if certificate is None or not _for_login(certificate[Attribute.VALUE]):
                continue
            if key.key_type == KeyType.EC:
                raw = key.sign(_digest(question), mechanism=Mechanism.ECDSA)
                signature = encode_ecdsa_signature(raw)
            else:
                signature = key.sign(question.encode(), mechanism=Mechanism.SHA256_RSA_PKCS)
            return _written(certificate[Attribute.VALUE], signature)
    raise LookupError("the card has no key for logging in")


def _token(library: Any, label: str | None) -> Any:
    found = [slot.get_token() for slot in library.get_slots(token_present=True)]
    chosen = [one for one in found if one.label == label] if label else [one for one in found if one.label]
    if not chosen:
        raise LookupError("no card in the reader")
    return chosen[0]


def _for_login(der: bytes) -> bool:
    """The card has another key for signing documents, which is left alone."""
    from cryptography import x509

    usage = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.KeyUsage).value
    return bool(usage.digital_signature and not usage.content_commitment)


def _digest(question: str) -> bytes:
    from hashlib import sha256

    return sha256(question.encode()).digest()


def _written(certificate: bytes, signature: bytes) -> str:
    told = {"certificate": b64encode(certificate).decode(), "signature": b64encode(signature).decode()}
    return b64encode(json.dumps(told).encode()).decode()


def main() -> int:
    parser = argparse.ArgumentParser(description="Log in with an ID card through PKCS#11.")
    parser.add_argument("--module", required=True, help="the card's PKCS#11 library")
    parser.add_argument("--token", help="which card, when there are several")
    chosen = parser.parse_args()
    sys.stderr.write("Question from the login page: ")
    question = input().strip()
    try:
        sys.stderr.write(f"You log in at {who_asks(question)}. Is that where you are? Ctrl-C if not.\n")
        pin = getpass.getpass("PIN: ") if sys.stdin.isatty() else input()
        sys.stdout.write(answer(chosen.module, pin, question, chosen.token) + "\n")
    except (ValueError, LookupError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except Exception as fault:
        sys.stderr.write(f"The card said no: {type(fault).__name__}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
