"""What came of a campaign: per chamber, group and département, and letter by letter."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from outreach.outbox.claims import Scope
from outreach.outbox.schema import State, replies
from outreach.outbox.standing import Standing, for_paper, standings
from outreach.spreadsheets import Cell
from outreach.tracking.record import OUTCOMES

COUNTS = (
    "letters", "waiting", "held", "uncertain", "refused", "accepted", "bounced", "auto_replies",
    "answered",
)  # fmt: skip
OUTCOME_COLUMNS = tuple(outcome.replace(" ", "_") for outcome in OUTCOMES)
COLUMNS = ("by", "of", *COUNTS, "rate", "rate_low", "rate_high", *OUTCOME_COLUMNS)
LETTER_COLUMNS = (
    "name", "chamber", "political_group", "department_code", "constituency_code", "state", "reason",
    "answered", "outcome", "next_step", "recipient_id",
)  # fmt: skip
_DOUBTFUL = (State.UNCERTAIN, State.REFUSED, State.EXPIRED, State.BOUNCED)


@dataclass(frozen=True, slots=True)
class Line:
    """One group of recipients.

    Attributes:
        counts: COUNTS → number. The states, waiting to bounced, add up to letters (bounced ones
            are no longer in accepted); answered counts recipients who gave a real answer.
        outcomes: what persons judged the answers to be; answers that nobody judged are in none.
        rate: of the letters that a server accepted, the share answered; None without any. An
            answer to another one (on paper, uncertain, bounced) is in answered only: how many of
            those reached anybody is not known. low, high: its Wilson interval at 95 %.
    """

    by: str
    of: str
    counts: dict[str, int]
    outcomes: Counter[str]
    rate: float | None
    low: float | None
    high: float | None

    def cells(self) -> dict[str, Cell]:
        """Give the line as a row of COLUMNS, rates in per cent."""
        row: dict[str, Cell] = {"by": self.by, "of": self.of, **self.counts}
        for name, value in (("rate", self.rate), ("rate_low", self.low), ("rate_high", self.high)):
            row[name] = None if value is None else round(100 * value, 1)
        for column, outcome in zip(OUTCOME_COLUMNS, OUTCOMES, strict=True):
            row[column] = self.outcomes[outcome]
        return row


@dataclass(frozen=True, slots=True)
class Report:
    """A campaign's wave, counted, with the letters that a person should look at.

    Attributes:
        doubtful: uncertain, refused, given up, bounced, in this order.
        silent: accepted and not answered: the next wave is for them.
        paper: whom no e-mail reaches: `outreach export … --only held` takes them.
    """

    name: str
    wave: int
    made_at: dt.datetime
    lines: tuple[Line, ...]
    letters: tuple[Standing, ...]
    paper: frozenset[str]

    @property
    def doubtful(self) -> list[Standing]:
        """What a person should look at first."""
        return [row for row in self.letters if row.state in _DOUBTFUL]

    @property
    def silent(self) -> list[Standing]:
        """Who has a letter and has not answered."""
        return [row for row in self.letters if row.state is State.ACCEPTED and not row.answered]

    def letter_rows(self) -> list[dict[str, Cell]]:
        """Give one row of LETTER_COLUMNS a letter, those to look at first on top."""
        return [
            {
                **{name: getattr(row, name) for name in LETTER_COLUMNS if hasattr(row, name)},
                "state": str(row.state),
                "reason": row.reply or row.reason,
                "answered": "yes" if row.answered else "",
                "next_step": self._next_step(row),
            }
            for row in self.letters
        ]

    def _next_step(self, row: Standing) -> str:
        if row.state is State.UNCERTAIN:
            return "resolve"
        if row.recipient_id in self.paper:
            return "paper"
        if row.answered:
            return "" if row.outcome else "note the outcome"
        return "remind" if row.state is State.ACCEPTED else ""


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
    paper = frozenset(for_paper(connection, scope))
    return Report(name, scope.wave, now, tuple(lines), tuple(rows), paper)


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Give the 95 % interval of a rate (Wilson 1927), which holds for few and for none."""
    z = 1.959964
    share, spread = successes / trials, z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def _line(by: str, of: str, rows: Sequence[Standing], automatic: set[int | None]) -> Line:
    states = Counter(row.state for row in rows)
    answered = sum(row.answered for row in rows)
    reached = [row.answered for row in rows if row.state is State.ACCEPTED]
    rate = sum(reached) / len(reached) if reached else None
    low, high = wilson(sum(reached), len(reached)) if reached else (None, None)
    underway = (State.WAITING, State.DEFERRED, State.CLAIMED, State.COMMITTING)
    counts = {
        "letters": len(rows),
        "waiting": sum(states[state] for state in underway),
        "held": states[State.HELD],
        "uncertain": states[State.UNCERTAIN],
        "refused": states[State.REFUSED] + states[State.EXPIRED],
        "accepted": states[State.ACCEPTED],
        "bounced": states[State.BOUNCED],
        "auto_replies": sum(row.letter_id in automatic for row in rows),
        "answered": answered,
    }
    outcomes = Counter(row.outcome for row in rows if row.outcome)
    return Line(by, of, counts, outcomes, rate, low, high)
