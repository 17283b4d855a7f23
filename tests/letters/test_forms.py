"""One tree, several forms: text, HTML, text for web forms."""

import re
from pathlib import Path

from tests.letters.builders import TODAY, campaign_in, local, person

from outreach.letters.compose import compose
from outreach.letters.html import load_shell
from outreach.letters.letter import Letter
from outreach.letters.markup import parse
from outreach.letters.text import form_text, left_out, text_of

BODY = """\
Dans **votre** circonscription, {{ figures.places.said }} [en ligne](https://example.org/a?b=1&c=2).

| Champ | Places |
|---|--:|
| Handicap | {{ figures.places.number }} |

- un
- deux

1. premier
2. second

> cité

La 1re fois.

::: request
Oui ou non ?
:::
"""


def made(folder: Path) -> Letter:
    """A letter with one of each."""
    (letter,) = compose(campaign_in(folder, BODY), [(person(), local())], today=TODAY)
    return letter


def test_the_text_part(tmp_path: Path) -> None:
    """Each block has a form in plain text; links show where they lead."""
    text = made(tmp_path).text.replace("\u00a0", " ")

    for said in (
        "Dans votre circonscription, 340 places en ligne (https://example.org/a?b=1&c=2).",
        "– Handicap : 340 places",
        "– un\n– deux",
        "1. premier\n2. second",
        "> cité",
        "La 1re fois.",
        "→ Oui ou non ?",
    ):
        assert said in text
    assert "\u202f" not in text


def test_the_html_part(tmp_path: Path) -> None:
    """Styles stand on each element, ordinals are raised, the table is data and not layout."""
    html = made(tmp_path).html

    assert "Dans <strong>votre</strong>" in html
    assert '<a href="https://example.org/a?b=1&amp;c=2" style="' in html
    assert re.search(r'La 1<sup style="[^"]+">re</sup> fois', html)
    assert '<div class="request" style="' in html
    assert html.count("<table") == 1
    assert re.search(r'<td style="[^"]*text-align: right;">340</td>', html)
    assert '<html lang="fr">' in html


def test_dark_screens_and_nothing_else_in_the_style_sheet(tmp_path: Path) -> None:
    """What is not inline is the part for dark screens; nothing is fetched."""
    html = made(tmp_path).html
    sheet = html[html.index("<style>") : html.index("</style>")]

    assert sheet.startswith("<style>@media (prefers-color-scheme: dark)")
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "src=" not in html
    assert "url(" not in html


def test_the_shell_is_inlined_once() -> None:
    """css-inline runs once a process, whatever the number of letters."""
    assert load_shell() is load_shell()


def test_a_text_for_web_forms(tmp_path: Path) -> None:
    """A form gets the words and the sources of their figures, without letterhead or address."""
    text = form_text(made(tmp_path))

    assert text.startswith("Madame la Députée,")
    assert "Camille Exemple\nPrésidente\n\nSources" in text
    assert text.endswith("(places).")
    assert "1 rue de l" not in text


def test_a_short_form_leaves_out_whole_blocks(tmp_path: Path) -> None:
    """Tables and quotes go before the sources, sources before any word of the text, and it is told."""
    letter = made(tmp_path)
    text = form_text(letter)
    shorter = len(text)
    without = [left_out(letter, shorter)]
    for _ in range(3):
        text = form_text(letter, longest=shorter - 1)
        without.append(left_out(letter, shorter - 1))
        assert len(text) < shorter
        assert ("Sources" in text) is ("sources" not in without[-1])
        assert "Oui ou non" in text
        shorter = len(text)

    assert without == [(), ("table",), ("table", "quote"), ("table", "quote", "sources")]
    assert form_text(letter, longest=10) == text


def test_a_form_with_room_has_every_source(tmp_path: Path) -> None:
    """A limit that the whole letter keeps changes nothing."""
    letter = made(tmp_path)

    assert form_text(letter, 4000) == form_text(letter)
    assert left_out(letter, 4000) == ()


def rows(head: str, *cells: str) -> list[str]:
    """The lines that a table with these cells under one head gives, its rows called "L"."""
    table = f"| Champ | {head} |\n|---|--:|\n" + "".join(f"| L | {cell} |\n" for cell in cells)
    return text_of(parse(table)).replace("\u00a0", " ").split("\n")


def test_a_table_is_said_in_words() -> None:
    """Each row reads as a line of a letter: its name, then what it counts, in agreement."""
    table = """\
| Champ | Établissements | Places |
|---|--:|--:|
| Handicap | 4 | non connu |
| Autonomie | 1 | 12 |
| Exclusions | 2 | au moins 1 176 |
"""

    assert text_of(parse(table)).replace("\u00a0", " ").split("\n") == [
        "– Handicap : 4 établissements, nombre de places non connu",
        "– Autonomie : 1 établissement, 12 places",
        "– Exclusions : 2 établissements, au moins 1 176 places",
    ]


def test_what_a_head_does_not_count_follows_a_colon() -> None:
    """A share, an amount, a day, an acronym or a word that is no plural is not counted."""
    assert rows("Places", "0", "1,5", "près de 1 200", "12 places", "340 en 2025") == [
        "– L : 0 place", "– L : 1,5 place", "– L : près de 1 200 places", "– L : 12 places",
        "– L : places : 340 en 2025",
    ]  # fmt: skip
    assert rows("Taux", "12", "14,2 %") == ["– L : taux : 12", "– L : taux : 14,2 %"]
    assert rows("ETP", "12") == ["– L : ETP : 12"]
    assert rows("Population", "118 402") == ["– L : population : 118 402"]
    assert rows("Dépenses (k€)", "12") == ["– L : dépenses (k€) : 12"]
    assert rows("Effectif", "non connu") == ["– L : effectif : non connu"]
    assert rows("", "oui") == ["– L : oui"]
    assert rows("Places", "") == ["– L"]
