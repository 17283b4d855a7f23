"""What came of a campaign: per chamber, group and département, as numbers and as a page."""

import datetime as dt
import html
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from outreach.files import write_file
from outreach.outbox.claims import Scope
from outreach.outbox.schema import State, letters, replies
from outreach.outbox.standing import Standing, standings
from outreach.spreadsheets import Cell

COLUMNS = (
    "by", "of", "letters", "waiting", "held", "uncertain", "refused", "accepted", "bounced",
    "auto_replies", "answered", "rate", "rate_low", "rate_high",
)  # fmt: skip
_CHAMBERS = {"assemblee": "Assemblée nationale", "senat": "Sénat"}
_TITLES = {
    "all": "Ensemble",
    "chamber": "Assemblée",
    "political_group": "Groupe politique",
    "department": "Département",
}
_HEADINGS = (
    "", "Lettres", "En attente", "Retenues", "Incertaines", "Refusées", "Remises au serveur",
    "Revenues", "Réponses automatiques", "Réponses", "Taux de réponse (intervalle à 95 %)",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One group of recipients.

    Attributes:
        letters: recipients; the states add up to it (bounced ones are no longer in accepted).
        answered: recipients who gave a real answer.
        rate: answered / (accepted + answered bounced), None when nothing was accepted;
            low, high: its Wilson interval at 95 %.
    """

    by: str
    of: str
    letters: int
    waiting: int
    held: int
    uncertain: int
    refused: int
    accepted: int
    bounced: int
    auto_replies: int
    answered: int
    rate: float | None
    low: float | None
    high: float | None

    def cells(self) -> dict[str, Cell]:
        """Give the line as a row of COLUMNS, rates in per cent."""
        row: dict[str, Cell] = {name: getattr(self, name) for name in COLUMNS[:11]}
        for name, value in (("rate", self.rate), ("rate_low", self.low), ("rate_high", self.high)):
            row[name] = None if value is None else round(100 * value, 1)
        return row


@dataclass(frozen=True, slots=True)
class Report:
    """A campaign's wave, counted, with the letters that a person should look at."""

    name: str
    wave: int
    made_at: dt.datetime
    lines: tuple[Line, ...]
    doubtful: tuple[Standing, ...]
    silent: tuple[Standing, ...]


def make_report(connection: Connection, scope: Scope, *, name: str, now: dt.datetime) -> Report:
    """Count a wave: all, per chamber, political group and département."""
    rows = standings(connection, scope)
    automatic = set(
        connection.execute(
            select(replies.c.letter_id).where(replies.c.kind == "auto-reply").distinct()
        ).scalars()
    )
    groupings: list[tuple[str, Callable[[Standing], str]]] = [
        ("all", lambda row: ""),
        ("chamber", lambda row: row.chamber),
        ("political_group", lambda row: row.political_group or "?"),
        ("department", lambda row: row.department_code),
    ]
    lines = []
    for by, key in groupings:
        groups: dict[str, list[Standing]] = {}
        for row in rows:
            groups.setdefault(key(row), []).append(row)
        lines += [_line(by, of, groups[of], automatic) for of in sorted(groups)]
    doubtful = (State.UNCERTAIN, State.REFUSED, State.EXPIRED, State.BOUNCED)
    return Report(
        name,
        scope.wave,
        now,
        tuple(lines),
        tuple(row for row in rows if row.state in doubtful),
        tuple(row for row in rows if row.state is State.ACCEPTED and not row.answered),
    )


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Give the 95 % interval of a rate (Wilson 1927), which holds for few and for none."""
    z = 1.959964
    share, spread = successes / trials, z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def write_page(report: Report, path: Path) -> None:
    """Write the report as one self-contained HTML page, in French, that loads nothing."""
    parts = [
        "<!doctype html><html lang='fr'><meta charset='utf-8'>",
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">",
        f"<title>{_text(report.name)} : suivi</title><style>{_STYLE}</style>",
        f"<h1>{_text(report.name)}</h1>",
        f"<p>Envoi n<sup>o</sup> {report.wave}, état au {report.made_at:%d/%m/%Y à %H:%M} (UTC). "
        "« Remise au serveur » veut dire que notre serveur de messagerie l’a acceptée, pas qu’elle "
        "a été lue.</p>",
    ]
    if report.doubtful:
        parts.append("<h2>À regarder d’abord</h2>" + _people(report.doubtful, with_reason=True))
    for by, title in _TITLES.items():
        lines = [line for line in report.lines if line.by == by]
        parts.append(f"<h2>{title}</h2>" + _table(_HEADINGS, map(_cells, lines)))
    parts.append(
        f"<h2>Sans réponse à ce jour ({len(report.silent)})</h2>"
        + _people(report.silent, with_reason=False)
    )
    write_file(path, "\n".join(parts) + "\n</html>\n")


def initiatives(connection: Connection, campaign_uid: str | None = None) -> list[dict[str, Cell]]:
    """Count initiatives towards public officials: per day, category and subject.

    For the HATVP's register, whose rules count initiatives in twelve months; no name is in it.
    """
    day = func.substr(letters.c.changed_at, 1, 10)
    query = (
        select(day, letters.c.chamber, letters.c.campaign_uid, letters.c.wave, func.count())
        .where(letters.c.state.in_([State.ACCEPTED, State.BOUNCED]))
        .group_by(day, letters.c.chamber, letters.c.campaign_uid, letters.c.wave)
        .order_by(day)
    )
    if campaign_uid is not None:
        query = query.where(letters.c.campaign_uid == campaign_uid)
    categories = {"assemblee": "députés", "senat": "sénateurs"}
    return [
        {
            "date": row[0],
            "category": categories.get(row[1], row[1]),
            "campaign": row[2],
            "wave": row[3],
            "initiatives": row[4],
        }
        for row in connection.execute(query)
    ]


def _line(by: str, of: str, rows: Sequence[Standing], automatic: set[int | None]) -> Line:
    def count(*states: State) -> int:
        return sum(row.state in states for row in rows)

    answered = sum(row.answered for row in rows)
    reached = sum(row.state is State.ACCEPTED or row.answered for row in rows)
    low, high = wilson(answered, reached) if reached else (None, None)
    return Line(
        by,
        of,
        len(rows),
        count(State.WAITING, State.DEFERRED, State.CLAIMED, State.COMMITTING),
        count(State.HELD),
        count(State.UNCERTAIN),
        count(State.REFUSED, State.EXPIRED),
        count(State.ACCEPTED),
        count(State.BOUNCED),
        sum(row.letter_id in automatic for row in rows),
        answered,
        answered / reached if reached else None,
        low,
        high,
    )


def _cells(line: Line) -> list[str]:
    rate = "–"
    if line.rate is not None and line.low is not None and line.high is not None:
        rate = f"{100 * line.rate:.1f} % ({100 * line.low:.1f} à {100 * line.high:.1f})"
    numbers = [getattr(line, name) for name in COLUMNS[2:11]]
    return [_CHAMBERS.get(line.of, line.of), *map(str, numbers), rate.replace(".", ",")]


def _people(rows: Iterable[Standing], *, with_reason: bool) -> str:
    head = ["Nom", "Circonscription ou département", "Groupe"]
    states = {
        State.UNCERTAIN: "incertaine",
        State.REFUSED: "refusée",
        State.EXPIRED: "abandonnée",
        State.BOUNCED: "revenue",
    }
    cells = []
    for row in rows:
        line = [row.name, row.constituency_code or row.department_code, row.political_group]
        if with_reason:
            line += [states.get(row.state, row.state), row.reply or row.reason]
        cells.append(line)
    return _table(head + (["État", "Motif"] if with_reason else []), cells)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["<table><thead><tr>", *(f"<th>{_text(cell)}</th>" for cell in head)]
    lines.append("</tr></thead><tbody>")
    for row in rows:
        lines.append("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>")
    return "".join(lines) + "</tbody></table>"


def _text(value: str) -> str:
    return html.escape(value)


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;font-size:.9rem}td,th{padding:.25rem .6rem;text-align:left;"
    "border-bottom:1px solid #ccc}th{background:#f2f2f2}"
)
