"""A supplier's OpenID provider over real HTTP, honest or as hostile as it is told to be."""

from __future__ import annotations

import hmac
import json
import threading
import time
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.util import urlsafe_b64encode

from allting.common.identity.gateway import challenge_of


class SupplierServer:
    """``claims`` change what it says, ``header`` how it signs; ``asked`` is the last token request."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.published = [self.key]
        self.claims, self.header, self.metadata = {}, {}, {}
        self.codes = {}
        self.asked = None
        self.visitor = {}
        self.status = 200
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, address, claims, **answer):
        """Somebody shows who she is at the supplier; returns the address her browser is sent back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = (query, claims)
        told = {"code": code, "state": query["state"], "iss": self.issuer} | answer
        return query["redirect_uri"] + "?" + urlencode({name: one for name, one in told.items() if one is not None})

    def token(self, query, claims):
        now = int(time.time())
        body = {"iss": self.issuer, "aud": query["client_id"], "sub": "s-1", "nonce": query["nonce"], "iat": now}
        body |= {"exp": now + 60, "acr": query["acr_values"]} | claims | self.claims
        body = {name: one for name, one in body.items() if one is not None}
        header = {"alg": "RS256", "kid": self.key.kid} | self.header
        key = self.key
        if header["alg"] in ("none", "HS256"):  # signed with nothing, or with what everybody can read
            signed = b".".join(urlsafe_b64encode(json.dumps(one).encode()) for one in (header, body))
            public = self.key.as_pem(private=False)
            tag = b"" if header["alg"] == "none" else hmac.digest(public, signed, "sha256")
            return (signed + b"." + urlsafe_b64encode(tag)).decode()
        if header["alg"].startswith("ES"):
            key = ECKey.generate_key("P-256")
        return jwt.encode(header, body, key, algorithms=[header["alg"]])

    def _handler(outer):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.endswith("openid-configuration"):
                    self._say(200, {
                        "issuer": outer.issuer, "authorization_endpoint": outer.issuer + "/authorize",
                        "token_endpoint": outer.issuer + "/token", "jwks_uri": outer.issuer + "/jwks",
                        "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
                        "authorization_response_iss_parameter_supported": True,
                    } | outer.metadata)  # fmt: skip
                elif self.path.startswith("/authorize?"):  # a browser: she is who ``visitor`` says
                    self.send_response(302)
                    self.send_header("Location", outer.authorize(self.path, outer.visitor))
                    self.end_headers()
                else:
                    self._say(200, KeySet(outer.published).as_dict(private=False))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                outer.asked = {"form": form, "authorization": self.headers.get("Authorization", "")}
                query, claims = outer.codes.pop(form.get("code"), (None, None))
                if query is None or challenge_of(form["code_verifier"]) != query["code_challenge"]:
                    self._say(400, {"error": "invalid_grant"})
                else:
                    self._say(outer.status, {"id_token": outer.token(query, claims), "access_token": "x"})

            def _say(self, status, told):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

            def log_message(self, *args):
                pass

        return Handler


def basic(authorization):
    return b64decode(authorization.removeprefix("Basic ")).decode()
