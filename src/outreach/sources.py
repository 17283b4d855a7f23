"""The official files: who publishes them, where, under which licence, how often; and fetching them.

The only place that opens a URL. What is in the files is known by the rooms that read them.
"""

import datetime as dt
import hashlib
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from outreach import __version__
from outreach.errors import FetchError
from outreach.files import DAMAGED_ZIP, write_file

if TYPE_CHECKING:
    import httpx

Shape = Literal["zip", "csv", "json"]
LICENCE: Final = "Licence Ouverte 2.0"

# A publisher's server is slow in the morning, and a zip of 5 MB over a poor line takes a minute.
CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 60.0
# The largest official list has 5 MB; beyond this something else is being served.
MOST_BYTES: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """One official file.

    Attributes:
        name: what commands and source.toml call it.
        title, publisher, page: for people.
        address: where it is fetched; "" when it is only read from a file at hand.
        shape: what the answer must be.
        cadence: how often the publisher renews it.
    """

    name: str
    title: str
    publisher: str
    page: str
    address: str
    shape: Shape
    cadence: str
    licence: str = LICENCE


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched whole; ``date`` is the publisher's own when its server says it."""

    source: Source
    path: Path
    sha256: str
    date: dt.date


SOURCES: Final[Mapping[str, Source]] = {
    source.name: source
    for source in (
        Source(
            "amo",
            "Députés en exercice, mandats et organes (AMO10)",
            "Assemblée nationale",
            "https://data.assemblee-nationale.fr/acteurs/deputes-en-exercice",
            "https://data.assemblee-nationale.fr/static/openData/repository/17/amo/"
            "deputes_actifs_mandats_actifs_organes/"
            "AMO10_deputes_actifs_mandats_actifs_organes.json.zip",
            "zip",
            "every night",
        ),
        Source(
            "datan",
            "Députés actifs de l'Assemblée nationale - Informations et statistiques",
            "Datan",
            "https://www.data.gouv.fr/datasets/deputes-actifs-de-lassemblee-nationale-informations-et-statistiques",
            "https://www.data.gouv.fr/fr/datasets/r/092bd7bb-1543-405b-b53c-932ebb49bb8e",
            "csv",
            "every day",
        ),
        Source(
            "libre-office",
            "Liste des députés pour tableur",
            "Assemblée nationale",
            "https://data.assemblee-nationale.fr/acteurs/deputes-en-exercice",
            "https://data.assemblee-nationale.fr/static/openData/repository/17/amo/"
            "deputes_actifs_csv_opendata/liste_deputes_libre_office.csv",
            "csv",
            "every night",
        ),
        Source(
            "odsen",
            "Informations générales sur les sénateurs (ODSEN_GENERAL)",
            "Sénat",
            "https://data.senat.fr/les-senateurs/",
            "https://data.senat.fr/data/senateurs/ODSEN_GENERAL.csv",
            "csv",
            "every day",
        ),
        Source(
            "senat-api",
            "Sénateurs en exercice (API)",
            "Sénat",
            "https://www.senat.fr/vos-senateurs.html",
            "https://www.senat.fr/api-senat/senateurs.json",
            "json",
            "continuously",
        ),
        Source(
            "rne",
            "Répertoire national des élus",
            "Ministère de l'intérieur",
            "https://www.data.gouv.fr/datasets/repertoire-national-des-elus-1/",
            "",
            "csv",
            "every quarter",
        ),
    )
}


def address_of(source: Source) -> str:
    """Give the address, or what the environment puts in its place.

    OUTREACH_ADDRESS_AMO, OUTREACH_ADDRESS_ODSEN, … serve those who keep a mirror.
    """
    variable = f"OUTREACH_ADDRESS_{source.name.upper().replace('-', '_')}"
    return os.environ.get(variable) or source.address


def fetch(
    source: Source,
    folder: Path,
    *,
    today: dt.date,
    address: str | None = None,
    read_seconds: float = READ_SECONDS,
    progress: Callable[[int, int], None] | None = None,
) -> Fetched:
    """Fetch an official file whole into a folder, under its name and its date.

    Args:
        source: which.
        folder: where; created if need be.
        today: the date of a file whose server says none.
        address: instead of the publisher's.
        read_seconds: how long the server may stay silent.
        progress: called with bytes received and expected (0 when the server does not say).

    Raises:
        FetchError: no answer, a refusal, an answer cut short, or something else than the file
            (a web page, an empty or far too large answer). Nothing is left in the folder.
    """
    where = address or address_of(source)
    if urlsplit(where).scheme not in ("http", "https"):
        raise FetchError(
            f'{source.name}: "{where}" is not an address to fetch from; '
            f"fetch the file by hand from {source.page}."
        )
    data, headers = _received(source, where, read_seconds, progress)
    _refuse_something_else(source, where, data)
    date = _date(headers.get("last-modified", ""), today)
    path = folder / f"{source.name}_{date:%Y-%m-%d}.{source.shape}"
    write_file(path, data)
    if source.shape == "zip":
        _refuse_broken_zip(source, where, path)
    return Fetched(source, path, hashlib.sha256(data).hexdigest(), date)


def _received(
    source: Source,
    where: str,
    read_seconds: float,
    progress: Callable[[int, int], None] | None,
) -> tuple[bytes, Mapping[str, str]]:
    import httpx  # 60 ms to import, needed by few commands

    timeout = httpx.Timeout(read_seconds, connect=min(CONNECT_SECONDS, read_seconds))
    agent = {"User-Agent": f"outreach/{__version__}"}
    try:
        with httpx.stream(
            "GET", where, timeout=timeout, headers=agent, follow_redirects=True
        ) as answer:
            if answer.status_code != 200:
                raise FetchError(
                    f"{source.name}: {where} answered {answer.status_code} "
                    f"{answer.reason_phrase}; try again later, or fetch the file by hand "
                    f"from {source.page}."
                )
            return _body(source, where, answer, progress), dict(answer.headers)
    except httpx.TimeoutException as error:
        raise FetchError(
            f"{source.name}: {where} did not answer in {read_seconds:.0f} seconds; try again later."
        ) from error
    except httpx.RemoteProtocolError as error:
        raise FetchError(
            f"{source.name}: the answer of {where} was cut short ({error}); try again."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchError(
            f"{source.name}: {where} cannot be reached ({error}); "
            "check the network and the address."
        ) from error


def _body(
    source: Source,
    where: str,
    answer: "httpx.Response",
    progress: Callable[[int, int], None] | None,
) -> bytes:
    expected = int(answer.headers.get("content-length", "0"))
    data = bytearray()
    for piece in answer.iter_bytes():
        data += piece
        if len(data) > MOST_BYTES:
            raise FetchError(
                f"{source.name}: {where} sends more than {MOST_BYTES // 1_000_000} MB, "
                "which is not the list; check the address."
            )
        if progress:
            progress(answer.num_bytes_downloaded, expected)
    return bytes(data)


def _refuse_something_else(source: Source, where: str, data: bytes) -> None:
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    what = ""
    if not start:
        what = "an empty answer"
    elif start.startswith((b"<!doctype", b"<html", b"<?xml")):
        what = "a web page"
    elif source.shape == "zip" and not data.startswith(b"PK"):
        what = "something that is not a zip"
    elif source.shape == "json" and not start.startswith((b"[", b"{")):
        what = "something that is not JSON"
    if what:
        raise FetchError(
            f"{source.name}: {where} gave {what} in place of the list; "
            f"look at {source.page}, the publisher may have moved it."
        )


def _refuse_broken_zip(source: Source, where: str, path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
    except DAMAGED_ZIP as error:
        broken = str(error)
    if broken is not None:
        path.unlink()
        raise FetchError(f"{source.name}: the zip from {where} is broken ({broken}); try again.")


def _date(last_modified: str, today: dt.date) -> dt.date:
    try:
        said = parsedate_to_datetime(last_modified).date()
    except ValueError:
        return today
    return min(said, today)
