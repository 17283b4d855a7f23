"""Importer "datan"."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.errors import InputError
from outreach.roster import datan as importer


def test_csv_and_json_give_the_same_records(datan: Callable[..., Path]) -> None:
    """
    The JSON says the same as the CSV, with nulls and numbers.
    """
    csv, json = importer.read(datan()), importer.read(datan(name="deputes.json"))

    assert [(r.official_id, r.values) for r in csv.records] == [
        (r.official_id, r.values) for r in json.records
    ]
    assert csv.as_of == json.as_of == dt.date(2026, 11, 21)


def test_codes_come_in_our_form(datan: Callable[..., Path]) -> None:
    """
    "2a" is 2A, 099 is ZZ.
    """
    seats = [r.values["constituency_code"] for r in importer.read(datan()).records]

    assert seats == ["974-01", "01-01", "01-02", "2A-01", "ZZ-01"]


def test_a_gone_column_stops(datan: Callable[..., Path]) -> None:
    """
    A renamed column is refused with both names.
    """
    path = datan()
    path.write_text(path.read_text("utf-8").replace(",mail,", ",courriel,"), encoding="utf-8")

    with pytest.raises(InputError) as refusal:
        importer.read(path)

    assert refusal.value.problems == ('column "mail" is gone (email)', 'column "courriel" is new')


def test_a_doubled_id_stops(
    datan: Callable[..., Path], datan_person: Callable[..., dict[str, str]]
) -> None:
    """
    One official id twice is refused with both places.
    """
    row = datan_person("PA1", "Testard", "Jeanne", departementCode="01", circo="1")

    with pytest.raises(InputError) as refusal:
        importer.read(datan(row, row))

    assert refusal.value.problems == ("PA1: line 2, line 3",)


def test_an_address_that_is_none_is_left_out_and_said(
    datan: Callable[..., Path], datan_person: Callable[..., dict[str, str]]
) -> None:
    """
    A cell that is no address gives a note and no address.
    """
    row = datan_person(
        "PA1", "Testard", "Jeanne", departementCode="01", circo="1", mail="voir site"
    )

    reading = importer.read(datan(row))

    assert "email" not in reading.records[0].values
    assert '"voir site" is not an e-mail address' in reading.notes[0]


def test_faulty_rows_are_all_listed(
    datan: Callable[..., Path], datan_person: Callable[..., dict[str, str]]
) -> None:
    """
    Two faulty seats give two lines.
    """
    with pytest.raises(InputError) as refusal:
        importer.read(
            datan(
                datan_person("PA1", "A", "B", departementCode="20", circo="1"),
                datan_person("PA2", "C", "D", departementCode="01", circo="0"),
            )
        )

    assert len(refusal.value.problems) == 2


def test_a_json_that_is_no_list_is_refused(tmp_path: Path) -> None:
    """
    An object where a list is expected is refused.
    """
    path = tmp_path / "x.json"
    path.write_text('{"error": "scoreParticipation groupeAbrev"}', encoding="utf-8")

    assert importer.recognises(path)
    with pytest.raises(InputError, match="not a list of deputies"):
        importer.read(path)


def test_an_item_that_lacks_a_key_is_listed(datan: Callable[..., Path]) -> None:
    """
    A JSON item without one of the keys is refused with its number.
    """
    path = datan(name="deputes.json")
    path.write_text(path.read_text("utf-8").replace('"civ": "M.", ', "", 1), encoding="utf-8")

    with pytest.raises(InputError) as refusal:
        importer.read(path)

    assert refusal.value.problems == ("item 3: 'civ' is missing",)
