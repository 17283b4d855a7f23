"""outreach.letters.fit on real paper: a few lines too many do not make a second page."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.export.paper import Paper, paper_of
from outreach.export.pdf import page_counts
from outreach.letters.checks import check_letters
from outreach.letters.fit import STEPS, Around, step
from outreach.letters.letter import Letter, Node

CAMPAIGN = load_campaign(letters_path("solidarite-en-danger"))
WORDS = "Les équipes tiennent, mais les dotations ne suivent plus la hausse des salaires. " * 3


def paragraphs(count: float) -> tuple[Node, ...]:
    """Paragraphs of three lines; a fraction gives a short last one."""
    texts = [WORDS] * int(count) + ([WORDS[: 80 if count % 1 < 0.5 else 160]] if count % 1 else [])
    return tuple(
        {"kind": "paragraph", "inline": [{"kind": "text", "text": text}]} for text in texts
    )


@pytest.mark.parametrize(("count", "expected"), [(3, 0), (7.3, 1), (7.6, 2), (8, 3), (10, None)])
def test_a_letter_is_set_as_loosely_as_one_page_allows(
    count: float, expected: int | None, a_letter: Callable[..., Letter]
) -> None:
    """Short: full size. A little long: smaller. Too long for one page: two."""
    letter = a_letter(body=paragraphs(count))

    found = step(letter, Around(style="classique"))

    assert found == expected
    (pages,) = page_counts([letter], Paper(), date=dt.date(2026, 11, 23))
    assert pages == (2 if expected is None else 1)


@pytest.mark.parametrize("count", [8, 8.3, 8.6, 9])
def test_the_linter_finds_what_paper_puts_on_two_pages(
    count: float, a_letter: Callable[..., Letter]
) -> None:
    """The rule too-long speaks of the letters that the PDF breaks, and of no other."""
    letter = a_letter(body=paragraphs(count))

    report = check_letters([letter], CAMPAIGN)

    (pages,) = page_counts([letter], paper_of(CAMPAIGN), date=dt.date(2026, 11, 23))
    assert report.hits["too-long"] == pages - 1


def test_enclosures_a_signature_and_a_map_take_room() -> None:
    """A campaign's page is counted with what stands on it beside the words."""
    image = CAMPAIGN.signature.model_copy(update={"image": Path("signature.png")})
    post = CAMPAIGN.post.model_copy(update={"enclosures": ("Note", "Carte")})
    campaign = CAMPAIGN.model_copy(update={"signature": image, "post": post})

    around = Around.of(campaign)

    assert around == Around(style="classique", signature=16.0, enclosures=("Note", "Carte"))


def test_typst_keeps_the_same_steps() -> None:
    """The template and the estimate speak of the same sizes."""
    from outreach.export import typesetting

    source = (typesetting.TEMPLATES / "letter.typ").read_text(encoding="utf-8")

    assert "#let steps = (1, 0.97, 0.94, 0.91)" in source
    assert STEPS == (1.0, 0.97, 0.94, 0.91)
