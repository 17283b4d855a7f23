"""Public acts of parliamentarians (a vote, an amendment, a question), each with its source.

From them follows a stance: thank, ask or remind. There is no opinion score about a person, and no
column for one: the file says what somebody did, where it is published, and which letter answers.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from outreach.errors import InputError
from outreach.letters.numbers import date_words
from outreach.letters.salutation import read_rows

ACT_COLUMNS: Final = ("official_id", "date", "stance", "text", "source", "url")
STANCES: Final = ("thank", "ask", "remind")


@dataclass(frozen=True, slots=True)
class Act:
    """One act: ``text`` continues "vous …" ("avez voté l'amendement n° 1234")."""

    official_id: str
    date: dt.date
    stance: str
    text: str
    source: str
    url: str

    def record(self) -> dict[str, Any]:
        """Give the act as templates see it."""
        return {
            "text": self.text,
            "date": date_words(self.date),
            "source": self.source,
            "url": self.url or None,
        }


def read_acts(path: Path | None, today: dt.date | None = None) -> Mapping[str, Act]:
    """Read a campaign's acts.csv: official id → the person's latest act.

    Args:
        path: the file; None, no act.
        today: the last day on which something can have been done; None takes any day.

    Raises:
        InputError: a column is missing, or a line has no source, an unknown stance, a date that is
            none or to come; all listed.
    """
    latest: dict[str, Act] = {}
    problems: list[str] = []
    for number, row in read_rows(path, ACT_COLUMNS):
        where = f"{path}, row {number}"
        day = _past_day(row["date"], today, f"{where}, date", problems)
        problems += _cell_problems(where, row)
        if day is None:
            continue
        act = Act(row["official_id"], day, row["stance"], row["text"], row["source"], row["url"])
        if act.official_id not in latest or latest[act.official_id].date <= day:
            latest[act.official_id] = act
    if problems:
        raise InputError(f"{path} has {len(problems)} faulty cells:", problems)
    return latest


def _cell_problems(where: str, row: Mapping[str, str]) -> Iterator[str]:
    if row["stance"] not in STANCES:
        yield f'{where}, stance: "{row["stance"]}" is none of {", ".join(STANCES)}'
    for name in ("official_id", "text", "source"):
        if not row[name]:
            yield f"{where}, {name}: is empty; an act without it is not quoted"
    if row["url"] and not row["url"].startswith("https://"):
        yield f'{where}, url: "{row["url"]}" does not start with "https://"'


def _past_day(cell: str, today: dt.date | None, where: str, problems: list[str]) -> dt.date | None:
    """Read a day that has been: None, and a problem more, where it is no date or to come."""
    try:
        day = dt.date.fromisoformat(cell)
    except ValueError:
        problems.append(f'{where}: "{cell}" is no date; write 2026-11-12')
        return None
    if today is not None and day > today:
        problems.append(f"{where}: {cell} is later than {today}; an act is quoted once it is done")
        return None
    return day
