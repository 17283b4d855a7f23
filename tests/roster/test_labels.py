"""One label for one group, one name for one commission."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.bundle import data_path
from outreach.roster import odsen as odsen_importer
from outreach.roster.labels import read_labels, with_our_labels

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("folder", "label", "ours"),
    [
        ("deputies", "LR", "DR"),
        ("deputies", "EcoS", "ECOS"),
        ("deputies", "ECO", "ECOS"),
        ("deputies", "Dem", "DEM"),
        ("deputies", "UDR", "UDDPLR"),
        ("senators", "UMP", "LR"),
        ("senators", "Les Républicains", "LR"),
        ("senators", "LREM", "RDPI"),
        ("senators", "CRC", "CRCE-K"),
        ("senators", "UC", "UCI"),
        ("senators", "SOC", "SER"),
        ("senators", "RTLI", "LIRT"),
        ("senators", "Les Indépendants", "LIRT"),
    ],
)
def test_every_label_of_a_group_becomes_ours(folder: str, label: str, ours: str) -> None:
    """
    One group, one label, whichever source names it.
    """
    assert read_labels(data_path(folder)).group(label, TODAY) == ours


def test_a_label_of_an_older_house_is_not_a_group_of_today() -> None:
    """
    "LR" was a group of its own in the 16th legislature.
    """
    assert read_labels(data_path("deputies")).group("LR", dt.date(2024, 6, 8)) is None


def test_every_commission_reads_after_membre_de_la() -> None:
    """
    « membre de la » can stand before each name: small c, no abbreviation.
    """
    for folder in ("deputies", "senators"):
        names = set(read_labels(data_path(folder)).commissions.values())
        assert all(name.startswith(("commission de", "commission du")) for name in names)
        assert len(names) == {"deputies": 8, "senators": 7}[folder]


def test_an_unknown_label_is_kept_and_said(
    odsen: Callable[..., Path], senator_tables: Path
) -> None:
    """
    A new group does not stop the day: it is kept as published, with a note.
    """
    reading = odsen_importer.read(odsen("1,Mme,A,B,ACTIF,,,NOUVEAU,,Commission du climat,Ain,,,,,"))

    ours = with_our_labels(reading, read_labels(senator_tables))

    assert ours.records[0].values["political_group"] == "NOUVEAU"
    assert ours.records[0].values["commission"] == "commission du climat"
    assert [note.split(":")[1][:20] for note in ours.notes[1:]] == [
        ' "Commission du clim',
        ' group "NOUVEAU" is ',
    ]
