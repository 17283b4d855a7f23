"""Codes: one form, and every publisher's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.geography.publishers import ministry_cells, written

from outreach.errors import InputError
from outreach.geography.codes import (
    DEPARTMENTS,
    OVERSEAS_LETTERS,
    constituency_code,
    department_of,
    department_of_commune,
    parse_constituency,
    split_constituency,
)

# 978 has no seat of its own: its voters share the deputy of 977.
seats = st.tuples(st.sampled_from(sorted(DEPARTMENTS - {"978"})), st.integers(1, 99))


@given(seats, st.sampled_from(["insee", "rne", "osm"]))
def test_every_form_comes_back(seat: tuple[str, int], publisher: str) -> None:
    """A code written in any publisher's form and read again is the same code."""
    code = constituency_code(*seat)

    assert parse_constituency(written(code, publisher)) == code


@given(seats)
def test_ministry_cells_come_back(seat: tuple[str, int]) -> None:
    """The ministry's two cells, without zeros and with letters overseas, give the code back."""
    code = constituency_code(*seat)

    assert constituency_code(*ministry_cells(code)) == code


@given(seats)
def test_lost_first_zero_comes_back(seat: tuple[str, int]) -> None:
    """The RNE's numbers that lost their first zero ("104") are still read."""
    code = constituency_code(*seat)

    assert parse_constituency(written(code, "rne").removeprefix("0")) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("01004", "01-04"),
        ("0104", "01-04"),
        ("104", "01-04"),
        ("001-01", "01-01"),
        ("01-4", "01-04"),
        ("2a002", "2A-02"),
        ("02A-01", "2A-01"),
        (" 75018 ", "75-18"),
        ("1001", "10-01"),
        ("97103", "971-03"),
        ("ZA-3", "971-03"),
        ("ZN001", "988-01"),
        ("ZX001", "977-01"),
        ("97701", "977-01"),
        ("978-1", "977-01"),
        ("ZZ5", "ZZ-05"),
        ("099-11", "ZZ-11"),
        ("09911", "ZZ-11"),
        ("99-1", "ZZ-01"),
    ],
)
def test_four_codings_of_one_constituency(text: str, code: str) -> None:
    """Each way in which a publisher writes a constituency is read as ours."""
    assert parse_constituency(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "01"),
        ("01", "01"),
        ("001", "01"),
        ("2a", "2A"),
        ("02B", "2B"),
        ("971", "971"),
        ("977", "977"),
        ("978", "978"),
        ("099", "ZZ"),
        ("ZZ", "ZZ"),
        ("997", "ZZ"),
        ("998", "ZZ"),
        ("zx", "977"),
    ],
)
def test_departments_of_each_publisher(text: str, code: str) -> None:
    """Départements come in small letters, without zeros, as 099 or 997: one code comes out."""
    assert department_of(text) == code


@pytest.mark.parametrize(("letters", "code"), sorted(OVERSEAS_LETTERS.items()))
def test_overseas_letters(letters: str, code: str) -> None:
    """The ministry's letters overseas are the INSEE numbers."""
    assert department_of(letters) == code


@pytest.mark.parametrize("text", ["", "-", "01", "1", "01-00", "96-01", "75123", "0x-01", "٣٣-01"])
def test_what_is_no_constituency_is_refused(text: str) -> None:
    """A text that is no constituency is refused with itself in the message."""
    with pytest.raises(InputError) as refusal:
        parse_constituency(text)

    assert refusal.value.message.startswith(f'"{text}" is not a constituency code')


def test_corsica_as_20_is_refused_with_the_remedy() -> None:
    """ "20" cannot be told apart, so the two codes of Corsica are named."""
    with pytest.raises(InputError, match="Corsica is 2A or 2B"):
        department_of("20")


@pytest.mark.parametrize(
    ("commune", "department"),
    [("01004", "01"), ("2A004", "2A"), ("97209", "972"), ("98818", "988")],
)
def test_department_of_a_commune(commune: str, department: str) -> None:
    """A commune code starts with its administrative département, three digits overseas."""
    assert department_of_commune(commune) == department


def test_a_code_is_taken_apart() -> None:
    """The two halves of a code are the département and the number."""
    assert split_constituency("971-03") == ("971", 3)
