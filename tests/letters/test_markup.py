"""Markdown to the neutral tree, and values that mean nothing in it."""

from hypothesis import given
from hypothesis import strategies as st

from outreach.letters.markup import escape, parse, parse_line, plain
from outreach.letters.typography import typeset

SOURCE = """\
Un **gras** et *italique*, un [lien](https://example.org/a?b=1 "t").
Suite\\
ligne.

## Titre

::: request
La 1re question ?
:::

- un
- deux

1. premier

| Champ | Places |
|---|--:|
| handicap | 1 200 |

> cité

::: sources
Insee
:::
"""


def test_every_kind_of_block() -> None:
    """Each block of the contract of letter.py comes out under its name."""
    kinds = [block["kind"] for block in parse(SOURCE)]

    assert kinds == [
        "paragraph", "heading", "request", "list", "list", "table", "quote", "sources"
    ]  # fmt: skip


def test_inlines_nest() -> None:
    """Strong, emphasis, links, breaks and raised ordinals are nodes of their own."""
    paragraph = parse(SOURCE)[0]["inline"]
    request = parse(SOURCE)[2]["blocks"][0]["inline"]

    assert [node["kind"] for node in paragraph] == [
        "text", "strong", "text", "emphasis", "text", "link", "text", "break", "text"
    ]  # fmt: skip
    assert paragraph[5]["href"] == "https://example.org/a?b=1"
    assert [node["kind"] for node in request] == ["text", "superscript", "text"]


def test_tables_keep_their_sides() -> None:
    """Columns carry their alignment, cells their inlines."""
    table = parse(SOURCE)[5]

    assert table["align"] == ["left", "right"]
    assert plain(table["rows"][0][1]) == "1\u202f200"


def test_a_line_is_never_a_block() -> None:
    """A subject that looks like a list or a title stays a line."""
    assert parse_line("1. Une\n  question ?") == "1. Une question\u202f?"
    assert parse_line("# non") == "# non"


VALUES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")),
    min_size=1,
    max_size=40,
)
MARKS = st.text(alphabet="*_`[]()<>#+-.!|~\\:={}$&\"'^@ 12ab\t\n", min_size=1, max_size=30)


@given(VALUES | MARKS)
def test_an_escaped_value_is_one_plain_paragraph(value: str) -> None:
    """Any value at the start of a line prints its own letters in one paragraph of plain text."""
    blocks = parse(escape(value))
    words = " ".join(value.split())

    if words:
        (paragraph,) = blocks
        assert paragraph["kind"] == "paragraph"
        said = plain(paragraph["inline"])
        assert " ".join(said.split()) == " ".join(typeset(words).split())
    else:
        assert all(block["kind"] == "paragraph" for block in blocks)


@given(VALUES | MARKS)
def test_an_escaped_value_inside_a_line(value: str) -> None:
    """Inside a sentence, a table cell or a list a value opens and closes nothing."""
    value = " ".join(value.split()) or "x"
    source = f"**a {escape(value)} b**\n\n| x {escape(value)} |\n|---|\n| {escape(value)} |\n"

    paragraph, table = parse(source)

    assert [node["kind"] for node in paragraph["inline"]] == ["strong"]
    assert len(table["rows"]) == 1
    assert len(table["rows"][0]) == 1
