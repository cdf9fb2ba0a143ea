"""Machine to machine against a running platform, by parties that others wrote: requests-oauth2client and OpenSSL."""

import json
import re
import subprocess
import time
import uuid
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import AuthorityInformationAccessOID
from jwskate import Jwk, JwkSet, Jwt
from requests_oauth2client import InvalidGrant, InvalidScope, OAuth2Client

pytestmark = pytest.mark.browser
HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "machine.md"


class Enterprise:
    """An organisation of the demo with its certificate, and a client of another's making."""

    def __init__(self, platform, place, folder):
        self.number = platform.facts["machine"]["organisations"][place]["number"]
        self.file = folder / f"{self.number}.pem"
        platform.allting("enterprise", "certificate", self.number, "--out", str(self.file))
        self.issuer = platform.facts["machine"]["issuer"]
        self.client = OAuth2Client.from_discovery_endpoint(
            f"{self.issuer}/.well-known/oauth-authorization-server",
            issuer=self.issuer,
            client_id=self.number,
            testing=True,
        )

    def assertion(self, scope, **more):
        pem, now = self.file.read_bytes(), int(time.time())
        chain = [b64encode(one.public_bytes(Encoding.DER)).decode() for one in x509.load_pem_x509_certificates(pem)]
        claims = {"aud": self.issuer, "iss": self.number, "scope": scope, "iat": now, "exp": now + 60}
        claims |= {"jti": str(uuid.uuid4())} | more
        return Jwt.sign(claims, Jwk(load_pem_private_key(pem, None)), alg="RS256", extra_headers={"x5c": chain})


@pytest.fixture
def supplier(platform, tmp_path):
    return Enterprise(platform, 1, tmp_path)


@pytest.fixture
def consumer(platform, tmp_path):
    return Enterprise(platform, 0, tmp_path)


def test_the_five_minutes_of_the_howto(platform, consumer, capsys):
    code = re.search(r"^   ```python\n(.*?)^   ```", HOWTO.read_text(), re.DOTALL | re.MULTILINE)[1]
    code = re.sub(r"^   ", "", code, flags=re.MULTILINE)
    given = {
        "http://127.0.0.1:8000/machine": consumer.issuer,
        "390000006": consumer.number,
        "bistro.pem": str(consumer.file),
    }
    for told, real in given.items():
        assert told in code
        code = code.replace(told, real)
    exec(compile(code, str(HOWTO), "exec"), {})
    assert capsys.readouterr().out == "[]\n"


def test_a_supplier_gets_a_token_that_the_published_keys_verify(supplier, consumer):
    asked = supplier.assertion("skatt:inntekt.les", consumer_org=consumer.number)
    token = supplier.client.jwt_bearer(asked)
    assert token.expires_in in range(595, 601)
    keys = JwkSet(httpx.get(supplier.issuer + "/jwks").json())
    read = Jwt(str(token.access_token))
    assert read.verify_signature(keys, alg="RS256")
    assert read.claims["consumer"]["ID"] == f"0192:{consumer.number}"
    assert read.claims["supplier"]["ID"] == f"0192:{supplier.number}"


def test_the_demo_machine_signs_with_its_registered_key(platform):
    found = json.loads(platform.allting("clients", "--json"))
    listed = found if isinstance(found, list) else found["clients"]
    demo = next(one for one in listed if one["client_id"] == "demo-machine")
    assert demo["issuer"] == platform.facts["machine"]["issuer"]
    now, key = int(time.time()), Jwk(demo["private_key_jwk"])
    claims = {"aud": demo["issuer"], "iss": "demo-machine", "scope": "skatt:inntekt.les", "iat": now, "exp": now + 60}
    assertion = Jwt.sign(claims | {"jti": str(uuid.uuid4())}, key, alg="RS256")
    client = OAuth2Client(demo["issuer"] + "/token", client_id="demo-machine", testing=True)
    assert client.jwt_bearer(assertion).scope == "skatt:inntekt.les"


def test_the_library_understands_what_is_refused(supplier, consumer):
    with pytest.raises(InvalidScope, match="does not have it"):
        supplier.client.jwt_bearer(supplier.assertion("skatt:inntekt.les"))
    used = consumer.assertion("skatt:inntekt.les")
    consumer.client.jwt_bearer(used)
    with pytest.raises(InvalidGrant, match="used before"):
        consumer.client.jwt_bearer(used)


def test_a_replay_in_parallel_over_all_processes(consumer):
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": str(consumer.assertion("allting:cases")),
    }
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _one: httpx.post(consumer.issuer + "/token", data=form).status_code, range(8)))
    assert sorted(answers) == [200] + [400] * 7


def test_openssl_asks_the_running_ocsp_responder(platform, consumer, tmp_path):
    own, issuer = x509.load_pem_x509_certificates(consumer.file.read_bytes())
    for name, one in (("own", own), ("issuer", issuer)):
        (tmp_path / f"{name}.pem").write_bytes(one.public_bytes(Encoding.PEM))
    root = Path(platform.env["ALLTING_DATA"]) / "enterprise-ca" / "root.crt"
    access = own.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    url = next(one.access_location.value for one in access if one.access_method == AuthorityInformationAccessOID.OCSP)

    def status():
        command = ["openssl", "ocsp", "-issuer", "issuer.pem", "-cert", "own.pem", "-url", url, "-CAfile", str(root)]
        done = subprocess.run(
            [*command, "-verify_other", "issuer.pem"], cwd=tmp_path, capture_output=True, text=True, timeout=30
        )
        assert "Response verify OK" in done.stdout + done.stderr
        return done.stdout

    assert "own.pem: good" in status()
    platform.allting("enterprise", "revoke", str(consumer.file))
    assert "own.pem: revoked" in status()
    with pytest.raises(InvalidGrant, match="revoked"):  # never judged before, so it is felt at once
        consumer.client.jwt_bearer(consumer.assertion("allting:cases"))
