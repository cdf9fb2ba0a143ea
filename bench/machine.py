"""``make bench``: machine tokens for each second of CPU, beside the signatures alone with joserfc in the same run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from bench import stage

ROUNDS = 60  # few at a time: an assertion is good for ten seconds
TRIPS = 8  # the best one counts: the machine has other things to do


def main() -> int:
    stage.set_up()
    from django.test import Client
    from joserfc import jwt
    from joserfc.jwk import RSAKey

    from allting.common.identity.machine import issuer
    from allting.common.identity.tests import factories_machine as m
    from allting.common.registers.tests import factories as make

    m.scope(accessible_for_all=True)
    owner = make.chief_of("Fagsystem AS")[1]
    client, browser = m.machine(owner), Client()
    bearer = m.certificate_of(owner)
    public = RSAKey.import_key(m.key().as_dict(private=False))
    claims = issuer.verified(m.ask(m.assertion(client)).json()["access_token"])
    assert claims is not None

    def with_key(text: str) -> None:
        assert m.ask(text, browser).status_code == 200

    def alone(text: str) -> None:
        jwt.decode(text, public, algorithms=["RS256"])
        issuer.sign(claims)

    def rate(make_one: Callable[[], str], do: Callable[[str], None]) -> float:
        best = 0.0
        for _trip in range(TRIPS):
            texts = [make_one() for _one in range(ROUNDS)]
            began = time.process_time()
            for text in texts:
                do(text)
            best = max(best, ROUNDS / (time.process_time() - began))
        return best

    key = rate(lambda: m.assertion(client), with_key)
    certificate = rate(lambda: m.with_certificate(bearer, owner.organisation_number), with_key)
    reference = rate(lambda: m.assertion(client), alone)
    for name, found in (("with a registered key", key), ("with a certificate", certificate)):
        ratio = f"{found / reference:.2f} of verifying and signing alone with joserfc ({reference:.0f})"
        print(f"tokens {name:22} {found:6.0f} per CPU second, {ratio}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
