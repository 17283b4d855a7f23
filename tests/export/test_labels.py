"""outreach.export.labels: labels, envelopes, and the page that proves the window."""

import datetime as dt
import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import typst

from outreach.errors import InputError
from outreach.export.compositor import FONTS
from outreach.export.labels import (
    ENVELOPES,
    SHEETS,
    LabelSheet,
    label_sheet,
    write_envelopes,
    write_labels,
    write_window_test,
)
from outreach.export.paper import Paper, Window
from outreach.export.pdf import letter_pdf
from outreach.export.typesetting import TEMPLATES
from outreach.letters.letter import Letter
from outreach.roster.seat import Parliamentarian

DAY = dt.date(2026, 11, 23)
POINT = 25.4 / 72


def words(pdf: Path) -> list[tuple[str, int, float, float, float, float]]:
    """(word, page, left, top, right, bottom) in mm; a box is the font's, 1 mm over the letters."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on this machine")
    page = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True, text=True
    ).stdout
    found = []
    number = 0
    for line in page.splitlines():
        number += "<page " in line
        match = re.search(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*)</word>', line)
        if match:
            left, top, right, bottom = (float(match[n]) * POINT for n in (1, 2, 3, 4))
            found.append((html.unescape(match[5]), number, left, top, right, bottom))
    return found


@pytest.fixture
def letters(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian]
) -> list[Letter]:
    """Five letters: three to one place, one elsewhere, one without an address."""
    office = (
        "Monsieur Paul EXEMPLE",
        "Député de l'Ain",
        "3 RUE DES LILAS",
        "01000 BOURG EN BRESSE",
    )
    lines = [a_letter().address, office, a_letter().address, (), a_letter().address]
    return [
        a_letter(
            recipient=a_deputy(official_id=f"PA{n}", constituency_code=f"0{n}-01"), address=own
        )
        for n, own in enumerate(lines, start=1)
    ]


@pytest.mark.parametrize("name", SHEETS)
def test_every_known_sheet_lies_on_a4(name: str) -> None:
    """Each sheet that is shipped passes the checks that own sizes must pass."""
    sheet = SHEETS[name]
    own = (sheet.columns, sheet.rows, sheet.width, sheet.height, sheet.left, sheet.top, sheet.pitch_x, sheet.pitch_y)  # fmt: skip

    assert label_sheet(name.lower()) == sheet
    assert label_sheet(",".join(map(str, own))) == sheet


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("L9999", "is no sheet of labels; write L7159"),
        ("2,7,99.1", "eight numbers"),
        ("3,8,80,37,0,0,80,37", "end at 240 × 296 mm"),
        ("0,8,70,37,0,0,70,37", "at least 20 × 20 mm"),
        ("30,80,5,3,0,0,5,3", "at least 20 × 20 mm"),
    ],
)
def test_sheets_that_cannot_be_are_refused(text: str, said: str) -> None:
    """Unknown names and sizes that do not fit say what is expected."""
    with pytest.raises(InputError, match=said):
        label_sheet(text)


def test_labels_begin_at_the_nth_and_lie_inside(letters: list[Letter], tmp_path: Path) -> None:
    """Printing starts at the third label, each text lies inside its label, offsets are added."""
    sheet = SHEETS["L7163"]

    count = write_labels(letters, tmp_path / "l.pdf", sheet, date=DAY, start=14, offset=(1.5, -1))

    assert count == 4
    found = words(tmp_path / "l.pdf")
    assert {page for _, page, *_ in found} == {1, 2}
    first = [word for word in found if word[1] == 1]
    left, top = sheet.left + sheet.pitch_x + 1.5, sheet.top + 6 * sheet.pitch_y - 1
    for _, _, x0, y0, x1, y1 in first:
        assert left + 4.9 <= x0
        assert x1 <= left + sheet.width - 4.9
        assert top <= y0
        assert y1 <= top + sheet.height


def test_a_label_too_small_for_its_address_sets_it_smaller(
    a_letter: Callable[..., Letter], tmp_path: Path
) -> None:
    """Six lines of 38 capitals stay inside the smallest label that is shipped."""
    sheet = SHEETS["L7159"]
    letter = a_letter(address=tuple(f"{n} " + "W" * 36 for n in range(6)))

    write_labels([letter], tmp_path / "l.pdf", sheet, date=DAY)

    found = words(tmp_path / "l.pdf")
    assert len(found) == 12
    assert max(word[4] for word in found) <= sheet.left + sheet.width - 4.9
    assert max(word[5] for word in found) <= sheet.top + sheet.height


def test_letters_to_one_place_share_a_label(letters: list[Letter], tmp_path: Path) -> None:
    """Merged: one label for the Assembly with the count, one for the office, full."""
    count = write_labels(letters, tmp_path / "l.pdf", SHEETS["70x37"], date=DAY, merge=True)

    text = " ".join(word for word, *_ in words(tmp_path / "l.pdf"))
    assert count == 2
    assert "Assemblée nationale 126 RUE DE L UNIVERSITE 75355 PARIS 07 SP 3 lettres" in text
    assert "Monsieur Paul EXEMPLE" in text
    assert "GARNIER" not in text


@pytest.mark.parametrize("start", [0, 15])
def test_a_start_that_is_not_on_the_sheet_is_refused(
    start: int, letters: list[Letter], tmp_path: Path
) -> None:
    """The 15th of 14 labels does not exist."""
    with pytest.raises(InputError, match="the sheet has 14 labels"):
        write_labels(letters, tmp_path / "l.pdf", SHEETS["L7163"], date=DAY, start=start)


def test_nobody_with_an_address_is_refused(a_letter: Callable[..., Letter], tmp_path: Path) -> None:
    """Labels for letters without any address are refused, and no file appears."""
    with pytest.raises(InputError, match="postal address"):
        write_labels([a_letter(address=())], tmp_path / "l.pdf", LabelSheet(1, 1, 90, 90, 0, 0, 90, 90), date=DAY)  # fmt: skip

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ENVELOPES)
def test_envelopes_have_their_size_and_order(
    name: str, letters: list[Letter], tmp_path: Path
) -> None:
    """One page of the envelope's size each, the address in its right lower part."""
    envelope = ENVELOPES[name]

    count = write_envelopes(letters, tmp_path / "e.pdf", envelope, date=DAY)

    assert count == 4
    with pikepdf.open(tmp_path / "e.pdf") as document:
        boxes = {tuple(round(float(x) * POINT) for x in page.mediabox) for page in document.pages}
        assert len(document.pages) == 4
    assert boxes == {(0, 0, envelope.width, envelope.height)}
    found = words(tmp_path / "e.pdf")
    cities = [
        (page, top, bottom) for word, page, _, top, _, bottom in found if word in ("75355", "01000")
    ]
    assert [page for page, *_ in cities] == [1, 2, 3, 4]
    assert all(
        top > envelope.height / 2 and bottom < envelope.height - 20 for _, top, bottom in cities
    )


def test_the_address_lies_in_the_window_and_nothing_else_does(
    a_letter: Callable[..., Letter], tmp_path: Path
) -> None:
    """On every style, what the window of an envelope may show is the address alone."""
    for style in ("classique", "sobre", "moderne"):
        (tmp_path / "l.pdf").write_bytes(letter_pdf(a_letter(), Paper(style=style), date=DAY))

        found = words(tmp_path / "l.pdf")

        shown = [word for word in found if word[4] > 90 and word[5] > 34 and word[3] < 90]
        address = " ".join(a_letter().address).split()
        assert [word for word, *_ in shown] == address
        assert min(word[2] for word in shown) >= 109.9
        assert max(word[4] for word in shown) <= 190.1
        assert min(word[3] for word in shown) >= 53.5
        assert max(word[5] for word in shown) <= 79.5


def test_no_character_is_wider_than_an_address_takes_it_to_be(tmp_path: Path) -> None:
    """An address that is not measured does fit: each character keeps within its bound."""
    (tmp_path / "measure.typ").write_text("""
#import "address.typ": bound, type-size
#set text(font: ("Noto Sans", "Libertinus Serif", "Noto Emoji"), size: type-size)
#let wider(codes) = codes.map(str.from-unicode).filter(it => measure(it).width > bound(it))
#context [#metadata(wider(range(0x20, 0x7f) + range(0xa0, 0x3000) + range(0x1f300, 0x1f700))) <wider>]
""")
    shutil.copyfile(TEMPLATES / "address.typ", tmp_path / "address.typ")
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )

    found = typst.query(
        tmp_path / "measure.typ", "<wider>", field="value", root=tmp_path, font_paths=fonts
    )

    assert json.loads(found) == [[]]


def test_the_window_page_shows_the_campaigns_own_window(tmp_path: Path) -> None:
    """The sample address of the test page lies where the campaign's window is."""
    write_window_test(tmp_path / "w.pdf", Window(115, 50, 75, 26), date=DAY)

    found = {word: box for word, _, *box in words(tmp_path / "w.pdf")}
    assert found["MADAME"][0] == pytest.approx(115, abs=0.5)
    assert found["MADAME"][1] == pytest.approx(50, abs=1.5)
