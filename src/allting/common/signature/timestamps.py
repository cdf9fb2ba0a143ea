"""The time stamp authority (RFC 3161, ETSI EN 319 422): that something was there, and when."""

from __future__ import annotations

import secrets
import time
from hashlib import sha256

from asn1crypto import tsp
from django.utils import timezone

from allting.common.signature import authority, cms, der

ACCURACY_SECONDS = 1
LARGEST_QUESTION = 4096
_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}  # ETSI TS 119 312: no older ones
_BAD_ALGORITHM, _BAD_FORMAT, _BAD_POLICY, _BAD_EXTENSION = 0, 5, 15, 16


def token(digest: bytes) -> bytes:
    """A time stamp (TimeStampToken, DER) of a SHA-256 ``digest``."""
    return _token(der.sequence(cms.SHA256, der.octets(digest)), None, certificates=True)


def answer(asked: bytes) -> bytes:
    """The answer (TimeStampResp, DER) to a TimeStampReq (DER, § 2.4.1); a refusal says why."""
    try:
        question = tsp.TimeStampReq.load(asked, strict=True)
        imprint = question["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        digest, nonce = imprint["hashed_message"].native, question["nonce"].native
        policy, wants = question["req_policy"].native, bool(question["cert_req"].native)
        has_more = bool(question["extensions"].native)
        if question["version"].native != "v1":
            return _refused(_BAD_FORMAT, "version 1 only")
    except (ValueError, TypeError, KeyError):
        return _refused(_BAD_FORMAT, "this is not a time stamp request")
    if algorithm not in _SIZES:
        return _refused(_BAD_ALGORITHM, "use SHA-256, SHA-384 or SHA-512")
    if len(digest) != _SIZES[algorithm]:
        return _refused(_BAD_FORMAT, "the digest has not the length of its algorithm")
    if policy not in (None, authority.TIME_POLICY.dotted_string):
        return _refused(_BAD_POLICY, "another policy")
    if has_more:
        return _refused(_BAD_EXTENSION, "no extensions")
    made = _token(imprint.dump(), nonce, certificates=wants)
    return der.sequence(der.sequence(der.integer(0)), made)


def _refused(why: int, words: str) -> bytes:
    """PKIStatusInfo: rejection, with a PKIFailureInfo bit."""
    return der.sequence(der.sequence(der.integer(2), der.sequence(der.text(words)), der.bits(why)))


def _token(imprint: bytes, nonce: int | None, *, certificates: bool) -> bytes:
    bearer = authority.own("tsa")
    info = der.sequence(
        der.integer(1), der.oid(authority.TIME_POLICY.dotted_string), imprint, der.integer(_serial()),
        der.moment(timezone.now()), der.sequence(der.integer(ACCURACY_SECONDS)),
        b"" if nonce is None else der.integer(nonce),
        der.tagged(0, der.tagged(4, bearer.certificate.subject.public_bytes())),
    )  # fmt: skip
    chain = [authority.issuing().certificate] if certificates else []
    return cms.signed(bearer, sha256(info).digest(), content=info, kind=cms.TIME, chain=chain, embed=certificates)


def _serial() -> int:
    """Never the same twice (§ 2.4.2): nanoseconds since 1970, and 64 bits by chance for those at the same moment."""
    return time.time_ns() << 64 | secrets.randbits(64)
