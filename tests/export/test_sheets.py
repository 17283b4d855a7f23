"""outreach.export.sheets: letters taken in turn, none held."""

import datetime as dt
import json
import weakref
from collections.abc import Callable, Iterator
from dataclasses import fields

import pytest

from outreach.errors import OutreachError
from outreach.export.paper import Paper
from outreach.export.sheets import taken
from outreach.letters.letter import Letter
from outreach.roster.seat import Parliamentarian

DAY = dt.date(2026, 11, 23)


class Watched(Letter):
    """A letter of which one can tell whether anybody still holds it."""

    __slots__ = ("__weakref__",)


def test_no_letter_is_held_once_the_next_is_asked_for(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian]
) -> None:
    """However many letters there are, one or two are in memory, and all come out in order."""
    seen: list[weakref.ref[Letter]] = []
    most = 0

    def in_turn() -> Iterator[Letter]:
        nonlocal most
        for n in range(40, 0, -1):
            letter = a_letter(
                recipient=a_deputy(official_id=f"PA{n}", constituency_code=f"01-{n:02}"),
                subject=f"Lettre {n}",
            )
            watched = Watched(**{item.name: getattr(letter, item.name) for item in fields(letter)})
            seen.append(weakref.ref(watched))
            most = max(most, sum(reference() is not None for reference in seen))
            yield watched
            del watched

    with taken(in_turn(), Paper()) as sheets:
        data = json.loads(sheets.data(sheets.all, "Tous", DAY))

    assert most <= 2
    assert [letter["bookmark"][:5] for letter in data["letters"]] == [
        f"01-{n:02}" for n in range(1, 41)
    ]
    assert data["letters"][2]["subject"] == [{"kind": "text", "text": "Lettre 3"}]
    assert data["title"] == "Tous"


def test_every_fault_is_told_once_all_letters_were_seen(
    a_letter: Callable[..., Letter], a_deputy: Callable[..., Parliamentarian]
) -> None:
    """A second letter to one person and an address too high for the window are listed together."""
    high = a_letter(recipient=a_deputy(official_id="PA2"), address=("x",) * 9)

    with pytest.raises(OutreachError) as caught, taken([a_letter(), high, a_letter()], Paper()):
        pass

    assert len(caught.value.problems) == 2
    assert "the address has 9 lines" in caught.value.problems[0]
    assert "2 letters to one recipient" in caught.value.problems[1]
