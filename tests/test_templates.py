"""The template lint: our templates pass it, and each fault it knows is found on its line."""

import pytest

from tools.templates import Linter, folders

PAGE = '{% extends "site/layout.html" %}\n{% from "site/components.html" import heading %}\n{% block content %}\n'
END = "{% endblock %}\n"


def check(tmp_path, text, name="page.html"):
    (tmp_path / name).write_text(text)
    return [(one.line, one.text) for one in Linter([tmp_path, *folders()]).check(name)]


def test_ours_have_nothing_to_mend():
    assert Linter(folders()).findings() == []


@pytest.mark.parametrize(
    "line, rule",
    [
        ("{{ heading(_('A')) }}{% if %}", "does not compile"),
        ("{{ heading(_('A'))|nosuchfilter }}", "does not compile"),
        ("{{ heading('A') }}<script>1</script>", "inline <script>"),
        ("{{ heading('A') }}<p style='color: red'>", "inline style"),
        ("{{ heading('A') }}<p {% if a > 1 %}onclick='go()'{% endif %}>", "inline onclick="),
        ("{{ heading('A') }}<a href='JavaScript:go()'>", "javascript:"),
        ("{{ heading('A') }}<input id='a' name='{{ x }}'>", "without a label"),
        ("{{ heading('A') }}<select id='a'></select><label for='b'></label>", "without a label"),
        ("{{ heading('A') }}<img src='/a.png'>", "without alt"),
        ("{{ heading('A') }}<form method='post'></form>{{ csrf_input }}", "without {{ csrf_input }}"),
        ("{{ heading('A') }}<form method='post'>{{ csrf_input }}</form><form></form>", ""),
        ("{{ heading('A') }}{{ text | safe }}", "escaping off"),
        ("{{ heading('A') }}{% include 'nope.html' %}", "no template 'nope.html'"),
        ("{{ heading('A') }}{% from 'site/components.html' import nope %}", "no macro 'nope'"),
    ],
)
def test_a_fault_is_found_on_its_line(tmp_path, line, rule):
    found = check(tmp_path, PAGE + line + "\n" + END)
    assert [(number, rule in text) for number, text in found] == [(4, True)] if rule else found == []


@pytest.mark.parametrize(
    "content, rule",
    [
        ("<p>nothing</p>", "no main heading"),
        ("{{ heading('A', level=2) }}", "no main heading"),
        ("{% if a %}{{ heading('A') }}{% endif %}", "no main heading"),
        ("{% if a %}{{ heading('A') }}{% else %}<h1>B</h1>{% endif %}", ""),
        ("{% if a %}{{ heading('A') }}{% elif b %}<h1>B</h1>{% else %}<h1>C</h1>{% endif %}", ""),
        ("{{ heading('A') }}{{ heading('B', 2) }}", ""),
        ("{{ heading('A') }}<h1>B</h1>", "more than one"),
        ("{% for a in b %}{{ heading(a) }}{% endfor %}", "more than one"),
    ],
)
def test_a_page_has_one_main_heading(tmp_path, content, rule):
    found = check(tmp_path, PAGE + content + "\n" + END)
    assert [rule in text for _line, text in found] == ([True] if rule else [])


def test_a_heading_of_the_page_extended_counts_unless_its_block_is_replaced(tmp_path):
    (tmp_path / "middle.html").write_text(PAGE + "{% block top %}{{ heading('A') }}{% endblock %}" + END)
    assert check(tmp_path, '{% extends "middle.html" %}') == []
    found = check(tmp_path, '{% extends "middle.html" %}{% block top %}B{% endblock %}')
    assert "no main heading" in found[0][1]


def test_a_field_may_stand_inside_its_label_or_name_it_by_expression(tmp_path):
    inside = "<label>Name <input name='a'></label>"
    named = "<label for='f-{{ name }}'>B</label><input id='f-{{ name }}'{% if a %} checked{% endif %}>"
    assert check(tmp_path, inside + named, "part.html") == []


def test_the_layout_hides_no_name_that_a_view_may_use(tmp_path):
    (tmp_path / "site").mkdir()
    text = "{% set actor = 1 %}\n{% set ends = 1 %}\n{% macro to() %}{% endmacro %}\n{% set _fine = 1 %}\n"
    assert {line for line, said in check(tmp_path, text, "site/layout.html") if "hides" in said} == {2, 3}
