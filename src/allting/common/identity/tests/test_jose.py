"""The negative cases of RFC 8725, against the layer that reads what others signed."""

import base64
import hmac
import json
from hashlib import sha256

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from allting.common.identity import jose, signing

EC = ECKey.generate_key("P-256", private=True)
P384 = ECKey.generate_key("P-384", private=True)
RSA = RSAKey.generate_key(2048, private=True)
CLAIMS = {"iss": "me"}


def part(value) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def made(header=None, key=EC, claims=CLAIMS, algorithm="ES256"):
    return jwt.encode({"alg": algorithm} | (header or {}), claims, key, algorithms=[algorithm], default_type=None)


def read(token, key=EC, kinds=("", "jwt"), **more):
    return jose.verified(token, lambda header: key, kinds, **more)


def test_a_good_one_is_read():
    assert read(made()) == CLAIMS
    assert read(made({"typ": "application/AT+JWT"}), kinds=("at+jwt",)) == CLAIMS
    for algorithm in ("RS256", "RS384", "RS512", "PS256"):
        assert read(made(key=RSA, algorithm=algorithm), key=RSA) == CLAIMS


def unsecured(algorithm):
    return f"{part({'alg': algorithm})}.{part(CLAIMS)}."


def with_public_key_as_secret():
    head = f"{part({'alg': 'HS256'})}.{part(CLAIMS)}"
    secret = RSA.as_pem(private=False)
    return f"{head}.{part(hmac.new(secret, head.encode(), sha256).digest())}"


def null_signature():
    head, claims, _signature = made().split(".")
    return f"{head}.{claims}.{part(bytes(64))}"


def changed():
    head, _claims, signature = made().split(".")
    return f"{head}.{part({'iss': 'another'})}.{signature}"


def unsigned_header(**more):
    """A token whose header says more than the library would write."""
    head = {"alg": "ES256"} | more
    signed = made()
    return f"{part(head)}.{signed.split('.', 1)[1]}"


WRONG = {
    "alg none": unsecured("none"),
    "alg None": unsecured("None"),
    "alg missing": f"{part({})}.{part(CLAIMS)}.{part(b'x')}",
    "alg a list": f"{part({'alg': ['ES256']})}.{part(CLAIMS)}.{part(b'x')}",
    "HS256 with the public key": with_public_key_as_secret(),
    "an empty signature": ".".join([*made().split(".")[:2], ""]),
    "a signature of zeros": null_signature(),
    "changed claims": changed(),
    "another's key": made(key=ECKey.generate_key("P-256", private=True)),
    "a kind of another use": made({"typ": "at+jwt"}),
    "an embedded key": made({"jwk": EC.as_dict(private=False)}),
    "a key's address": made({"jku": "https://evil.example/keys"}),
    "a certificate's address": made({"x5u": "https://evil.example/cert"}),
    "a certificate": made({"x5c": ["MIIB"]}),
    "critical extension": unsigned_header(crit=["exp"], exp=1),
    "unencoded payload": unsigned_header(b64=False, crit=["b64"]),
    "compressed": unsigned_header(zip="DEF"),
    "five parts": "a.b.c.d.e",
    "two parts": "a.b",
    "JSON serialization": json.dumps({"payload": part(CLAIMS), "signatures": []}),
    "padding": made() + "=",
    "line break": made() + "\n",
    "header no object": f"{part([1])}.{part(CLAIMS)}.{part(b'x')}",
    "header not JSON": f"{part(b'{')}.{part(CLAIMS)}.{part(b'x')}",
    "claims no object": made(claims=CLAIMS).split(".")[0] + f".{part([1])}." + part(b"x"),
    "too long": "a" * jose.LONGEST + "." + made(),
    "empty": "",
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG.keys())
def test_what_rfc_8725_warns_of_is_refused(token):
    with pytest.raises(jose.BadToken):
        read(token, key=RSA if token == WRONG["HS256 with the public key"] else EC)


def test_an_algorithm_must_fit_its_key():
    for key, algorithm in ((P384, "ES256"), (RSA, "ES256"), (EC, "RS256")):
        with pytest.raises(jose.BadToken):
            read(f"{part({'alg': algorithm})}.{part(CLAIMS)}.{part(bytes(64))}", key=key)
    with pytest.raises(jose.BadToken):
        read(made(key=P384, algorithm="ES384"), key=P384)
    with pytest.raises(jose.BadToken):
        read(made(key=RSA, algorithm="RS256"), key=RSA, algorithms=("ES256",))


@pytest.mark.parametrize(
    "jwk",
    [
        RSAKey.generate_key(1024, private=True).as_dict(private=False),
        P384.as_dict(private=False),
        OKPKey.generate_key("Ed25519", private=True).as_dict(private=False),
        EC.as_dict(private=True),
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        EC.as_dict(private=False) | {"use": "enc"},
        {},
    ],
    ids=["RSA 1024", "P-384", "Ed25519", "private", "symmetric", "not on the curve", "for encryption", "empty"],
)
def test_a_key_that_is_weak_private_or_strange_is_not_taken(jwk):
    with pytest.raises(jose.BadToken):
        jose.imported(jwk)


@pytest.mark.parametrize("value", [None, "1", True, float("inf"), [1]])
def test_a_time_is_a_number(value):
    with pytest.raises(jose.BadToken):
        jose.moment({"exp": value}, "exp")


def test_our_own_tokens_are_of_one_kind_each():
    claims = {"iss": "x"}
    for kind in ("JWT", "at+jwt", "logout+jwt"):
        token = signing.sign(claims, kind, "RS256")
        assert signing.own(token, kind) == claims
        for other in {"JWT", "at+jwt", "logout+jwt"} - {kind}:
            with pytest.raises(ValueError):
                signing.own(token, other)
            with pytest.raises(ValueError):
                signing.verified(token, signing.public_keys(), other)
    with pytest.raises(ValueError):
        signing.verified(made({"kid": "unknown", "typ": "JWT"}), signing.public_keys())
