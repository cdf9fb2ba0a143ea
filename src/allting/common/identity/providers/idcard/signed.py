"""The card read by a program on the holder's own machine (PKCS#11): it signs a question, and we check the answer."""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as BadBase64

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.conf import settings

from allting.common.identity.providers.idcard.certificates import BadCard

PREFIX = "allting-card-login."
SECONDS = 600


def question() -> str:
    """What is to be signed: it names us, so that an answer is worth nothing elsewhere, and ends with its time."""
    facts = {"to": settings.OIDC_ISSUER, "once": secrets.token_urlsafe(24), "until": int(time.time()) + SECONDS}
    return PREFIX + urlsafe_b64encode(json.dumps(facts).encode()).decode()


def certificate_in(answer: str, asked: str) -> bytes:
    """The DER of the certificate whose key signed ``asked``, which was kept since it was made. Raises BadCard."""
    try:
        told = json.loads(b64decode("".join(answer.split()), validate=True))
        der, signature = b64decode(told["certificate"]), b64decode(told["signature"])
        key = x509.load_der_x509_certificate(der).public_key()
    except (ValueError, KeyError, TypeError, BadBase64):
        raise BadCard("unreadable") from None
    facts = json.loads(b64decode(asked.removeprefix(PREFIX), altchars=b"-_")) if asked else {"until": 0}
    if facts["until"] < time.time():
        raise BadCard("late")
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, asked.encode(), ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048:
            key.verify(signature, asked.encode(), padding.PKCS1v15(), hashes.SHA256())
        else:
            raise BadCard("other")
    except InvalidSignature:
        raise BadCard("signature") from None
    return der
