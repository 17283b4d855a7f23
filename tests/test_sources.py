"""The official files: their list, and fetching them from a real server on this machine."""

import datetime as dt
import io
import socket
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pytest

from outreach import sources
from outreach.errors import FetchError
from outreach.sources import SOURCES, address_of, fetch

TODAY = dt.date(2026, 11, 23)
CSV = b"Matricule,Nom\n1,Essai\n"


class Publisher(Protocol):
    """The server of the fixture."""

    address: str
    asked: list[str]

    def serve(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None, status: int = 200
    ) -> str: ...


def zipped() -> bytes:
    """A small zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("json/acteur/PA1.json", "{}")
    return buffer.getvalue()


def fetch_from(address: str, folder: Path, name: str = "odsen") -> sources.Fetched:
    """Fetch a source from an address, today."""
    return fetch(SOURCES[name], folder, today=TODAY, address=address)


def test_every_source_says_publisher_licence_page_and_cadence() -> None:
    """
    A catalogue that a lawyer can read: secure addresses at the publishers' own hosts.
    """
    hosts = (
        "https://data.assemblee-nationale.fr/",
        "https://data.senat.fr/",
        "https://www.senat.fr/",
        "https://www.data.gouv.fr/",
    )
    for name, source in SOURCES.items():
        assert name == source.name
        assert source.licence == "Licence Ouverte 2.0"
        assert source.title
        assert source.publisher
        assert source.cadence
        assert source.page.startswith(hosts)
        assert source.address.startswith(hosts) or source.name == "rne"


def test_a_file_is_fetched_whole_under_its_own_date(publisher: Publisher, tmp_path: Path) -> None:
    """
    The publisher's date, when its server says it, names the file.
    """
    address = publisher.serve("/x.csv", CSV, {"Last-Modified": "Fri, 20 Nov 2026 04:00:00 GMT"})

    fetched = fetch_from(address, tmp_path)

    assert fetched.path == tmp_path / "odsen_2026-11-20.csv"
    assert fetched.path.read_bytes() == CSV
    assert fetched.date == dt.date(2026, 11, 20)


@pytest.mark.parametrize("said", ["", "yesterday", "Fri, 20 Nov 2099 04:00:00 GMT"])
def test_without_a_date_a_file_is_of_today(publisher: Publisher, tmp_path: Path, said: str) -> None:
    """
    No date, no readable date, a date to come: the day of fetching.
    """
    address = publisher.serve("/x.csv", CSV, {"Last-Modified": said})

    assert fetch_from(address, tmp_path).date == TODAY


def test_a_moved_file_is_followed(publisher: Publisher, tmp_path: Path) -> None:
    """
    data.gouv.fr answers with a redirection.
    """
    there = publisher.serve("/new.csv", CSV)
    here = publisher.serve("/old.csv", b"", status=302, headers={"Location": there})

    assert fetch_from(here, tmp_path).path.read_bytes() == CSV
    assert publisher.asked == ["/old.csv", "/new.csv"]


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("odsen", b"<!DOCTYPE html><html>maintenance</html>", "a web page"),
        ("odsen", b"\xef\xbb\xbf\n <html>", "a web page"),
        ("odsen", b"", "an empty answer"),
        ("amo", CSV, "not a zip"),
        ("senat-api", CSV, "not JSON"),
    ],
)
def test_something_else_than_the_file_is_refused(
    publisher: Publisher, tmp_path: Path, name: str, body: bytes, words: str
) -> None:
    """
    A web page in place of a CSV is not a list of nobody: refused, nothing left behind.
    """
    address = publisher.serve("/x", body)

    with pytest.raises(FetchError, match=words):
        fetch_from(address, tmp_path, name)

    assert list(tmp_path.iterdir()) == []


def test_an_answer_cut_short_is_refused(publisher: Publisher, tmp_path: Path) -> None:
    """
    Fewer bytes than announced are not the file.
    """
    address = publisher.serve("/x.csv", CSV, {"x-says": "9999"})

    with pytest.raises(FetchError, match="cut short"):
        fetch_from(address, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_zip_broken_inside_is_refused(publisher: Publisher, tmp_path: Path) -> None:
    """
    All the bytes came, but the zip was already broken on the server.
    """
    broken = bytearray(zipped())
    broken[-10] ^= 0xFF
    broken[45] ^= 0xFF
    address = publisher.serve("/x.zip", bytes(broken))

    with pytest.raises(FetchError, match="broken"):
        fetch_from(address, tmp_path, "amo")

    assert list(tmp_path.iterdir()) == []


def test_a_whole_zip_is_kept(publisher: Publisher, tmp_path: Path) -> None:
    """
    A zip that opens is the file; progress is told in bytes.
    """
    told: list[tuple[int, int]] = []
    address = publisher.serve("/x.zip", zipped())

    fetched = fetch(
        SOURCES["amo"],
        tmp_path,
        today=TODAY,
        address=address,
        progress=lambda done, total: told.append((done, total)),
    )

    assert zipfile.is_zipfile(fetched.path)
    assert told[-1] == (len(zipped()), len(zipped()))


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_refusal_of_the_server_is_said(publisher: Publisher, tmp_path: Path, status: int) -> None:
    """
    The status and the page where a person can look are in the message.
    """
    address = publisher.serve("/x.csv", b"no", status=status)

    with pytest.raises(FetchError, match=f"answered {status}") as refusal:
        fetch_from(address, tmp_path)

    assert SOURCES["odsen"].page in refusal.value.message


def test_a_silent_server_is_not_waited_for_for_ever(publisher: Publisher, tmp_path: Path) -> None:
    """
    After the time given, the answer is given up.
    """
    address = publisher.serve("/x.csv", CSV, {"x-waits": "2"})

    with pytest.raises(FetchError, match="did not answer"):
        fetch(SOURCES["odsen"], tmp_path, today=TODAY, address=address, read_seconds=0.2)


def test_nobody_there_is_said(tmp_path: Path) -> None:
    """
    A port where nobody listens is not a traceback.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with pytest.raises(FetchError, match="cannot be reached"):
        fetch_from(f"http://127.0.0.1:{port}/x.csv", tmp_path)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/x", "liste.csv"])
def test_only_the_web_is_fetched_from(tmp_path: Path, address: str) -> None:
    """
    No local file and no other protocol can be slipped in.
    """
    with pytest.raises(FetchError, match="not an address to fetch from"):
        fetch_from(address, tmp_path)


def test_an_endless_answer_is_given_up(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Far more than the list has is something else.
    """
    monkeypatch.setattr(sources, "MOST_BYTES", 1000)
    address = publisher.serve("/x.csv", CSV * 1000)

    with pytest.raises(FetchError, match="which is not the list"):
        fetch_from(address, tmp_path)


def test_a_mirror_may_stand_in_for_the_publisher(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The environment names it, per source.
    """
    monkeypatch.setenv("OUTREACH_ADDRESS_SENAT_API", "https://mirror.example.org/senateurs.json")

    assert address_of(SOURCES["senat-api"]) == "https://mirror.example.org/senateurs.json"
    assert address_of(SOURCES["odsen"]) == SOURCES["odsen"].address


def test_a_source_without_address_is_fetched_by_hand(tmp_path: Path) -> None:
    """
    The RNE changes its address at each issue: the page is named.
    """
    with pytest.raises(FetchError, match="by hand"):
        fetch(SOURCES["rne"], tmp_path, today=TODAY)
