"""``python -m tools.templates``: what a page's template must and must not have, said as file:line and how to mend it.

Read the findings from the top: each names the rule and the way out. The rules are those of our pages: every
template compiles, scripts and styles stand in files (the content security policy refuses others), each field
has a label, each page one <h1>, each picture an alternative, and nothing switches the escaping off.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import jinja2
from jinja2 import nodes

from allting.site.templating import environment

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "allting"
LAYOUT = "site/layout.html"
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<(/?[a-zA-Z][\w-]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>")
ATTRIBUTE = re.compile(r"([^\s=\"'/]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+))?")
QUIET_INPUTS = ("hidden", "submit", "button", "reset", "image")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: in which template, on which line, what and how."""

    name: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """One start or end tag (``/form``) with its attributes, values without quotes."""

    name: str
    line: int
    at: int
    attributes: dict[str, str]


class Linter:
    """Checks the templates of ``folders``, which see each other as they do on the site."""

    def __init__(self, folders: list[Path]) -> None:
        self.env = environment("en", loader=jinja2.FileSystemLoader(folders), autoescape=True)

    def findings(self) -> list[Finding]:
        """Everything to mend in every template, by name and line."""
        found = [one for name in self.env.list_templates(["html"]) for one in self.check(name)]
        return sorted(found, key=lambda one: (one.name, one.line))

    def check(self, name: str) -> Iterator[Finding]:
        source = self._source(name)
        try:
            tree = self.env.parse(source, name)
            self.env.compile(source, name)
        except jinja2.TemplateSyntaxError as error:
            yield Finding(name, error.lineno, f"does not compile: {error.message}")
            return
        spoken = [*self._names(tree), *_tags_spoken(source), *_escaping(source), *self._headings(name, tree)]
        spoken += _in_the_way(tree) if name == LAYOUT else []
        yield from (Finding(name, line, text) for line, text in spoken)

    def _source(self, name: str) -> str:
        assert self.env.loader is not None
        return self.env.loader.get_source(self.env, name)[0]

    def _tree(self, name: str) -> nodes.Template:
        return self.env.parse(self._source(name), name)

    def _names(self, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        """Templates that are not there, and macros that are not in them."""
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            named = getattr(node, "template", None)
            if not isinstance(named, nodes.Const):
                continue
            other = str(named.value)
            if other not in self.env.list_templates():
                yield node.lineno, f"there is no template {other!r}: write its path from the templates folder"
            elif isinstance(node, nodes.FromImport):
                there = {macro.name for macro in self._tree(other).find_all(nodes.Macro)}
                for word in node.names:
                    wanted = word if isinstance(word, str) else word[0]
                    if wanted not in there:
                        yield node.lineno, f"{other} has no macro {wanted!r}; it has {', '.join(sorted(there))}"

    def _headings(self, name: str, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        if name == LAYOUT or LAYOUT not in self._ancestors(tree):
            return
        least, most = self._main_headings(tree, frozenset())
        if most > 1:
            yield 1, "more than one main heading: keep one heading(…) of level 1, give the others level=2 or more"
        elif least < 1:
            yield 1, "no main heading (or not in every branch): begin the content with {{ heading(_(…)) }}"

    def _ancestors(self, tree: nodes.Template) -> list[str]:
        parent = _parent(tree)
        if parent is None or parent not in self.env.list_templates():
            return []
        return [parent, *self._ancestors(self._tree(parent))]

    def _main_headings(self, tree: nodes.Template, overridden: frozenset[str]) -> tuple[int, int]:
        """How many <h1> a page gets at least and at most, from this template and those it extends."""
        least, most = _count(tree.body, overridden)
        parent = _parent(tree)
        if parent in self.env.list_templates():
            blocks = overridden | {block.name for block in tree.find_all(nodes.Block)}
            more = self._main_headings(self._tree(str(parent)), blocks)
            return least + more[0], most + more[1]
        return least, most


def _in_the_way(tree: nodes.Template) -> list[tuple[int, str]]:
    """What the layout defines hides what a view calls the same, on every page."""
    names = [(node.lineno, node.name) for node in tree.body if isinstance(node, nodes.Macro)]
    sets = [node for node in tree.body if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name)]
    names += [(node.lineno, node.target.name) for node in sets if isinstance(node.target, nodes.Name)]
    said = "hides what a view calls {!r} on every page: begin the name with _"
    return [(line, said.format(name)) for line, name in names if not name.startswith("_") and name != "actor"]


def _parent(tree: nodes.Template) -> str | None:
    extends = tree.find(nodes.Extends)
    return str(extends.template.value) if extends and isinstance(extends.template, nodes.Const) else None


def _count(body: list[nodes.Node], overridden: frozenset[str]) -> tuple[int, int]:
    counts = [_count_one(node, overridden) for node in body]
    return sum(least for least, _most in counts), sum(most for _least, most in counts)


def _count_one(node: nodes.Node, overridden: frozenset[str]) -> tuple[int, int]:
    """Least and most <h1> of one node: a branch is taken or not, a loop runs any number of times."""
    if isinstance(node, nodes.If):
        branches = [_count(part, overridden) for part in (node.body, node.else_, *(one.body for one in node.elif_))]
        return min(least for least, _most in branches), max(most for _least, most in branches)
    if isinstance(node, nodes.For):
        most = _count(node.body, overridden)[1]
        return 0, most * 2
    if isinstance(node, nodes.Macro) or (isinstance(node, nodes.Block) and node.name in overridden):
        return 0, 0
    if isinstance(node, nodes.TemplateData):
        return (len(re.findall(r"<h1\b", node.data)),) * 2
    if isinstance(node, nodes.Call):
        return (int(_is_main_heading(node)),) * 2
    return _count(list(node.iter_child_nodes()), overridden)


def _is_main_heading(call: nodes.Call) -> bool:
    if not isinstance(call.node, nodes.Name) or call.node.name != "heading":
        return False
    named = {word.key: word.value for word in call.kwargs}
    level = call.args[1] if len(call.args) > 1 else named.get("level")
    return level is None or (isinstance(level, nodes.Const) and level.value == 1)


def _without_jinja(source: str) -> str:
    """The HTML alone, with its lines: statements gone, expressions kept as words that can stand in an attribute."""

    def plain(match: re.Match[str]) -> str:
        inside = match[0]
        if not inside.startswith("{{"):
            return "\n" * inside.count("\n")
        words = re.sub(r"[\"'<>=\s]+", "_", inside[2:-2].strip())
        return "{" + words + "}" + "\n" * inside.count("\n")

    return JINJA.sub(plain, source)


def _tags(html: str) -> list[Tag]:
    found = []
    for match in TAG.finditer(html):
        pairs = {name.lower(): value.strip("\"'") for name, value in ATTRIBUTE.findall(match[2])}
        found.append(Tag(match[1].lower(), html.count("\n", 0, match.start()) + 1, match.start(), pairs))
    return found


def _tags_spoken(source: str) -> Iterator[tuple[int, str]]:
    html = _without_jinja(source)
    tags = _tags(html)
    labels = {tag.attributes["for"] for tag in tags if tag.name == "label" and "for" in tag.attributes}
    inside: list[str] = []
    for place, tag in enumerate(tags):
        if tag.name in ("label", "/label"):
            inside = ["label"] if tag.name == "label" else []
        yield from ((tag.line, text) for text in _inline(tag))
        if _wants_label(tag) and not inside and not _has_label(tag, labels):
            yield (
                tag.line,
                (
                    f"<{tag.name}> without a label: use a macro of site/components.html (text_field, select_field …),"
                    ' or give it an id and a <label for="that id">'
                ),
            )
        if tag.name == "img" and "alt" not in tag.attributes:
            yield tag.line, '<img> without alt: say what it shows, or alt="" when it only decorates'
        if tag.name == "form" and tag.attributes.get("method", "").lower() == "post":
            end = next((other.at for other in tags[place:] if other.name == "/form"), len(html))
            leads_away = "data-send-now" in tag.attributes  # to a client of a login, who must not see our token
            if "csrf_input" not in html[tag.at : end] and not leads_away:
                yield tag.line, "a form that posts without {{ csrf_input }}: put it first in the form"


def _inline(tag: Tag) -> Iterator[str]:
    if tag.name == "script" and "src" not in tag.attributes:
        yield "inline <script>: put it in a file under static, the content security policy refuses it here"
    if tag.name == "style" or "style" in tag.attributes:
        yield "inline style: put a class in allting.css, the content security policy refuses it here"
    for name, value in tag.attributes.items():
        if re.fullmatch(r"on[a-z]+", name):
            yield f"inline {name}=: listen in a file under static, the content security policy refuses it here"
        if value.lower().startswith("javascript:"):
            yield f"{name}=javascript: write a real address; every page works without JavaScript"


def _wants_label(tag: Tag) -> bool:
    return tag.name in ("select", "textarea") or (
        tag.name == "input" and tag.attributes.get("type", "text") not in QUIET_INPUTS
    )


def _has_label(tag: Tag, labels: set[str]) -> bool:
    return bool({"aria-label", "aria-labelledby"} & set(tag.attributes)) or tag.attributes.get("id") in labels


def _escaping(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), 1):
        if re.search(r"\|\s*safe\b|autoescape\s+false", line):
            yield number, "switches the escaping off: pass text, and let the template make the tags"


def folders() -> list[Path]:
    """As in site/settings.py, which needs a data folder to be read."""
    return [
        SOURCE / "site" / "templates",
        *sorted(SOURCE.glob("common/*/templates")),
        *sorted(SOURCE.glob("sectors/*/templates")),
    ]


def file_of(name: str, places: list[Path]) -> Path:
    return next(folder / name for folder in places if (folder / name).exists())


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allting.site.settings")
    django.setup()
    places = folders()
    found = Linter(places).findings()
    for one in found:
        print(f"{file_of(one.name, places).relative_to(ROOT)}:{one.line}: {one.text}")
    print(f"templates: {len(found)} to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
