"""``make bench``: my page and a form page, against the same content by Starlette, SQLAlchemy Core and Jinja2.

Both are called in this process on one core, without a network: requests for each second of CPU. The goal is
half of the reference's.
"""

from __future__ import annotations

import asyncio
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import stage

ROUNDS, REQUESTS, GOAL = 5, 150, 0.5
TIME = "time:2026-11-24T09:00:00+00:00"


def main() -> int:
    browser = stage.set_up()
    from bench.reference import application

    ours = _ours(browser)
    app = application(*_reference(browser))
    short = []
    for name, path, other in (("my page", "/my", "/my"), ("form page", f"/drafts/{browser.draft}/place", "/form")):
        first, size = _best(lambda path=path: ours(path))
        second, other_size = _best_async(app, other)
        ratio = first / second
        theirs = f"reference {second:.0f} of {other_size / 1000:.1f} kB"
        print(f"{name}: {first:.0f} requests/s of {size / 1000:.1f} kB; {theirs}")
        print(f"{name}: ratio {ratio:.2f} (goal {GOAL})")
        short += [name] if ratio < GOAL else []
    if short:
        print(f"below the goal: {', '.join(short)}")
    return 0


def _ours(browser: Any) -> Callable[[str], bytes]:
    from allting.site.wsgi import application

    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())

    def get(path: str) -> bytes:
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
            "HTTP_HOST": "127.0.0.1:8000", "HTTP_COOKIE": cookie, "HTTP_ACCEPT_LANGUAGE": "nb",
            "HTTP_ACCEPT": "text/html", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr,
        }  # fmt: skip
        status = []
        answer = application(environ, lambda code, headers: status.append(code))
        body = b"".join(answer)
        answer.close()
        assert status[0].startswith("200"), status
        return body

    return get


def _reference(browser: Any) -> tuple[Any, Any, dict[str, Any]]:
    import sqlalchemy as sa
    from django.conf import settings

    from bench.reference import environment

    translations = Path(settings.LOCALE_PATHS[0]) / "nb" / "LC_MESSAGES" / "django.mo"
    env = environment(settings.TEMPLATE_FOLDERS, translations, settings.LANGUAGES)
    engine = sa.create_engine(f"sqlite:///{stage.FOLDER}/reference.sqlite3")
    return env, engine, _content(browser)


def _content(browser: Any) -> dict[str, Any]:
    """What our pages show, as plain rows."""
    case = {"id": "0190a0b0-0000-7000-8000-000000000001", "title": "Barnetrygd", "authority": "Nav"}
    case |= {"number": "2026/1", "submitted": TIME}
    letter = {"id": case["id"], "title": "Du får barnetrygd for Ola Prøve", "sender_name": "Nav", "delivered": TIME}
    letter |= {"content": {"language": "nb"}}
    service = {"service": "kindergarten-place", "title": "Barnehageplass"}
    draft = {"id": case["id"], "service": service, "changed": TIME}
    blank = {"help": "", "error": "", "options": [], "files": [], "rows": 6, "refreshes": False}
    choices = [["full", "Hel plass (fem dager i uken)"], ["part", "Delt plass"]]
    form = {
        "form": {"id": case["id"], "service": service, "revision": 1},
        "page": {"title": "Plassen", "text": None},
        "questions": [
            blank | {"name": "child", "widget": "choice", "label": "Hvem gjelder søknaden?", "value": "1",
                     "options": [["1", "Ola Prøve"]]},
            blank | {"name": "start", "widget": "date", "label": "Når ønsker du at barnet skal begynne?",
                     "value": "2027-08-17"},
            blank | {"name": "hours", "widget": "choice", "label": "Hvor mye plass trenger dere?", "value": "full",
                     "options": choices},
        ],
        "summary": [], "place": 1, "places": 3, "back": "/services/kindergarten-place", "notice": "",
        "has_files": False,
    }  # fmt: skip
    status = {"status": "Innvilget", "colour": "success"}
    return {
        "waiting": [],
        "letters": [letter | {"opened": None}] * 3,
        "drafts": [draft] * 2,
        "cases": [case | status] * 5,
        "form": [form],
    }


def _best(call: Callable[[], bytes]) -> tuple[float, int]:
    """Requests for each second of CPU, the best of some rounds, and the page's size."""
    size = len(call())
    rates = []
    for _round in range(ROUNDS):
        began = time.process_time()
        for _request in range(REQUESTS):
            call()
        rates.append(REQUESTS / (time.process_time() - began))
    return max(rates), size


def _best_async(app: Any, path: str) -> tuple[float, int]:
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "scheme": "http",
        "http_version": "1.1", "headers": [(b"host", b"x"), (b"cookie", b"session=bench")], "server": ("x", 80),
        "client": ("x", 1), "root_path": "", "asgi": {"version": "3.0"},
    }  # fmt: skip
    body: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
            body.clear()
        else:
            body.append(message["body"])

    async def measure() -> tuple[float, int]:
        await app(dict(scope), receive, send)
        rates = []
        for _round in range(ROUNDS):
            began = time.process_time()
            for _request in range(REQUESTS):
                await app(dict(scope), receive, send)
            rates.append(REQUESTS / (time.process_time() - began))
        return max(rates), len(b"".join(body))

    return asyncio.run(measure())


if __name__ == "__main__":
    sys.exit(main())
