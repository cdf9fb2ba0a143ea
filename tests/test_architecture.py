"""The walls of the house, where import-linter does not reach."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

from allting.kernel import demo, problems

SOURCE = Path(__file__).resolve().parent.parent / "src" / "allting"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
ROOM = re.compile(r"allting\.(common|sectors)\.(\w+)(?:\.(.+))?$")
LIBRARY_VIEWS = ("ninja", "django")


def imports(path):
    """Each imported module, with the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, tuple(alias.name for alias in node.names)


def room_of(path):
    parts = path.relative_to(SOURCE).parts
    return f"{parts[0]}.{parts[1]}" if parts[0] in ("common", "sectors") and len(parts) > 2 else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_is_entered_through_its_api_only(path):
    for module, names in imports(path):
        match = ROOM.match(module)
        if match is None or f"{match[1]}.{match[2]}" == room_of(path):
            continue
        door = match[3] or ",".join(names)
        open_to_tests = "tests" in path.parts and (door.startswith(("tests.factories", "models")) or door == "tests")
        assert door == "api" or door.startswith("api.") or open_to_tests, f"{module}: use {match[2]}.api"


def test_the_kernel_touches_no_database():
    for path in (SOURCE / "kernel").glob("*.py"):
        assert not [module for module, _names in imports(path) if module.startswith("django.db")], path


def test_no_file_hides_behind_an_empty_name():
    assert not [path for path in FILES if path.stem in ("utils", "helpers", "manager", "base", "misc", "common")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_file_is_longer_than_500_lines(path):
    assert len(path.read_text().splitlines()) <= 500


def test_what_is_advised_on_is_refused_somewhere():
    raised = "".join(path.read_text() for path in FILES if path.name not in ("advice.py", "errors.py"))
    assert problems._advice
    assert not [code for code in problems._advice if f'"{code}"' not in raised]


def test_the_demo_suggests_things_of_many_rooms_the_first_thing_first():
    tasks = demo.tasks()
    assert len(tasks) > 15 and tasks[0].startswith("As Ingrid Moldestad, search for barnehage")


def test_a_walk_opens_its_browser_in_one_way():
    """A window of another kind moves what folds out, and gives up on a slow page: tests/walks/conftest.py."""
    walks = Path(__file__).parent / "walks"
    assert [one.name for one in walks.glob("*.py") if ".new_context(" in one.read_text()] == ["conftest.py"]


def routes(resolver, prefix=""):
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.callback
        else:
            yield from routes(one, prefix + str(one.pattern))


def test_every_page_says_who_may_enter():
    silent = [
        path
        for path, view in routes(get_resolver())
        if not hasattr(view, "entry") and not view.__module__.startswith(LIBRARY_VIEWS) and not path.startswith("api/")
    ]
    assert not silent, f"decorate with public, citizen, officer or logged_in (kernel.access): {silent}"


def test_every_rest_operation_says_who_may_enter():
    from allting.site.rest import api

    silent = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                doors = operation.auth_callbacks or router.auth
                if not doors and not hasattr(operation.view_func, "entry"):
                    silent.append(prefix + path)
    assert not silent, f"give auth=RestGuard(…) or decorate with public: {silent}"


def test_each_schema_of_the_rest_api_has_a_name_of_its_own():
    """OpenAPI knows them by their names: of two alike it would describe one operation by the other's."""
    from ninja import Schema

    from allting.site.rest import api

    def below(one):
        for sub in one.__subclasses__():
            yield sub
            yield from below(sub)

    ours = [one for one in set(below(Schema)) if one.__module__.startswith("allting.")]
    names = [one.__name__ for one in ours]
    assert api and ours
    assert not sorted(name for name in set(names) if names.count(name) > 1)


def test_the_rest_api_describes_itself(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    assert paths
