"""Messages to addresses that others have registered: never into our own network, never followed further.

The name is looked up once, every address it has must be public, and the connection is made to that address: a name
that changes in between leads nowhere (server-side request forgery). In the demo loopback is allowed.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from allting.common.outbox.api import GiveUp, PutOff

SECONDS = 5
_NEVER = (400, 401, 403, 404, 405, 410, 501)  # answers that another try will not change
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Forbidden(ValueError):
    """We do not speak to this address; the text says why."""


def post(address: str, form: Mapping[str, str]) -> None:
    """Send ``form``; taken when it is answered with 2xx. Raises PutOff to try again, GiveUp when it is no use."""
    try:
        target, headers, extensions = _target(address)
        with (
            httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as http,
            http.stream("POST", target, data=form, headers=headers, extensions=extensions) as answer,
        ):
            status = answer.status_code
    except Forbidden as fault:
        raise GiveUp(str(fault)) from None
    except (httpx.HTTPError, OSError, httpx.InvalidURL) as fault:
        raise PutOff(type(fault).__name__) from None
    if status in _NEVER or 300 <= status < 400:
        raise GiveUp(f"HTTP {status}")
    if not 200 <= status < 300:
        raise PutOff(f"HTTP {status}")


def _target(address: str) -> tuple[str, dict[str, str], dict[str, str]]:
    parts = urlsplit(address)
    host = parts.hostname or ""
    home = settings.DEMO and host in _LOOPBACK
    if parts.scheme != "https" and not (home and parts.scheme == "http"):
        raise Forbidden("only https")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    numbers = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not home and not all(_public(number) for number in numbers):
        raise Forbidden("an address that is not public")
    number = sorted(numbers, key=lambda one: ":" in one)[0]
    netloc = f"[{number}]:{port}" if ":" in number else f"{number}:{port}"
    target = parts._replace(netloc=netloc, fragment="").geturl()
    return target, {"Host": parts.netloc.rpartition("@")[2]}, {"sni_hostname": host}


def _public(number: str) -> bool:
    one = ip_address(number)
    mapped = getattr(one, "ipv4_mapped", None)
    return (mapped or one).is_global and not one.is_multicast
