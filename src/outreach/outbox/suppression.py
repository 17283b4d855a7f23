"""The suppression list: addresses and persons never to write to again.

A CSV that a person can open, one for all campaigns of this user (or of a team, by path). What is
in it is honoured at plan time, at export and at each send.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from filelock import FileLock
from platformdirs import user_data_path

from outreach.errors import InputError
from outreach.files import unwritable
from outreach.outbox.addresses import address_key, envelope_address
from outreach.spreadsheets import unguard, write_csv

COLUMNS = ("address", "official_id", "name", "reason", "date")
# A deputy's, a senator's.
_OFFICIAL_ID = re.compile(r"PA\d+|\d{5}[A-Z]", re.ASCII)
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One entry: an address, a person's official id, or both."""

    address: str
    official_id: str
    name: str
    reason: str
    date: dt.date


class SuppressionList:
    """The entries of one list, looked up by address and by person."""

    def __init__(self, entries: Iterable[Suppression]) -> None:
        self.entries = tuple(entries)
        self._by_address = {address_key(one.address): one for one in self.entries if one.address}
        self._by_person = {
            one.official_id.strip().upper(): one for one in self.entries if one.official_id
        }

    def reason(self, official_id: str, address: str) -> str:
        """Say why this person or address is not written to, "" when it may be."""
        found = self._by_person.get(official_id.upper()) or (
            self._by_address.get(address_key(address)) if address else None
        )
        return f"on the suppression list since {found.date}: {found.reason}" if found else ""


def suppression_path(given: str | None = None) -> Path:
    """Give the path of the list: the campaign's own, or the user's."""
    return (
        Path(given).expanduser()
        if given
        else user_data_path("outreach", appauthor=False) / "suppression.csv"
    )


def read_suppressions(path: Path) -> SuppressionList:
    """Read the list; there is none before the first opt-out.

    People write in it: "Camille <a@example.org>", mailto: links and ids in lower case are
    understood, and given as the list itself writes them.

    Raises:
        InputError: the file is unreadable, or a row is faulty or can mean nobody; all are
            listed. A list that cannot
            be read stops everything: who asked not to be written to is not written to.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return SuppressionList(())
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} could not be read: {error}; save it as UTF-8.") from error
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise InputError(f"{path}: the columns must be {'; '.join(COLUMNS)}.")
    entries, problems = [], []
    for row in rows:
        try:
            cells = {name: unguard((row[name] or "").strip()) for name in COLUMNS}
            if not cells["address"] and not cells["official_id"]:
                raise ValueError("neither address nor official_id")  # noqa: TRY301 - one place names the row
            entries.append(
                Suppression(
                    _meant_address(cells["address"]),
                    _meant_id(cells["official_id"]),
                    cells["name"],
                    cells["reason"],
                    dt.date.fromisoformat(cells["date"]),
                )
            )
        except (ValueError, InputError) as error:
            problems.append(f"{path}, row {rows.line_num}: {error}; correct or remove the row.")
    if problems:
        raise InputError(f"{path} has faulty rows:", problems)
    return SuppressionList(entries)


def _meant_address(cell: str) -> str:
    if not cell:
        return ""
    if _OFFICIAL_ID.fullmatch(cell.upper()):
        raise InputError(f'address "{cell}": an official id goes into its own column')
    named = _NAMED.fullmatch(cell)
    address = (named[1] if named else cell).strip()
    if address.lower().startswith("mailto:"):
        address = unquote(address[len("mailto:") :].partition("?")[0])
    if address.count("@") > 1:
        raise InputError(f'address "{cell}": one address a row')
    return envelope_address(address)


def _meant_id(cell: str) -> str:
    if cell and not _OFFICIAL_ID.fullmatch(cell.upper()):
        raise InputError(
            f'"{cell}" is no official id such as PA721908 or 14265T; `outreach find NAME` gives '
            "ids, one a row"
        )
    return cell.upper()


def add_suppression(path: Path, entry: Suppression) -> bool:
    """Add an entry; False when the same address and person were on the list already.

    Raises:
        OutreachError: the list cannot be read or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(path.name + ".lock"), timeout=30):
            entries = read_suppressions(path).entries
            pair = (address_key(entry.address), entry.official_id)
            if any((address_key(one.address), one.official_id) == pair for one in entries):
                return False
            write_csv(path, COLUMNS, [_row(one) for one in (*entries, entry)])
    except OSError as error:
        raise unwritable(path, error) from error
    return True


def _row(entry: Suppression) -> dict[str, str | int | float | None]:
    return {
        "address": entry.address,
        "official_id": entry.official_id,
        "name": entry.name,
        "reason": entry.reason,
        "date": entry.date.isoformat(),
    }
