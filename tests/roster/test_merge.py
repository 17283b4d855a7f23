"""Several lists made one."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import InputError
from outreach.roster.merge import Finding, check_register, clean_name, merge
from outreach.roster.reading import Reading, Record

VERNY = {
    "first_name": "Gérault",
    "last_name": "Verny",
    "gender": "M",
    "constituency_code": "13-14",
    "department_code": "13",
}


def listed(
    source: str, day: str, *records: tuple[str, Mapping[str, str]], chamber: str = "assemblee"
) -> Reading:
    """A list of one source on one day."""
    return Reading(
        source,
        source,
        "senat" if chamber == "senat" else "assemblee",
        Path(f"{source}.csv"),
        dt.date.fromisoformat(day),
        tuple(Record(key, values, f"line {n}") for n, (key, values) in enumerate(records, 2)),
    )


def kinds(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """What was found, without the words."""
    return [(finding.kind, finding.subject, finding.field) for finding in findings]


def test_the_newest_list_says_who_is_in_office() -> None:
    """
    Who is only in an older list has left, who is only in the newest has joined; both are told.
    """
    old = listed("amo", "2026-04-11", ("PA1", VERNY), ("PA2", {**VERNY, "first_name": "Ève"}))
    new = listed("datan", "2026-08-22", ("PA1", VERNY), ("PA3", {**VERNY, "first_name": "Zoé"}))

    members, day, findings = merge([old, new])

    assert set(members) == {"PA1", "PA3"}
    assert day == dt.date(2026, 8, 22)
    assert kinds(findings) == [("left", "PA2", ""), ("joined", "PA3", "")]


def test_fields_are_filled_from_older_lists_and_keep_their_source() -> None:
    """
    A field that the newest list lacks comes from the older one, with its date.
    """
    old = listed("amo", "2026-04-11", ("PA1", {**VERNY, "commission": "commission des finances"}))
    new = listed("datan", "2026-08-22", ("PA1", VERNY))

    members, _, _ = merge([old, new])

    value = members["PA1"].values["commission"]
    assert (value.text, value.source, value.as_of) == (
        "commission des finances",
        "amo",
        dt.date(2026, 4, 11),
    )


@pytest.mark.parametrize(
    ("field", "older", "newer", "taken"),
    [
        ("political_group", "EPR", "HOR", "HOR"),
        ("constituency_code", "13-14", "13-15", "13-15"),
        (
            "email",
            "gerault.verny@assemblee-nationale.fr",
            "g.verny@assemblee-nationale.fr",
            "g.verny@assemblee-nationale.fr",
        ),
        ("first_name", "Gérault", "Gerault", "Gérault"),
    ],
)
def test_each_disagreement_is_told_and_decided_by_the_stated_priority(
    field: str, older: str, newer: str, taken: str
) -> None:
    """
    The newest list wins, but for the spelling of names, where the chamber's own list does.
    """
    lists = [
        listed("amo", "2026-04-11", ("PA1", {**VERNY, field: older})),
        listed("datan", "2026-08-22", ("PA1", {**VERNY, field: newer})),
    ]

    members, _, findings = merge(lists)

    assert members["PA1"].text(field) == taken
    assert kinds(findings) == [("disagreement", "PA1", field)]
    assert older in findings[0].message
    assert newer in findings[0].message


def test_an_address_given_for_two_persons_is_refused_for_both() -> None:
    """
    One mailbox cannot be two deputies': neither gets it, and both are named.
    """
    shared = {
        "email": "alexandra.martin@assemblee-nationale.fr",
        "last_name": "Martin",
        "first_name": "Alexandra",
    }

    members, _, findings = merge(
        [listed("datan", "2026-08-22", ("PA1", {**VERNY, **shared}), ("PA2", {**VERNY, **shared}))]
    )

    assert [member.text("email") for member in members.values()] == ["", ""]
    assert kinds(findings) == [("refused", "PA1", "email"), ("refused", "PA2", "email")]


def test_the_register_checks_and_makes_nobody() -> None:
    """
    The RNE is compared by seat and name, in capitals or not; differences are told.
    """
    register = listed(
        "rne",
        "2024-07-30",
        ("", {**VERNY, "first_name": "GÉRAULT", "last_name": "VERNY"}),
        ("", {**VERNY, "constituency_code": "13-01", "last_name": "AUTRE"}),
    )

    members, _, _ = merge([listed("datan", "2026-08-22", ("PA1", VERNY)), register])
    findings = check_register(register, members.values())

    assert set(members) == {"PA1"}
    assert kinds(findings) == [("check", "13-01", "constituency_code")]


def test_lists_of_two_chambers_or_without_ids_are_refused() -> None:
    """
    One roster, one chamber; and the RNE alone makes nothing.
    """
    deputies = listed("datan", "2026-08-22", ("PA1", VERNY))
    senators = listed("odsen", "2026-08-22", ("1A", VERNY), chamber="senat")
    register = listed("rne", "2024-07-30", ("", VERNY))

    for lists in ([deputies, senators], [register]):
        with pytest.raises(InputError) as refusal:
            merge(lists)
        assert len(refusal.value.problems) == len(lists)


@pytest.mark.parametrize(
    ("published", "clean"),
    [("Martin (Gironde)", "Martin"), ("K/Bidi", "K/Bidi"), ("d'Aigremont", "d'Aigremont")],
)
def test_a_place_inside_a_surname_is_taken_out(published: str, clean: str) -> None:
    """
    What a publisher adds to tell homonyms apart is not part of the name.
    """
    assert clean_name(published) == clean


@given(st.permutations(range(4)))
def test_the_order_of_the_files_does_not_matter(order: list[int]) -> None:
    """
    The same lists in any order make the same members.
    """
    lists = [
        listed("amo", "2026-04-11", ("PA1", {**VERNY, "political_group": "A"})),
        listed("datan", "2026-08-22", ("PA1", {**VERNY, "political_group": "B"})),
        listed("libre-office", "2026-08-22", ("PA1", {**VERNY, "political_group": "C"})),
        listed("rne", "2024-07-30", ("", VERNY)),
    ]

    members, _, _ = merge([lists[n] for n in order])

    # of two lists of one day, the chamber's own comes first
    assert members["PA1"].text("political_group") == "C"
