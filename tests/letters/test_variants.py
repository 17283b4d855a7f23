"""Tests of the draw of variants: no twins in a département, the same request in every wave."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pytest
from tests.letters.builders import CAMPAIGN, LETTER, TODAY, campaign_in, local, person

from outreach.bundle import letters_path
from outreach.campaign import Campaign, load_campaign
from outreach.letters.checks import check_letters
from outreach.letters.compose import compose
from outreach.letters.letter import Letter
from outreach.letters.variants import seat_numbers, seat_of
from outreach.preparation import prepare
from outreach.roster.seat import Parliamentarian

BODY = "{% include blocks.hook %}\n\n::: request\n{% include blocks.request %}\n:::\n"
REMINDER = "{% include blocks.again %}\n\n::: request\n{% include blocks.request %}\n:::\n"
BLOCKS = {
    f"blocks__{block}__{name}_md": f"{block} {name}"
    for block in ("again", "hook", "request")
    for name in ("aa", "bb", "cc")
}
TWO_WAVES = CAMPAIGN + '[reminder]\nassemblee = "reminder.md"\nsenat = "reminder.md"\n'


def members(department: str, deputies: int, senators: int) -> list[Parliamentarian]:
    """Everybody who sits for a département, fictional."""
    return [
        person(
            official_id=f"PA{department}{n}",
            department_code=department,
            constituency_code=f"{department}-{n:02}",
        )
        for n in range(1, deputies + 1)
    ] + [
        person("senat", official_id=f"{department}{n:03}A", department_code=department)
        for n in range(senators)
    ]


def wave(campaign: Campaign, number: int) -> Campaign:
    """The same campaign in another wave."""
    return campaign.model_copy(update={"wave": number})


def choices(
    campaign: Campaign, people: list[Parliamentarian], **options: Any
) -> dict[str, dict[str, str]]:
    """Official id → the variants of the letter."""
    recipients = [(one, local("country")) for one in people]
    letters = compose(campaign, recipients, today=TODAY, **options)
    return {letter.recipient.official_id: dict(letter.choices) for letter in letters}


def test_the_request_is_the_same_in_every_wave(tmp_path: Path) -> None:
    """What was asked is what the reminder asks; the words around it are drawn anew."""
    campaign = campaign_in(
        tmp_path, BODY, settings=TWO_WAVES, reminder_md=LETTER + REMINDER, **BLOCKS
    )
    people = members("59", 9, 4) + members("01", 5, 3)

    first, second, third = (choices(wave(campaign, number), people) for number in (1, 2, 3))

    assert [one["request"] for one in first.values()] == [one["request"] for one in second.values()]
    assert [one["request"] for one in first.values()] == [one["request"] for one in third.values()]
    assert {one["request"] for one in first.values()} == {"aa", "bb", "cc"}
    assert [one["again"] for one in second.values()] != [one["again"] for one in third.values()]


def test_a_reminder_written_later_asks_the_same(tmp_path: Path) -> None:
    """The request of the first letter does not hang on whether a reminder exists already."""
    without = campaign_in(tmp_path / "a", BODY, **BLOCKS)
    campaign = campaign_in(
        tmp_path / "b", BODY, settings=TWO_WAVES, reminder_md=LETTER + REMINDER, **BLOCKS
    )
    people = members("59", 9, 4)

    first, second = choices(without, people), choices(wave(campaign, 2), people)

    assert [one["request"] for one in first.values()] == [one["request"] for one in second.values()]


def test_a_reminder_asks_the_same_after_a_seat_has_changed_hands(tmp_path: Path) -> None:
    """A senator who goes renumbers the colleagues; what each was asked before is asked again."""
    campaign = campaign_in(
        tmp_path, BODY, settings=TWO_WAVES, reminder_md=LETTER + REMINDER, **BLOCKS
    )
    people = members("59", 3, 9)
    before = choices(campaign, people)
    gone, *rest = people[3:]
    rest = [*people[:3], *rest]

    drawn = choices(wave(campaign, 2), rest)
    again = choices(wave(campaign, 2), rest, asked=before)
    forced = choices(wave(campaign, 2), rest, asked=before, choices={"request": "bb"})

    assert gone.official_id not in drawn
    assert any(one["request"] != before[who]["request"] for who, one in drawn.items())
    assert all(one["request"] == before[who]["request"] for who, one in again.items())
    assert len({one["again"] for one in again.values()}) == 3
    assert {one["request"] for one in forced.values()} == {"bb"}


@pytest.mark.parametrize(("number", "named"), [(1, ("hook", "request")), (2, ("again", "request"))])
def test_a_departement_gets_every_combination_once(
    tmp_path: Path, number: int, named: tuple[str, str]
) -> None:
    """Nine members and nine combinations: nobody gets what a neighbour gets."""
    campaign = campaign_in(
        tmp_path, BODY, settings=TWO_WAVES, reminder_md=LETTER + REMINDER, **BLOCKS
    )

    for department in ("13", "59", "75", "93", "974"):
        drawn = choices(wave(campaign, number), members(department, 6, 3))
        assert len({tuple(one[block] for block in named) for one in drawn.values()}) == 9


def test_neighbours_differ_in_more_than_one_block(tmp_path: Path) -> None:
    """Of seats that follow each other, half and more have neither the same hook nor the same request."""
    campaign = campaign_in(tmp_path, BODY, **BLOCKS)
    pairs = other = 0

    for department in ("06", "13", "31", "33", "44", "59", "62", "69", "75", "78", "92", "974"):
        drawn = list(choices(campaign, members(department, 3, 0)).values())
        for one, next_one in itertools.pairwise(drawn):
            pairs += 1
            other += all(one[block] != next_one[block] for block in ("hook", "request"))

    assert other >= pairs / 2


def test_a_letter_alone_is_the_one_of_the_batch(tmp_path: Path) -> None:
    """With the numbers of all seats, whoever is written to beside changes nothing."""
    campaign = campaign_in(tmp_path, BODY, **BLOCKS)
    people = members("59", 9, 4)
    numbers = seat_numbers(seat_of(one) for one in people)
    whole = choices(campaign, people)

    for one in people:
        (letter,) = compose(campaign, [(one, local("country"))], today=TODAY, numbers=numbers)
        assert letter.choices == whole[one.official_id]


def test_a_vacant_seat_keeps_its_number() -> None:
    """A by-election changes no neighbour's letter: seats are numbered, not persons."""
    before = [seat_of(one) for one in members("01", 4, 2)]
    vacant = [(*seat[:3], "") if seat[2] == "01-02" else seat for seat in before]
    after = [(*seat[:3], "PA0NEW") if seat[2] == "01-02" else seat for seat in before]

    numbers = seat_numbers(before)

    assert numbers == {"PA011": 0, "PA012": 1, "PA013": 2, "PA014": 3, "01000A": 4, "01001A": 5}
    del numbers["PA012"]
    assert seat_numbers(vacant) == numbers
    assert seat_numbers(after) == {**numbers, "PA0NEW": 1}


def bundled(number: int, *, only: str = "") -> tuple[Letter, ...]:
    """The letters of the bundled campaign, of all seats or of one département."""
    campaign = wave(load_campaign(letters_path("solidarite-en-danger")), number)
    keep = (lambda member: member.department_code == only) if only else None
    return prepare(campaign, today=dt.date(2026, 11, 27), only=keep).letters


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_the_bundled_campaign_has_no_twins(number: int) -> None:
    """Of 917 letters no two of one département have the same words, reminders included."""
    letters = bundled(number)
    campaign = load_campaign(letters_path("solidarite-en-danger"))

    assert check_letters(letters, campaign).hits["twins"] == 0
    alone = {letter.recipient.official_id: letter.text for letter in bundled(number, only="59")}
    assert alone == {
        letter.recipient.official_id: letter.text
        for letter in letters
        if letter.recipient.department_code == "59"
    }
