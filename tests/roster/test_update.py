"""Renewing a roster from its publishers, against a real server on this machine."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest
from click.testing import CliRunner

from outreach.bundle import data_path
from outreach.cli.roster import roster as command
from outreach.errors import FetchError, InputError, OutreachError
from outreach.roster.build import build_roster, write_roster
from outreach.roster.bundled import folder_in_use, load_roster
from outreach.roster.update import renew

Json = dict[str, Any]
TODAY = dt.date(2026, 11, 23)


class Publisher(Protocol):
    """The server of the fixture."""

    asked: list[str]

    def serve(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None, status: int = 200
    ) -> str: ...


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder."""
    monkeypatch.setenv("OUTREACH_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def in_use(home: Path, odsen: Callable[..., Path], senator_tables: Path) -> Path:
    """The four senators of the small chamber, in use as renewed on 20 November 2026."""
    built = build_roster([odsen()], senator_tables, today=TODAY)
    write_roster(built, home / "senators", senator_tables)
    return home / "senators"


@pytest.fixture
def served(publisher: Publisher, odsen: Callable[..., Path]) -> Callable[..., dict[str, str]]:
    """Serve an ODSEN list; gives the addresses for renew."""

    def serve(*rows: str) -> dict[str, str]:
        body = odsen(*rows, name="served_2026-11-22.csv").read_bytes()
        modified = "Sun, 22 Nov 2026 04:00:00 GMT"
        return {"odsen": publisher.serve("/ODSEN.csv", body, {"Last-Modified": modified})}

    return serve


def rows(odsen: Callable[..., Path], **changes: str) -> list[str]:
    """The rows of the small Senate, with words replaced."""
    text = odsen(name="rows_2026-11-22.csv").read_bytes().decode("cp1252")
    for old, new in changes.items():
        text = text.replace(old, new)
    return [line for line in text.split("\r\n")[3:] if line]


def test_a_renewed_list_is_in_use_from_now_on(
    in_use: Path,
    senator_tables: Path,
    served: Callable[..., dict[str, str]],
    odsen: Callable[..., Path],
) -> None:
    """
    Fetched, built, compared, put in place; the changes are told.
    """
    addresses = served(*[row.replace("o.elan@senat.fr", "oe.elan@senat.fr") for row in rows(odsen)])

    renewed = renew("senat", today=TODAY, addresses=addresses, tables=senator_tables)

    assert load_roster("senat").as_of == dt.date(2026, 11, 22)
    assert [(c.kind, c.before, c.after) for c in renewed.changes] == [
        ("email", "o.elan@senat.fr", "oe.elan@senat.fr")
    ]
    assert folder_in_use("senat") == in_use


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        (b"<html>en maintenance</html>", {}, FetchError),
        (b"Matricule,Nom\n", {"x-says": "5000"}, FetchError),
        (b"Matricule,Nom\n1,Essai\n", {}, InputError),
    ],
)
def test_a_bad_answer_leaves_the_old_list(
    in_use: Path,
    senator_tables: Path,
    publisher: Publisher,
    body: bytes,
    headers: dict[str, str],
    error: type[OutreachError],
) -> None:
    """
    A web page, half a file, a list with other columns: the list in use is untouched.
    """
    before = {path.name: path.read_bytes() for path in in_use.iterdir()}
    address = publisher.serve("/x", body, headers)

    with pytest.raises(error):
        renew("senat", today=TODAY, addresses={"odsen": address}, tables=senator_tables)

    assert {path.name: path.read_bytes() for path in in_use.iterdir()} == before


def test_a_list_that_does_not_fill_the_seats_leaves_the_old_one(
    in_use: Path,
    senator_tables: Path,
    served: Callable[..., dict[str, str]],
    odsen: Callable[..., Path],
) -> None:
    """
    Three senators for four seats are not a Senate.
    """
    addresses = served(*rows(odsen)[1:])

    with pytest.raises(InputError) as refusal:
        renew("senat", today=TODAY, addresses=addresses, tables=senator_tables)

    assert len(refusal.value.problems) == 1
    assert load_roster("senat").as_of == dt.date(2026, 11, 20)


@pytest.mark.parametrize(("moved", "refused"), [(5, False), (6, True)])
def test_more_than_five_changed_domains_are_refused(
    home: Path,
    publisher: Publisher,
    odsen: Callable[..., Path],
    senator_tables: Path,
    declare: Callable[..., None],
    moved: int,
    refused: bool,
) -> None:
    """
    Five may happen; six is a faulty or hostile list, and all of them are shown.
    """
    chamber = senator_tables / "chamber.toml"
    chamber.write_text(chamber.read_text("utf-8").replace("seats = 4", "seats = 11"), "utf-8")
    seats = senator_tables / "seats.csv"
    seats.write_text(seats.read_text("utf-8").replace("Ain,,2", "Ain,,9"), "utf-8")
    names = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf"]
    more = [
        f"1000{n}X,M.,{name},Jean,ACTIF,,,SER,,,Ain,,j.{name}@senat.fr,x,y,z"
        for n, name in enumerate(names)
    ]
    old = [*rows(odsen), *more]
    built = build_roster([odsen(*old)], senator_tables, today=TODAY)
    write_roster(built, home / "senators", senator_tables)
    new = [
        *rows(odsen),
        *(row.replace("@senat.fr", "@example.org") for row in more[:moved]),
        *more[moved:],
    ]
    body = odsen(*new, name="new_2026-11-22.csv").read_bytes()
    addresses = {"odsen": publisher.serve("/x", body)}

    if refused:
        with pytest.raises(OutreachError, match="6 addresses would change") as refusal:
            renew("senat", today=TODAY, addresses=addresses, tables=senator_tables)
        assert len(refusal.value.problems) == moved
    else:
        renew("senat", today=TODAY, addresses=addresses, tables=senator_tables)
    assert (load_roster("senat").as_of == dt.date(2026, 11, 20)) is refused


def test_a_second_source_is_merged(
    in_use: Path,
    senator_tables: Path,
    served: Callable[..., dict[str, str]],
    publisher: Publisher,
) -> None:
    """
    The API, fetched beside the list, fills what the list lacks and checks the rest.
    """
    import json

    item: Json = {
        "matricule": "00003C",
        "nom": "Bonnet",
        "prenom": "François",
        "tri": "",
        "civilite": "M.",
        "feminise": False,
        "serie": "2",
        "siege": 1,
        "url": "",
        "urlAvatar": "",
        "organismes": [
            {
                "code": "COM-SOCI",
                "type": "COMMISSION",
                "libelle": "Commission des affaires sociales",
                "ordre": 1,
            }
        ],
        "groupe": {"code": "NI", "libelle": "", "ordre": 1},
        "circonscription": {"code": "977", "libelle": "x", "ordre": 1},
        "categorieProfessionnelle": {},
    }
    body = json.dumps([item]).encode()
    api = publisher.serve("/api", body, {"Last-Modified": "Sat, 21 Nov 2026 04:00:00 GMT"})

    renewed = renew(
        "senat",
        today=TODAY,
        addresses={**served(), "senat-api": api},
        also=["senat-api"],
        tables=senator_tables,
    )

    bonnet = next(p for p in load_roster("senat").members if p.last_name == "Bonnet")
    assert bonnet.commission == "commission des affaires sociales"
    assert [file.source.name for file in renewed.fetched] == ["odsen", "senat-api"]


def test_the_command_shows_changes_and_where_the_list_is(
    in_use: Path,
    senator_tables: Path,
    served: Callable[..., dict[str, str]],
    odsen: Callable[..., Path],
) -> None:
    """
    Every changed address is on the screen.
    """
    new = [row.replace("o.elan@senat.fr", "oe.elan@senat.fr") for row in rows(odsen)]
    address = served(*new)["odsen"]

    result = CliRunner().invoke(
        command,
        ["update", "senators", "--tables", str(senator_tables), "--address", f"odsen={address}"],
    )

    assert result.exit_code == 0
    assert "oe.elan@senat.fr" in result.output
    assert "4 senators and 0 vacant seats" in result.output


def test_when_every_server_fails_both_old_lists_stay(
    home: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Both servers fail: refused, exit code 1, and both old lists stay in use.
    """
    monkeypatch.setenv("OUTREACH_ADDRESS_AMO", publisher.serve("/amo", b"down", status=503))
    monkeypatch.setenv("OUTREACH_ADDRESS_ODSEN", publisher.serve("/odsen", b"down", status=503))

    result = CliRunner().invoke(command, ["update"])

    assert result.exit_code == 1
    assert result.output.count("the old list stays in use") == 2
    assert folder_in_use("assemblee") == data_path("deputies")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["update", "--tables", "x"], "--tables goes with one chamber"),
        (["update", "senators", "--address", "odsen"], "is not SOURCE=URL"),
        (["update", "senators", "--address", "wikipedia=http://127.0.0.1/"], "is not a source"),
    ],
)
def test_a_wrong_command_line_is_refused(home: Path, arguments: list[str], words: str) -> None:
    """
    Exit code 2, and nothing is fetched.
    """
    result = CliRunner().invoke(command, arguments)

    assert result.exit_code == 2
    assert words in result.output


@pytest.mark.shared
def test_the_real_deputies_are_renewed_while_the_senate_is_down(
    home: Path, publisher: Publisher, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The Assembly's own zip replaces the bundled list, and what was declared in October gives way
    to it; the Senate's server fails: done in part, exit code 3.
    """
    zip_ = shared / "roster" / "deputes" / "AMO10_2026-04-11.json.zip"
    modified = {"Last-Modified": "Sun, 22 Nov 2026 04:00:00 GMT"}
    monkeypatch.setenv("OUTREACH_ADDRESS_AMO", publisher.serve("/a", zip_.read_bytes(), modified))
    monkeypatch.setenv("OUTREACH_ADDRESS_ODSEN", publisher.serve("/o", b"down", status=503))

    result = CliRunner().invoke(command, ["update"])

    deputies = load_roster("assemblee")
    assert result.exit_code == 3
    assert (len(deputies.members), deputies.as_of) == (577, dt.date(2026, 11, 22))
    assert deputies.members[0].commission == "commission des affaires sociales"
    assert result.output.count("declared: ") == 9
    assert "senators: the old list stays in use" in result.output
    assert folder_in_use("senat") == data_path("senators")
