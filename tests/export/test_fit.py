"""outreach.export.fit: a few lines too many do not make a second page."""

import datetime as dt
from collections.abc import Callable

import pytest

from outreach.export.fit import STEPS, step
from outreach.export.paper import Paper
from outreach.export.pdf import letter_pdf
from outreach.export.typesetting import page_count
from outreach.letters.letter import Letter, Node

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

    found = step(letter, Paper())

    assert found == expected
    pages = page_count(letter_pdf(letter, Paper(), date=dt.date(2026, 11, 23)))
    assert pages == (2 if expected is None else 1)


def test_typst_keeps_the_same_steps() -> None:
    """The template and the estimate speak of the same sizes."""
    from outreach.export import typesetting

    source = (typesetting.TEMPLATES / "letter.typ").read_text(encoding="utf-8")

    assert "#let steps = (1, 0.97, 0.94, 0.91)" in source
    assert STEPS == (1.0, 0.97, 0.94, 0.91)
