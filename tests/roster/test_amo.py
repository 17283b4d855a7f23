"""Importer "amo": the Assembly's tree of actors and bodies."""

import datetime as dt
import json
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import InputError
from outreach.roster import amo as importer
from outreach.roster.seat import PostalAddress

Json = dict[str, Any]


def test_a_deputy_is_read_with_seat_group_commission_and_address(amo: Callable[..., Path]) -> None:
    """
    Name, seat, group, commission, e-mail and date come from the actor and its bodies.
    """
    reading = importer.read(amo())

    kbidi = reading.by_id()["PA1"]
    assert kbidi.values == {
        "gender": "F",
        "first_name": "Émeline",
        "last_name": "K/Bidi",
        "department_code": "974",
        "constituency_code": "974-01",
        "political_group": "DR",
        "commission": "Commission des affaires sociales",
        "email": "emeline.kbidi@assemblee-nationale.fr",
        "in_office_since": "2024-07-08",
    }


def test_the_date_of_the_list_is_the_latest_inside(amo: Callable[..., Path]) -> None:
    """
    AMO10 holds no date of its own: its latest mandate tells.
    """
    assert importer.read(amo()).as_of == dt.date(2026, 11, 20)


def test_a_zip_and_its_folder_give_the_same(amo: Callable[..., Path], tmp_path: Path) -> None:
    """
    The zip as published and the folder it unpacks to are read alike.
    """
    folder = amo()
    archive = Path(shutil.make_archive(str(tmp_path / "AMO10.json"), "zip", folder))

    assert importer.recognises(archive)
    assert importer.read(archive).records == importer.read(folder).records


def test_an_extract_without_root_key_and_xmlns_is_read(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    AMO30 extracts have lost "acteur" and xmlns; they are read the same.
    """
    bare = actor("PA2", "Jeanne", "Testard", "01", "1")["acteur"]
    del bare["@xmlns"], bare["uid"]["@xmlns:xsi"]

    reading = importer.read(amo(bare))

    assert reading.by_id()["PA2"].name == "Jeanne Testard"


def test_functions_accord_with_their_holder(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    Offices of the Bureau, the group and the commission are worded for a woman or a man.
    """
    offices = [
        ("GP", "Président", "PO1"),
        ("COMPER", "Rapporteur général", "PO2"),
        ("BUREAU", "Questeur", "PO4"),
    ]
    reading = importer.read(
        amo(
            actor("PA2", "Jeanne", "Testard", "01", "1", functions=offices),
            actor("PA3", "Paul", "Essai", "01", "2", civility="M.", functions=offices),
        )
    )

    assert reading.by_id()["PA2"].values["functions"] == (
        "Questeure de l'Assemblée nationale | Présidente du groupe Droite Républicaine | "
        "Rapporteure générale de la commission des affaires sociales"
    )
    assert reading.by_id()["PA3"].values["functions"].startswith("Questeur de ")


def test_a_second_mandate_in_another_group_wins_when_it_is_later(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    Of two open mandates of one kind, the latest is the group.
    """
    moved = actor("PA2", "Jeanne", "Testard", "01", "1", group="PO3", listed="2026-01-01")
    earlier = actor("PA2", "Jeanne", "Testard", "01", "1", listed="2024-07-18")
    mandates = moved["acteur"]["mandats"]["mandat"]
    mandates.append(earlier["acteur"]["mandats"]["mandat"][0])

    assert importer.read(amo(moved)).by_id()["PA2"].values["political_group"] == "ECOS"


def test_somebody_without_an_open_seat_is_set_aside_and_said(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    An actor whose mandate has ended is not in office, and the notes say so.
    """
    left = actor("PA2", "Jeanne", "Testard", "01", "1")
    left["acteur"]["mandats"]["mandat"][-1]["dateFin"] = "2026-09-30"

    reading = importer.read(amo(left, actor("PA3", "Paul", "Essai", "01", "2")))

    assert [record.official_id for record in reading.records] == ["PA3"]
    assert any("PA2 holds no seat" in note for note in reading.notes)


def test_a_new_key_is_said_and_a_gone_one_refused(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    A new key anywhere in the tree gives a note; a key that we read and that is gone stops.
    """
    newer = actor("PA2", "Jeanne", "Testard", "01", "1")
    newer["acteur"]["mandats"]["mandat"][0]["presenceObligatoire"] = "1"
    older = actor("PA3", "Paul", "Essai", "01", "2")
    del older["acteur"]["mandats"]["mandat"][-1]["mandature"]["datePriseFonction"]

    notes = importer.read(amo(newer, name="newer")).notes
    with pytest.raises(InputError) as refusal:
        importer.read(amo(older, name="older"))

    assert any('"mandats/mandat/presenceObligatoire" is new' in note for note in notes)
    assert "datePriseFonction" in refusal.value.problems[0]


def test_a_group_that_is_not_in_the_file_is_said(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    A mandate in a body that the file does not hold is told, not passed over.
    """
    reading = importer.read(amo(actor("PA2", "Jeanne", "Testard", "01", "1", group="PO404")))

    assert "AMO10: body PO404 (GP) is not in the file" in reading.notes


def test_offices_are_read_and_unusable_ones_said(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    Two offices of one person are kept; one without postcode is left out with its reason.
    """
    office = {
        "intitule": "Permanence parlementaire",
        "numeroRue": "1",
        "nomRue": "Rue Neuve,",
        "complementAdresse": None,
        "codePostal": "01000",
        "ville": "Bourg-en-Bresse",
    }
    offices = [office, {**office, "numeroRue": "9"}, {**office, "codePostal": None}]

    reading = importer.read(amo(actor("PA2", "Jeanne", "Testard", "01", "1", offices=offices)))

    lines = "Permanence parlementaire", "1 Rue Neuve"
    first = PostalAddress("constituency_office", lines, "01000", "Bourg-en-Bresse")
    assert reading.by_id()["PA2"].offices[0] == first
    assert len(reading.by_id()["PA2"].offices) == 2
    assert any("office left out: no postcode" in note for note in reading.notes)


def test_a_zip_cut_short_is_refused(amo: Callable[..., Path], tmp_path: Path) -> None:
    """
    A zip whose end is missing is refused in words.
    """
    archive = Path(shutil.make_archive(str(tmp_path / "AMO10"), "zip", amo()))
    archive.write_bytes(archive.read_bytes()[:-1000])

    assert not importer.recognises(archive)
    with pytest.raises(InputError, match="not whole"):
        importer.read(archive)


def test_a_broken_actor_is_refused(amo: Callable[..., Path]) -> None:
    """
    One actor that is not JSON makes the whole list unfit.
    """
    folder = amo()
    (folder / "json" / "acteur" / "PA1.json").write_text('{"acteur": {', encoding="utf-8")

    with pytest.raises(InputError, match="not whole"):
        importer.read(folder)


def test_a_zip_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    """
    A bomb is refused before it is unpacked.
    """
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w") as archive:
        archive.writestr("json/acteur/PA1.json", "{}")
    data = bytearray(bomb.read_bytes())
    # the directory of a bomb says how large it will be: two gigabytes here
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 2_000_000_000)
    bomb.write_bytes(data)

    with pytest.raises(InputError, match="far more"):
        importer.read(bomb)


def test_every_faulty_actor_is_listed(actor: Callable[..., Json], amo: Callable[..., Path]) -> None:
    """
    Seats that do not exist are listed together, each with its file.
    """
    with pytest.raises(InputError) as refusal:
        importer.read(
            amo(actor("PA2", "A", "B", "96", "1"), actor("PA3", "C", "D", "01", "premier"))
        )

    assert [problem.split(":")[0] for problem in refusal.value.problems] == ["PA2.json", "PA3.json"]


def test_a_folder_without_actors_is_refused(tmp_path: Path) -> None:
    """
    An empty folder is not a list of deputies.
    """
    (tmp_path / "x" / "organe").mkdir(parents=True)
    (tmp_path / "x" / "organe" / "PO1.json").write_text(
        json.dumps({"uid": "PO1", "codeType": "GE"}), encoding="utf-8"
    )

    with pytest.raises(InputError, match="holds no file acteur"):
        importer.read(tmp_path / "x")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "is not an object"),
        ('{"acteur": {"uid": "PA1"}}', "is built otherwise than it was"),
        ('{"acteur": {"etatCivil": {}, "mandats": null}}', "is built otherwise than it was"),
    ],
)
def test_an_actor_of_another_shape_is_refused(
    amo: Callable[..., Path], content: str, words: str
) -> None:
    """
    JSON that is no actor as we know them is refused with its file.
    """
    folder = amo()
    (folder / "json" / "acteur" / "PA1.json").write_text(content, encoding="utf-8")

    with pytest.raises(InputError, match=words) as refusal:
        importer.read(folder)

    assert "PA1.json" in str(refusal.value)


def test_an_actor_without_addresses_is_listed(
    actor: Callable[..., Json], amo: Callable[..., Path]
) -> None:
    """
    A null where the others have an object is told with its file.
    """
    odd = actor("PA3", "C", "D", "01", "2")
    odd["acteur"]["etatCivil"]["ident"] = None

    with pytest.raises(InputError) as refusal:
        importer.read(amo(actor("PA2", "A", "B", "01", "1"), odd))

    assert refusal.value.problems[0].startswith("PA3.json: is built otherwise")
