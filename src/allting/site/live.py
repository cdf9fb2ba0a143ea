"""Live streams: tells a page that something of its reader's has changed (Server-Sent Events).

A small ASGI process of its own (``allting serve`` starts it on PORT + 1), so that open streams hold no web
worker. It says only *that* something changed; the page fetches itself again with its own rights. A stream is
no use of the session: it does not make a login longer, and it ends with it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allting.site.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after Django is set up
from django.db import close_old_connections  # noqa: E402

from allting.common.cases import api as cases  # noqa: E402
from allting.common.identity import api as identity  # noqa: E402
from allting.common.mailbox import api as mailbox  # noqa: E402

POLL_SECONDS = 2.0
BEAT_EVERY = 7  # polls between two signs of life
MOST_POLLS = 300  # ten minutes; the browser comes back by itself
MOST_STREAMS = 1000
Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_threads = ThreadPoolExecutor(4, thread_name_prefix="live")
_open = 0


def stamp(session_key: str) -> str | None:
    """What changes when something of the session's party changes; None when nobody is logged in there."""
    try:
        actor = identity.actor_in(session_key)
        return None if actor is None else f"{mailbox.stamp(actor)} {cases.stamp(actor)}"
    finally:
        close_old_connections()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI app: ``GET /live/case`` with the portal's cookie."""
    global _open
    if scope["type"] != "http":
        return
    if scope["path"] != "/live/case" or scope["method"] != "GET":
        await _refuse(send, 404)
        return
    key = _session_key(scope)
    first = await _stamp(key) if key else None
    if first is None or _open >= MOST_STREAMS:
        await _refuse(send, 401 if first is None else 503)
        return
    _open += 1
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await _stream(send, key, first, gone)
    finally:
        gone.cancel()
        _open -= 1


async def _stream(send: Send, key: str, last: str, gone: asyncio.Future[None]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _headers(b"text/event-stream")})
    await _say(send, b"retry: 5000\n\n")
    for poll in range(MOST_POLLS):
        done, _waiting = await asyncio.wait([gone], timeout=POLL_SECONDS)
        now = None if done else await _stamp(key)
        if now is None:
            break
        if now != last:
            last = now
            await _say(send, b"data: changed\n\n")
        elif poll % BEAT_EVERY == 0:
            await _say(send, b": beat\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _stamp(key: str) -> str | None:
    return await asyncio.get_running_loop().run_in_executor(_threads, stamp, key)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers(b"text/plain")})
    await send({"type": "http.response.body", "body": b""})


def _headers(media_type: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", media_type),
        (b"cache-control", b"private, no-store"),
        (b"access-control-allow-origin", settings.BASE_URL.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
        (b"x-accel-buffering", b"no"),
    ]


def _session_key(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            found = SimpleCookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
            return found.value if found else ""
    return ""
