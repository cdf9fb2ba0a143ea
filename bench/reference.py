"""The reference: the same two pages by Starlette, SQLAlchemy Core and Jinja2, with our own templates.

It reads its session and as many rows, unsealed, from a SQLite file of its own, and renders the same HTML. What
it does not do is what the ratio measures: rights, sealed contents, the ORM, middleware, service files.
"""

from __future__ import annotations

import gettext
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

META = sa.MetaData()
SESSIONS = sa.Table("session", META, sa.Column("key", sa.String, primary_key=True), sa.Column("name", sa.String))
ROWS = sa.Table(
    "row",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String, index=True),
    sa.Column("kind", sa.String, index=True),
    sa.Column("data", sa.String),
)
OWN_PAGES = [
    SimpleNamespace(path="/my/contact", title="Kontaktopplysninger og kontonummer", icon="contact"),
    SimpleNamespace(path="/my/payments", title="Betalinger", icon="money"),
    SimpleNamespace(path="/my/lookups", title="Hvem har slått meg opp", icon="eye"),
    SimpleNamespace(path="/my/id-card", title="ID-kortet mitt", icon="card"),
    SimpleNamespace(path="/my/jobs", title="Jobbene mine", icon="case"),
    SimpleNamespace(path="/my/powers", title="Fullmakter", icon="pen"),
    SimpleNamespace(path="/my/eids", title="Mine elektroniske ID-er", icon="key"),
    SimpleNamespace(path="/my/sessions", title="Hvor du er logget inn", icon="key"),
]
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def environment(folders: list[Path], translations: Path, languages: list[tuple[str, str]]) -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders), autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    with translations.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    env.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)  # type: ignore[attr-defined]
    settings = SimpleNamespace(LANGUAGES=languages, DEMO=True, LIVE_URL="http://127.0.0.1:8001")
    env.globals.update(
        static=lambda path: f"/static/{path}", url=lambda name, *args: f"/{name}", settings=settings,
        language=lambda: "nb", session_ends=lambda request: NOW + timedelta(minutes=30),
        acting_name=lambda actor: actor.name, clock=lambda value: value.strftime("%H:%M"), period=str,
        desks=lambda actor: [], own_pages=lambda actor: OWN_PAGES,
    )  # fmt: skip
    env.filters.update(
        day=lambda value: f"{value:%d.%m.%Y}", moment=lambda value: f"{value:%d.%m.%Y %H:%M}",
        kroner=lambda ore: f"{ore // 100} kr", size=str, clock=lambda value: f"{value:%H:%M}",
    )  # fmt: skip
    return env


def application(env: jinja2.Environment, engine: sa.Engine, data: dict[str, Any]) -> Starlette:
    """The app, with its rows put in: ``data`` is what the pages show."""
    META.create_all(engine)
    with engine.begin() as connection:
        connection.execute(SESSIONS.insert(), [{"key": "bench", "name": "Kari Prøve"}])
        rows = [
            {"owner": "Kari Prøve", "kind": kind, "data": json.dumps(one)}
            for kind, many in data.items()
            for one in many
        ]
        connection.execute(ROWS.insert(), rows)

    def read(connection: sa.Connection, owner: str, kind: str) -> list[Any]:
        found = connection.execute(sa.select(ROWS.c.data).where(ROWS.c.owner == owner, ROWS.c.kind == kind))
        return [_thing(json.loads(row[0])) for row in found]

    def who(connection: sa.Connection, request: Request) -> Any:
        key = request.cookies["session"]
        row = connection.execute(sa.select(SESSIONS).where(SESSIONS.c.key == key)).one()
        return SimpleNamespace(
            name=row.name, is_officer=False, on_behalf_of=None, capacity="self", scope=SimpleNamespace(whole=True)
        )

    def page(request: Request, actor: Any, template: str, context: dict[str, Any]) -> HTMLResponse:
        seen = SimpleNamespace(actor=actor, path=request.url.path, method="GET", get_full_path=lambda: request.url.path)
        more = {"request": seen, "csrf_input": "", "csrf_token": ""}
        return HTMLResponse(env.get_template(template).render(context | more))

    async def my(request: Request) -> HTMLResponse:
        with engine.connect() as connection:
            actor = who(connection, request)
            kinds = ("waiting", "letters", "drafts", "cases")
            found = {kind: read(connection, actor.name, kind) for kind in kinds}
        return page(request, actor, "site/my.html", found)

    async def form(request: Request) -> HTMLResponse:
        with engine.connect() as connection:
            actor = who(connection, request)
            context = vars(read(connection, actor.name, "form")[0])
        return page(request, actor, "cases/form.html", context)

    return Starlette(routes=[Route("/my", my), Route("/form", form)])


def _thing(value: Any) -> Any:
    """Rows as the templates read them: attributes, and times as times."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name: _thing(one) for name, one in value.items()})
    if isinstance(value, list):
        return [_thing(one) for one in value]
    if isinstance(value, str) and value.startswith("time:"):
        return datetime.fromisoformat(value[5:])
    return value
