"""How every kind of page looks: rendered small and compared with a picture that a person accepted.

`pytest tests/export/test_look.py --update-golden` writes the pictures anew; look at them.
"""

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from outreach.campaign import Style
from outreach.export.labels import (
    ENVELOPES,
    SHEETS,
    write_envelopes,
    write_labels,
    write_window_test,
)
from outreach.export.local_map import LocalMap
from outreach.export.paper import Paper, Window
from outreach.export.pdf import letter_pdf
from outreach.export.picture import Picture
from outreach.letters.letter import Letter, Node

DAY = dt.date(2026, 11, 23)
GOLDEN = Path(__file__).parent / "golden"
DPI = 50
# Of 255. Measured on the first page: 1 for the same drawing (the stored one has 32 colours), 10
# for another renderer (cairo), 20 for everything moved by a millimetre, 33 by two.
TOLERANCE = 15

LOGO = Picture(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 80"><circle cx="40" cy="40" r="34"'
    b' fill="#1c4a6e"/><rect x="90" y="25" width="120" height="30" fill="#8aa"/></svg>',
    ".svg", "Logo", 49.5, 18,
)  # fmt: skip
HAND = Picture(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 64"><path d="M10 50 C 40 0, 50 80,'
    b' 70 40 S 150 60, 190 20" fill="none" stroke="#123" stroke-width="3"/></svg>',
    ".svg", "Signature", 50, 16,
)  # fmt: skip
FULL = Paper(
    style="moderne",
    logo=LOGO,
    signature=HAND,
    footer=("Fédération d’exemple, association loi 1901 · 12 rue des Tilleuls, 75011 Paris",),
    enclosures=("Note de deux pages", "Liste des établissements"),
)
AREA = LocalMap(
    rings=(((8.0, 1.0), (25.0, 3.0), (31.0, 14.0), (20.0, 21.0), (4.0, 17.0), (8.0, 1.0)),),
    dots=((12.0, 8.0, 1, 0.6), (22.0, 12.0, 3, 1.0), (16.0, 16.0, 12, 1.3)),
    caption="Un point par établissement, un nombre là où ils se touchent.",
    alt="Carte",
)


def long_body(letter: Letter) -> tuple[Node, ...]:
    """A body of two pages with every kind of block."""
    text: Node = {"kind": "text", "text": "Un texte qui se tient."}
    item: list[Node] = [{"kind": "paragraph", "inline": [text]}]
    more: tuple[Node, ...] = (
        {"kind": "heading", "level": 2, "inline": [text]},
        {"kind": "list", "ordered": False, "items": [item, item]},
        {"kind": "list", "ordered": True, "items": [item, item]},
        {"kind": "quote", "blocks": item},
    )
    return letter.body[:-1] + more + letter.body


def pages(pdf: Path) -> list[Image.Image]:
    """Each page as a small picture."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not on this machine")
    stem = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", str(pdf), str(stem)], check=True)
    return [
        Image.open(path).convert("RGB") for path in sorted(pdf.parent.glob(f"{stem.name}-*.png"))
    ]


def farthest(one: Image.Image, other: Image.Image) -> float:
    """The largest mean difference in any block of 17 × 17 points of the blurred pages, of 255."""
    soft = [page.convert("L").filter(ImageFilter.GaussianBlur(2)) for page in (one, other)]
    difference = ImageChops.difference(*soft).filter(ImageFilter.BoxBlur(8))
    return float(ImageStat.Stat(difference).extrema[0][1])


@pytest.mark.parametrize(
    "kind",
    [
        "classique",
        "sobre",
        "moderne",
        "full",
        "map",
        "long",
        "labels",
        "envelope-dl",
        "envelope-c5",
        "window",
    ],
)
def test_pages_look_as_a_person_accepted_them(
    kind: str, a_letter: Callable[..., Letter], tmp_path: Path, update_golden: bool
) -> None:
    """Three styles, letterhead and signature, two pages, labels, envelopes, window test."""
    pdf = tmp_path / f"{kind}.pdf"
    letter = a_letter()
    if kind in ("classique", "sobre", "moderne"):
        pdf.write_bytes(letter_pdf(letter, Paper(style=cast("Style", kind)), date=DAY))
    elif kind == "full":
        pdf.write_bytes(letter_pdf(letter, FULL, date=DAY))
    elif kind == "map":
        pdf.write_bytes(letter_pdf(letter, Paper(maps={"PA900001": AREA}), date=DAY))
    elif kind == "long":
        pdf.write_bytes(letter_pdf(a_letter(body=long_body(letter)), Paper(), date=DAY))
    elif kind == "labels":
        write_labels([letter], pdf, SHEETS["L7159"], date=DAY, start=8, grid=True)
    elif kind == "window":
        write_window_test(pdf, Window(), date=DAY)
    else:
        write_envelopes([letter], pdf, ENVELOPES[kind[-2:].upper()], date=DAY)

    drawn = pages(pdf)

    assert len(drawn) == (2 if kind == "long" else 1)
    for number, picture in enumerate(drawn, start=1):
        accepted = GOLDEN / f"{kind}-{number}.png"
        if update_golden:
            GOLDEN.mkdir(exist_ok=True)
            picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=32).save(
                accepted, optimize=True
            )
        assert accepted.exists(), "run with --update-golden and look at the picture"
        seen = Image.open(accepted).convert("RGB")
        assert seen.size == picture.size
        assert farthest(seen, picture) < TOLERANCE


def test_a_moved_line_is_seen(a_letter: Callable[..., Letter], tmp_path: Path) -> None:
    """The comparison itself: a paragraph less is over the tolerance."""
    (tmp_path / "a.pdf").write_bytes(letter_pdf(a_letter(), Paper(), date=DAY))
    (tmp_path / "b.pdf").write_bytes(
        letter_pdf(a_letter(body=a_letter().body[1:]), Paper(), date=DAY)
    )

    one, other = pages(tmp_path / "a.pdf")[0], pages(tmp_path / "b.pdf")[0]

    assert farthest(one, one) == 0
    assert farthest(one, other) > TOLERANCE
