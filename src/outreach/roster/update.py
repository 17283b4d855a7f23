"""Renew a roster from its publishers: fetch, build, compare, and only then replace the old copy."""

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outreach.bundle import data_path
from outreach.errors import OutreachError
from outreach.roster.build import Built, build_roster, write_roster
from outreach.roster.bundled import load_roster, renewed_folder
from outreach.roster.compare import Change, changed_domains, compare, holders_of
from outreach.roster.seat import Chamber, Roster
from outreach.roster.table import FOLDER
from outreach.sources import SOURCES, Fetched, fetch

# What each chamber is renewed from: its own complete list.
FETCHED: Final[Mapping[Chamber, tuple[str, ...]]] = {"assemblee": ("amo",), "senat": ("odsen",)}
# A few members change provider in a year; more at once is a faulty or hostile list.
MOST_CHANGED_DOMAINS: Final = 5


@dataclass(frozen=True, slots=True)
class Renewed:
    """What an update did: the new roster in place, and how it differs from the one before."""

    before: Roster
    built: Built
    changes: tuple[Change, ...]
    fetched: tuple[Fetched, ...]
    folder: Path


def renew(
    chamber: Chamber,
    *,
    today: dt.date,
    addresses: Mapping[str, str] | None = None,
    also: Sequence[str] = (),
    tables: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Renewed:
    """Fetch the lists of one chamber and put a new copy in the user's data folder.

    Args:
        chamber: which.
        today: the date of lists whose server says none.
        addresses: name of a source → address to use instead of the publisher's.
        also: further sources to fetch and merge ("datan", "senat-api").
        tables: the folder of the hand-kept tables; the bundled one by default.
        progress: called with bytes received and expected, file after file.

    Raises:
        FetchError: a server did not give its list.
        InputError: a list is faulty or does not fill the seats.
        OutreachError: more than five addresses change their domain, or the copy cannot be
            written. In all three cases the old list stays.
    """
    before = load_roster(chamber)
    hand_kept = tables or data_path(FOLDER[chamber])
    with tempfile.TemporaryDirectory(prefix="outreach-") as beside:
        fetched = tuple(
            fetch(
                SOURCES[name],
                Path(beside),
                today=today,
                address=(addresses or {}).get(name),
                progress=progress,
            )
            for name in (*FETCHED[chamber], *also)
        )
        built = build_roster(
            [file.path for file in fetched],
            hand_kept,
            today=today,
            dates={file.path: file.date for file in fetched},
        )
        changes = compare(holders_of(before), holders_of(built.roster))
        _refuse_many_domains(changes)
        folder = renewed_folder(chamber)
        write_roster(built, folder, hand_kept)
    return Renewed(before, built, tuple(changes), fetched, folder)


def _refuse_many_domains(changes: list[Change]) -> None:
    moved = changed_domains(changes)
    if len(moved) > MOST_CHANGED_DOMAINS:
        raise OutreachError(
            f"{len(moved)} addresses would change their domain, which no honest update does; the "
            "old list stays. Look at the publisher's list; if it is right, build from it with "
            "`outreach roster build`.",
            [f"{change.name}: {change.before} → {change.after}" for change in moved],
        )
