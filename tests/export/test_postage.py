"""outreach.export.postage: stamps by weight step."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import InputError
from outreach.export.postage import Step, Tariff, postage, read_tariff, tariff_warning

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
TARIFF = Tariff(
    name="Essai",
    valid_from=YEAR[0],
    valid_until=YEAR[1],
    checked_on=YEAR[0],
    source="essai",
    steps=(Step(up_to_grams=20, price_cents=152), Step(up_to_grams=100)),
)


def test_three_sheets_are_one_stamp_and_four_are_more() -> None:
    """Three sheets and an envelope weigh 19.5 g; a fourth sheet passes 20 g."""
    lines = postage([1, 2, 3, 4], TARIFF)

    assert [(line.up_to_grams, line.letters, line.cents) for line in lines] == [
        (20, 3, 456),
        (100, 1, None),
    ]


def test_both_sides_and_enclosures_change_the_weight() -> None:
    """Six pages on three sheets are light; eight grams enclosed make one page and more heavy."""
    assert postage([6], TARIFF, duplex=True)[0].up_to_grams == 20
    assert postage([2], TARIFF, enclosed_grams=8)[0].up_to_grams == 100


@given(pages=st.lists(st.integers(1, 15)), duplex=st.booleans())
def test_no_letter_is_lost_or_stamped_twice(pages: list[int], duplex: bool) -> None:
    """The lines add up to the letters."""
    assert sum(line.letters for line in postage(pages, TARIFF, duplex=duplex)) == len(pages)


def test_a_letter_heavier_than_the_tariff_is_refused() -> None:
    """How many no step covers is said, with the heaviest weight."""
    with pytest.raises(InputError, match=r"2 of 3 letters weigh more .* up to 254 g"):
        postage([50, 1, 49], TARIFF)


def test_the_bundled_tariff_is_dated_and_sourced() -> None:
    """The file that travels along reads, and says until when it holds."""
    tariff = read_tariff()

    assert tariff.source
    assert tariff_warning(tariff, tariff.valid_until) is None
    assert "not on 2031-01-01" in str(tariff_warning(tariff, dt.date(2031, 1, 1)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name = ", "is no TOML"),
        ('name = "x"\nprice = 3', r"(?s)valid_from.*price"),
        (
            'name="x"\nvalid_from=2026-01-01\nvalid_until=2026-12-31\nchecked_on=2026-01-01\n'
            'source="s"\n[[steps]]\nup_to_grams=100\n[[steps]]\nup_to_grams=20',
            "not from light to heavy",
        ),
    ],
)
def test_faulty_tariffs_are_refused(content: str, said: str, tmp_path: Path) -> None:
    """Broken TOML, wrong fields and unsorted steps say what is wrong."""
    (tmp_path / "t.toml").write_text(content, encoding="utf-8")

    with pytest.raises(InputError, match=said):
        read_tariff(tmp_path / "t.toml")


def test_a_missing_tariff_is_named(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(InputError, match=r"no\.toml cannot be read"):
        read_tariff(tmp_path / "no.toml")
