"""Template, recipient and figures → letters: every one rendered before any is given.

    pack (files) ─▶ checked, compiled once ─▶ per recipient: variants chosen ─▶ Markdown
    ─▶ neutral tree ─▶ text and HTML ─▶ Letter

All the faults of all the templates and letters are listed together; with any, no letter is given.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from outreach.campaign import Campaign
from outreach.errors import TemplateError
from outreach.figures.figure import LocalFigures
from outreach.letters.fields import FigureNames
from outreach.letters.letter import Letter
from outreach.letters.syntax import Fault
from outreach.letters.variants import seat_numbers, seat_of
from outreach.letters.writer import LetterFault, Writer
from outreach.roster.seat import Parliamentarian

Progress = Callable[[int, int], None]
Recipients = Sequence[tuple[Parliamentarian, LocalFigures]]
_MOST_FAULTS = 100


def compose(
    campaign: Campaign,
    recipients: Recipients,
    *,
    today: dt.date,
    progress: Progress | None = None,
    choices: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
    asked: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Letter]:
    """Render the letters of a campaign, one per recipient, in the order given.

    Args:
        campaign: as load_campaign gives it.
        recipients: each with the figures of their area.
        today: the date that letters bear when the campaign sets none.
        progress: called with (done, total).
        choices: block → variant, forced for every letter it fits; wins over the campaign's own.
        numbers: seat_numbers() of all seats, so that a letter written alone is the one of the
            batch; None numbers the recipients given.
        asked: official id → block → variant of the letter before: a reminder asks the same again,
            also when seats were numbered otherwise since.

    Raises:
        TemplateError: a template is faulty, or a letter cannot be rendered from it; all faults are
            listed with file, line, what is missing, what exists, and for whom.
        InputError: titles.csv or acts.csv is faulty.
    """
    choices = {**campaign.choices, **(choices or {})}
    writer = _opened(campaign, recipients, today, choices, numbers, asked)
    letters: list[Letter] = []
    _write_all(writer, recipients, choices, progress, letters.append)
    return letters


def compose_in_turn(
    campaign: Campaign,
    recipients: Recipients,
    *,
    today: dt.date,
    progress: Progress | None = None,
    choices: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
    asked: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[Letter]:
    """Render letters one at a time, for batches too large to hold: 22 kB a letter in compose().

    Every letter is rendered once to find its faults before the first one is given, then once more:
    the promise of compose() at twice its time, in memory that does not grow with the batch.
    Arguments and errors are those of compose().
    """
    choices = {**campaign.choices, **(choices or {})}
    writer = _opened(campaign, recipients, today, choices, numbers, asked)
    _write_all(writer, recipients, choices, progress, lambda letter: None)
    for recipient, local in recipients:
        yield writer.write(recipient, local, choices)


def _opened(
    campaign: Campaign,
    recipients: Recipients,
    today: dt.date,
    choices: Mapping[str, str],
    numbers: Mapping[str, int] | None,
    asked: Mapping[str, Mapping[str, str]] | None,
) -> Writer:
    if numbers is None:
        numbers = seat_numbers(seat_of(recipient) for recipient, _ in recipients)
    names = FigureNames.of(local for _, local in recipients)
    writer = Writer.open(campaign, names, today, numbers, asked)
    writer.check_choices(choices)
    return writer


def _write_all(
    writer: Writer,
    recipients: Recipients,
    choices: Mapping[str, str],
    progress: Progress | None,
    take: Callable[[Letter], None],
) -> None:
    faults: dict[Fault, list[str]] = {}
    for done, (recipient, local) in enumerate(recipients, start=1):
        try:
            take(writer.write(recipient, local, choices))
        except LetterFault as error:
            faults.setdefault(error.fault, []).append(_who(recipient))
        if progress is not None:
            progress(done, len(recipients))
    if faults:
        raise TemplateError(
            f"{sum(map(len, faults.values()))} of {len(recipients)} letters cannot be rendered, "
            "so none was made:",
            [f"{fault} {_for_whom(who)}" for fault, who in sorted(faults.items())[:_MOST_FAULTS]],
        )


def _who(recipient: Parliamentarian) -> str:
    seat = recipient.constituency_code or recipient.department_code
    return f"{recipient.official_id} {recipient.full_name} ({seat})"


def _for_whom(who: Sequence[str]) -> str:
    more = f" and {len(who) - 3} others" if len(who) > 3 else ""
    return f"For {', '.join(who[:3])}{more}."
