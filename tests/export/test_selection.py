"""outreach.export.selection: which recipients a person means."""

import datetime as dt
from collections.abc import Callable

import pytest

from outreach.errors import InputError
from outreach.export.selection import select, select_one
from outreach.roster.seat import Parliamentarian, Roster, Vacancy


@pytest.fixture
def rosters(a_deputy: Callable[..., Parliamentarian]) -> list[Roster]:
    """Three deputies, two of one name, a senator without an address, a vacant seat."""
    deputies = (
        a_deputy(official_id="PA1", last_name="Éxèmple"),
        a_deputy(
            official_id="PA2", first_name="Ana", last_name="Martin", constituency_code="01-02"
        ),
        a_deputy(
            official_id="PA3",
            first_name="Ana",
            last_name="Martin",
            constituency_code="2A-01",
            department_code="2A",
        ),
    )
    senator = a_deputy(
        official_id="99001X", chamber="senat", last_name="De Test", constituency_code="", email=""
    )
    vacancy = Vacancy(
        "assemblee", "01", "01-03", "X", dt.date(2026, 3, 1), dt.date(2027, 1, 1), "élection", "JO"
    )
    day = dt.date(2026, 10, 8)
    return [
        Roster("assemblee", day, deputies, (vacancy,)),
        Roster("senat", day, (senator,), ()),
    ]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["deputies"], ["PA1", "PA2", "PA3"]),
        (["Senators"], ["99001X"]),
        (["held"], ["PA2", "99001X"]),
        (["HELD", "2A"], ["PA2", "PA3", "99001X"]),
        (["01"], ["PA1", "PA2", "99001X"]),
        (["1-2"], ["PA2"]),
        (["2a001"], ["PA3"]),
        (["pa3"], ["PA3"]),
        (["99001x"], ["99001X"]),
        (["exemple"], ["PA1"]),
        (["de test"], ["99001X"]),
        (["Ana MARTIN"], ["PA2", "PA3"]),
        (["martin ana", "senators"], ["PA2", "PA3", "99001X"]),
    ],
)
def test_words_mean_recipients(words: list[str], ids: list[str], rosters: list[Roster]) -> None:
    """Kinds, places in any usual coding, official ids and names all find their recipients."""
    found = select(words, rosters, held={"PA2", "99001X", "PA-who-has-left"})

    assert [member.official_id for member in found] == ids


def test_all_unknown_words_are_told_at_once(rosters: list[Roster]) -> None:
    """Each word that means nobody is listed, with the nearest name or why the seat is empty."""
    with pytest.raises(InputError) as caught:
        select(["Exampel", "01-03", "99-99"], rosters)

    assert len(caught.value.problems) == 3
    assert "do you mean PA1" in caught.value.problems[0]
    assert "vacant since 2026-03-01" in caught.value.problems[1]


def test_one_letter_needs_one_recipient(rosters: list[Roster]) -> None:
    """A name that two deputies bear is refused with the official id of each."""
    with pytest.raises(InputError) as caught:
        select_one("Ana Martin", rosters)

    assert caught.value.problems == ("PA2 Ana Martin (01-02)", "PA3 Ana Martin (2A-01)")
