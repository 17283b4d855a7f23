"""Template packs travel between associations: hostile until proven otherwise."""

import time
from pathlib import Path

import pytest
from tests.letters.builders import TODAY, campaign_in, local, person

from outreach.errors import TemplateError
from outreach.letters.compose import compose
from outreach.letters.letter import Letter

# Of processor time, so that a busy machine does not count: what is not stopped would take minutes.
SECONDS = 20.0

# Each must be refused as a whole, in words, whatever a campaign's data are.
REFUSED = {
    "class": "{{ title.__class__ }}",
    "mro": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "subscript": "{{ title['__class__'] }}",
    "globals": "{{ recipient.__init__.__globals__ }}",
    "attr filter": "{{ title|attr('__class__') }}",
    "call": "{{ title.upper() }}",
    "format": "{{ '{0.__class__}'.format(title) }}",
    "format map": "{{ '{a.__class__}'.format_map(recipient) }}",
    "lipsum": "{{ lipsum(n=200000) }}",
    "lipsum globals": "{{ lipsum.__globals__['os'].popen('id') }}",
    "cycler": "{{ cycler.__init__.__globals__ }}",
    "joiner": "{{ joiner() }}",
    "namespace": "{% set n = namespace() %}",
    "range": "{% for i in range(10**9) %}x{% endfor %}",
    "dict call": "{{ dict(a=1) }}",
    "self": "{{ self._TemplateReference__context }}",
    "self call": "{{ self.body() }}",
    "config": "{{ config.items() }}",
    "request": "{{ request.application }}",
    "environment": "{{ environment }}",
    "context": "{{ context }}",
    "loop parent": "{% for d in demands %}{{ loop.__init__ }}{% endfor %}",
    "loop call": "{% for d in demands recursive %}{{ loop(demands) }}{% endfor %}",
    "loop previtem": "{% for d in fields %}{{ loop.previtem }}{% endfor %}",
    "include file": "{% include '/etc/passwd' %}",
    "include parent": "{% include '../campaign.toml' %}",
    "include name": "{% include title %}",
    "include list": "{% include ['a', 'b'] %}",
    "include self": "{% include 'letter.md' %}",
    "import": "{% import 'letter.md' as x %}",
    "from": "{% from 'letter.md' import x %}",
    "extends": "{% extends 'letter.md' %}",
    "block": "{% block a %}{% endblock %}",
    "macro": "{% macro m() %}{{ m() }}{% endmacro %}",
    "call block": "{% call title() %}x{% endcall %}",
    "filter block": "{% filter upper %}x{% endfilter %}",
    "set block": "{% set a %}x{% endset %}",
    "autoescape": "{% autoescape false %}{{ title }}{% endautoescape %}",
    "do": "{% do title %}",
    "with": "{% with a = 1 %}{{ a }}{% endwith %}",
    "safe": "{{ '<script>'|safe }}",
    "forceescape": "{{ title|forceescape }}",
    "tojson": "{{ recipient|tojson }}",
    "pprint": "{{ recipient|pprint }}",
    "xmlattr": "{{ recipient|xmlattr }}",
    "map": "{{ demands|map(attribute='__class__')|list }}",
    "select": "{{ fields|selectattr('key')|list }}",
    "sort": "{{ fields|sort(attribute='key') }}",
    "center": "{{ 'a'|center(1000000000) }}",
    "indent": "{{ 'a'|indent(1000000000) }}",
    "wordwrap": "{{ 'a'|wordwrap(1) }}",
    "batch": "{{ [1]|batch(1000000000, 0)|list }}",
    "replace": "{{ 'a'|replace('a', 'aa') }}",
    "format filter": "{{ '%1000000000d'|format(1) }}",
    "random": "{{ [1]|random }}",
    "power": "{{ 9**9**9 }}",
    "text times": "{{ 'a' * 10000000000 }}",
    "list times": "{{ [1] * 10000000000 }}",
    "percent": "{{ '%1000000000d' % 1 }}",
    "text plus": "{{ title + title }}",
    "concat": "{{ title ~ title }}",
    "big product": "{{ 1000000000 * 1000000000 * 1000000000 }}",
    "big literal": "{{ " + "9" * 5000 + " }}",
    "squaring": "{% set a = 99999 %}" + "{% set a = a * a %}" * 50 + "{{ a }}",
    "division": "{{ 1 / 0 }}",
    "list growth": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a == a }}",
    "tuple growth": "{% set a = (1, 2) %}{% set a = (a, a) %}",
    "dict": "{{ {'a': 1} }}",
    "slice": "{{ title[::-1] }}",
    "four loops": "{% for a in demands %}" * 4 + "x" + "{% endfor %}" * 4,
    "loop over text": "{% for c in title %}{{ c }}{% endfor %}",
    "loop over record": "{% for c in recipient %}{{ c }}{% endfor %}",
    "unpacking": "{% for a, b in demands %}{% endfor %}",
    "deep ifs": "{% if title %}" * 200 + "x" + "{% endif %}" * 200,
    "deep parentheses": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "deep nots": "{{ " + "not " * 5000 + "1 }}",
    "long sum": "{{ " + "1+" * 20000 + "1 }}",
    "long text": "a" * 60_000,
    "large source": "a" * 100_001,
    "test callable": "{% if title is callable %}x{% endif %}",
    "test mapping": "{% if recipient is mapping %}x{% endif %}",
    "print record": "{{ recipient }}",
    "print list": "{{ demands }}",
    "print figure": "{{ figures.places }}",
    "print yes": "{{ recipient.feminine }}",
    "print none": "{{ none }}",
    "print nothing": "{{ '' }}",
    "python none": "{{ None.__class__ }}",
    "unknown tag": "{% debug %}",
    "unclosed": "{% if title %}",
    "stray brace": "{{ title }",
    "set reserved": "{% set title.x = 1 %}",
    "figure attribute": "{{ figures.places.figure }}",
    "figure slots": "{{ figures.places.__slots__ }}",
    "index text": "{{ title[0] }}",
    "index name": "{{ fields[title] }}",
}


def render(folder: Path, body: str, **files: str) -> Letter:
    """Compose one letter whose text is this."""
    settings_more = '[[demands]]\nkey = "a"\ntitle = "T"\ntext = "x"\n'
    from tests.letters.builders import CAMPAIGN

    campaign = campaign_in(folder, body, settings=CAMPAIGN + settings_more, **files)
    (letter,) = compose(campaign, [(person(), local())], today=TODAY)
    return letter


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_attacks_are_refused_in_words(tmp_path: Path, body: str) -> None:
    """An attack gives one TemplateError that names file and line, soon, and no letter."""
    start = time.process_time()

    with pytest.raises(TemplateError) as refused:
        render(tmp_path, body)

    assert time.process_time() - start < SECONDS
    assert refused.value.problems
    assert all(line.startswith("letter.md, line ") for line in refused.value.problems)
    assert "Traceback" not in str(refused.value)


ONES = str([1] * 90)
LOOPS = {
    "rounds": "{% for a in L %}{% for b in L %}{% for c in L %}{% if a == b %}{% endif %}"
    "{% endfor %}{% endfor %}{% endfor %}".replace("L", ONES),
    "output": (
        "{% for a in L %}{% for b in L %}" + "0123456789" * 9 + "{% endfor %}{% endfor %}"
    ).replace("L", str([1] * 60)),
    "join": "{{ ['b', 'b', 'b', 'b', 'b']|join('" + "a" * 5000 + "') }}",
}


@pytest.mark.parametrize("body", LOOPS.values(), ids=LOOPS.keys())
def test_loops_and_joins_are_counted(tmp_path: Path, body: str) -> None:
    """What would run or grow for long is stopped by a count, not by patience."""
    start = time.process_time()

    with pytest.raises(TemplateError, match=r"more than 5000 times|longer than (20000|50000) char"):
        render(tmp_path, body)

    assert time.process_time() - start < SECONDS


# Markdown that makes parsers slow: it must be read, or refused, within the time of a letter.
SLOW = {
    "brackets": "[" * 49_000,
    "images": "![" * 24_000,
    "stars": "**a" * 16_000,
    "underscores": "_*" * 24_000,
    "quotes": "> " * 24_000,
    "lists": "".join(" " * depth + "- a\n" for depth in range(300)),
    "table": "|a" * 12_000 + "|\n" + "|-" * 12_000 + "|\n|b|\n",
    "links": "[a](" * 12_000,
    "backslashes": "\\" * 49_000,
    "quotation marks": "\"'" * 24_000,
    "one word": "a" * 49_000,
    "roman": "V" * 49_000,
    "numbers": "1 000 " * 8_000,
    "addresses": "a@" * 24_000,
    "dots": "a." * 24_000,
    "urls": "https://" * 6_000,
}


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW.keys())
def test_slow_markdown_is_read_in_time(tmp_path: Path, body: str) -> None:
    """No Markdown of the size that a letter may have holds the machine."""
    start = time.process_time()

    letter = render(tmp_path, body)

    assert time.process_time() - start < SECONDS
    assert letter.text


INERT = {
    "script": ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    "img": ('<img src=x onerror="alert(1)">', "&lt;img src=x"),
    "comment": ("<!-- x -->", "&lt;!-- x --&gt;"),
    "javascript link": ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
    "data link": ("[x](data:text/html,x)", "[x](data:text/html,x)"),
    "http link": ("[x](http://example.org)", "[x](http://example.org)"),
    "reference": ("[x]: https://example.org\n\n[x]", "[x]: https://example.org"),
    "image": ("![x](https://example.org/x.png)", '!<a href="https://example.org/x.png"'),
    "style": ("<style>p{display:none}</style>", "&lt;style&gt;"),
    "entity": ("&lt;b&gt;", "&lt;b&gt;"),
    "slot": ("{{ '{{sender}}' }}", "{{sender}}"),
}


@pytest.mark.parametrize(("body", "shown"), INERT.values(), ids=INERT.keys())
def test_markup_that_is_not_ours_stays_text(tmp_path: Path, body: str, shown: str) -> None:
    """HTML, foreign links and images in a template are printed, never obeyed."""
    html = render(tmp_path, body).html

    assert shown in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert html.count("<style>") == 1


def test_a_link_out_of_the_pack_is_not_followed(tmp_path: Path) -> None:
    """A template that is a symbolic link could print any file; it is refused."""
    secret = tmp_path / "secret.txt"
    secret.write_text("mot de passe", encoding="utf-8")
    folder = tmp_path / "pack"
    campaign = campaign_in(folder, "x")
    (folder / "letter.md").unlink()
    (folder / "letter.md").symlink_to(secret)

    with pytest.raises(TemplateError, match="no link") as refused:
        compose(campaign, [(person(), local())], today=TODAY)

    assert "mot de passe" not in str(refused.value)


def test_a_linked_folder_of_blocks_is_not_followed(tmp_path: Path) -> None:
    """A link to a folder elsewhere is no way out either."""
    outside = tmp_path / "outside" / "hook"
    outside.mkdir(parents=True)
    (outside / "a.md").write_text("mot de passe", encoding="utf-8")
    folder = tmp_path / "pack"
    campaign = campaign_in(folder, "{% include blocks.hook %}")
    (folder / "blocks").symlink_to(tmp_path / "outside")

    with pytest.raises(TemplateError, match="no link"):
        compose(campaign, [(person(), local())], today=TODAY)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\u2028", "\x00", "\x1b"])
def test_hidden_marks_in_a_template_are_refused(tmp_path: Path, mark: str) -> None:
    """A mark that shows a reviewer other words than those printed is named with its line."""
    with pytest.raises(TemplateError, match=r"invisible mark U\+") as refused:
        render(tmp_path, f"Bonjour.\n\nUn {mark}mot.")

    assert refused.value.problems[0].startswith("letter.md, line 6: ")


def test_a_variant_cannot_include_itself(tmp_path: Path) -> None:
    """Blocks include nothing, so that no circle can be made of them."""
    with pytest.raises(TemplateError, match="a variant cannot include another block"):
        render(
            tmp_path, "{% include blocks.hook %}", blocks__hook__a_md="{% include blocks.hook %}"
        )


def test_a_template_outside_the_campaign_is_refused(tmp_path: Path) -> None:
    """templates.assemblee = "../x.md" would read outside the pack."""
    from tests.letters.builders import CAMPAIGN

    (tmp_path / "x.md").write_text('+++\nsubject = "x"\n+++\nx', encoding="utf-8")
    settings = CAMPAIGN.replace('assemblee = "letter.md"', 'assemblee = "../x.md"')
    campaign = campaign_in(tmp_path / "pack", "x", settings=settings)

    with pytest.raises(TemplateError, match="inside the campaign's folder"):
        compose(campaign, [(person(), local())], today=TODAY)
