"""What the documents say is so: settings, commands, links, make targets, paths."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "allting"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *SOURCE.rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# What was decided or changed once may speak of what is not there now.
PRESENT = [path for path in DOCUMENTS if path.parent.name != "adr" and path.name != "CHANGES.md"]
README_PROGRAMS = {"cd", "git"}  # besides make and allting


def rows(document, heading=None):
    """The tables' rows as {name in backticks: the whole row}, of one section or of all."""
    text = (ROOT / document).read_text()
    if heading:
        text = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return {match[1]: match[0] for match in re.finditer(r"^\| `([^`]+)` \|.*$", text, re.MULTILINE)}


# --- Settings and commands -------------------------------------------------------------------------


@cache
def settings_read():
    """Each name read in settings.py, with its default when that is written out there."""
    found = {}
    for node in ast.walk(ast.parse((SOURCE / "site" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("env", "env_bool", "env_list") and isinstance(node.args[0], ast.Constant):
                default = node.args[1] if len(node.args) > 1 else None
                found[node.args[0].value] = default.value if isinstance(default, ast.Constant) else None
    return found


OWN_MODULE = "In a settings module of your own"


def described():
    own = rows("docs/settings.md", OWN_MODULE)
    return {name: row for name, row in rows("docs/settings.md").items() if name not in own}


def test_each_setting_is_described():
    missing = [f"| `{name}` | meaning | default | unit |" for name in sorted(set(settings_read()) - set(described()))]
    assert not missing, "add to docs/settings.md, under the heading it belongs to:\n" + "\n".join(missing)


def test_each_described_setting_is_read():
    dead = sorted(set(described()) - set(settings_read()))
    assert not dead, f"docs/settings.md describes what site/settings.py does not read; take it out: {dead}"
    unknown = [name for name in rows("docs/settings.md", OWN_MODULE) if not hasattr(settings, name)]
    assert not unknown, f"docs/settings.md, {OWN_MODULE!r}: site/settings.py has no {unknown}"


@pytest.mark.parametrize("name", sorted(name for name, default in settings_read().items() if default))
def test_the_default_is_the_one_that_holds(name):
    default = settings_read()[name]
    if isinstance(default, str) and name in described():
        assert f"`{default}`" in described()[name], f"docs/settings.md: {name} has the default `{default}`"


@cache
def our_commands():
    found = SOURCE.rglob("management/commands/*.py")
    return {path.stem for path in found if not path.stem.startswith("_")}


def test_each_command_is_described():
    wanted = {f"allting {name}" for name in our_commands()}
    named = {" ".join(words.split()[:2]) for words in rows("docs/commands.md")}
    missing = [f"| `{name}` | what it does |" for name in sorted(wanted - named)]
    assert not missing, "add to docs/commands.md:\n" + "\n".join(missing)
    assert not named - wanted, f"docs/commands.md describes commands that are gone: {sorted(named - wanted)}"


# --- Links, targets and paths ------------------------------------------------------------------------


def anchors(path):
    """The anchors of a document's headings, as GitHub and Forgejo make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_relative_link_leads_somewhere(path):
    broken = []
    for link in LINK.findall(FENCED.sub("", path.read_text())):
        file, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert not broken, f"{path.relative_to(ROOT)} links to what is not there: {broken}"


@cache
def targets():
    return set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def command_lines(text):
    """The commands of the blocks marked ``sh``, without comments, settings in front and ``sudo``."""
    for block in SHELL.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            words = re.sub(r"(^|\s)#.*$", "", line).split()
            while words and (re.match(r"[A-Z_]+=", words[0]) or words[0] == "sudo"):
                words.pop(0)
            if words:
                yield words


@pytest.mark.parametrize("path", PRESENT, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_told_to_be_run_exists(path):
    text = path.read_text()
    told = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text))
    ours = set(re.findall(r"`(?:[A-Z_]+=\S+ )*allting ([a-z_-]+)", text))
    for words in command_lines(text):
        if words[0] == "make":
            told |= {word for word in words[1:] if "=" not in word}
        elif Path(words[0]).name == "allting":
            ours |= set(words[1:2])
        elif path == ROOT / "README.md":
            assert words[0] in README_PROGRAMS, f"README.md: {words[0]} is neither a make target nor a command of ours"
    name = path.relative_to(ROOT)
    assert not told - targets(), f"{name}: the Makefile has no {sorted(told - targets())}"
    assert not ours - set(get_commands()), f"{name}: allting has no {sorted(ours - set(get_commands()))}"


def paths_named(text):
    """Backticked words that look like files of ours; <name> stands for any one name."""
    for word in re.findall(r"`([\w./<>*-]+/[\w./<>*-]*|[\w-]+\.(?:md|toml|lock|yml|yaml))`", FENCED.sub("", text)):
        first = word.split("/")[0]
        if first and ((ROOT / first).exists() or (SOURCE / first).exists()):
            yield word


@pytest.mark.parametrize("path", PRESENT, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_path_named_exists(path):
    gone = []
    for word in paths_named(path.read_text()):
        pattern = re.sub(r"<[^>]*>", "*", word).rstrip("/")
        if not any(next(folder.glob(pattern), None) for folder in (ROOT, SOURCE)):
            gone.append(word)
    assert not gone, f"{path.relative_to(ROOT)} names what is not there: {gone}"
