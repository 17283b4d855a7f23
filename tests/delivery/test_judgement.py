"""What each answer of a server means: for the letter, for the run, for the time of the next try."""

import datetime as dt
import random

import pytest

from outreach.delivery.dialogue import Answer, Phase
from outreach.delivery.judgement import Refusals, asks_for_a_pause, backoff, judge
from outreach.outbox.claims import LONGEST_BACKOFF
from outreach.outbox.schema import State

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("phase", "code", "state"),
    [
        ("dot", 250, State.ACCEPTED),
        ("dot", 451, State.DEFERRED),
        ("dot", 554, State.REFUSED),
        # Nobody knows whether the letter was taken.
        ("dot", None, State.UNCERTAIN),
        ("body", 250, State.UNCERTAIN),
        # Before the dot a silence is no doubt: nothing was taken.
        ("body", None, State.DEFERRED),
        ("RCPT", None, State.DEFERRED),
        ("RCPT", 450, State.DEFERRED),
        ("RCPT", 550, State.REFUSED),
        ("DATA", 554, State.REFUSED),
        # About our mailbox, not about this letter.
        ("MAIL", 550, State.DEFERRED),
        ("archive", 550, State.DEFERRED),
        # Too large is about the letter, whenever it is said.
        ("MAIL", 552, State.REFUSED),
        ("archive", 552, State.REFUSED),
        ("MAIL", 421, State.DEFERRED),
    ],
)
def test_an_answer_decides_about_the_letter(phase: Phase, code: int | None, state: State) -> None:
    """Each answer makes its letter accepted, refused, deferred with a time, or uncertain."""
    outcome = judge(Answer(phase, code, "said"), 1, NOW, random.Random(1))

    assert (outcome.state, outcome.code, outcome.reply) == (state, code, f"{phase}: said")
    assert (outcome.next_at is not None) == (state is State.DEFERRED)


@pytest.mark.parametrize(
    ("code", "pause"),
    [(421, True), (454, True), (450, False), (451, False), (452, False), (550, False), (250, False),
     (None, False)],
)  # fmt: skip
def test_some_answers_are_for_all_of_us(code: int | None, pause: bool) -> None:
    """A server that closes, or whose authentication is down, wants no other letter for now either."""
    assert asks_for_a_pause(Answer("RCPT", code, "later")) is pause


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 5), (2, 10), (3, 20), (6, 160), (7, 240), (8, 240), (5_000, 240)]
)
def test_each_delay_is_twice_the_last_up_to_four_hours(attempts: int, minutes: int) -> None:
    """Chance shortens a delay by a fifth at most and never lengthens it."""
    chance = random.Random(20261123)

    delays = [backoff(attempts, chance) for _ in range(500)]

    assert 0.8 * minutes * MINUTE <= min(delays) < 0.81 * minutes * MINUTE
    assert 0.99 * minutes * MINUTE < max(delays) <= minutes * MINUTE
    assert max(delays) <= LONGEST_BACKOFF


def reasons(*answers: Answer) -> list[str]:
    """Give what a run is told after each answer."""
    watch = Refusals()
    return [watch.note(answer) for answer in answers]


@pytest.mark.parametrize(
    ("phase", "whose"), [("MAIL", "our mailbox"), ("archive", "the archive box")]
)
def test_a_refusal_of_ours_stops_the_run_at_once(phase: Phase, whose: str) -> None:
    """A mailbox or an archive that is refused is refused for every letter."""
    assert reasons(Answer(phase, 550, "no such user")) == [
        f"the server refuses {whose}: 550 no such user"
    ]


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "archive", "dot"])
def test_one_letter_refused_stops_nothing(phase: Phase) -> None:
    """A letter that is too large, a box that is gone or full: the others go on."""
    codes = (552,) if phase in ("MAIL", "archive") else (450, 552, 550)

    assert reasons(*(Answer(phase, code, f"said {code}") for code in codes)) == [""] * len(codes)


def test_the_same_refusal_of_our_text_stops_at_the_third() -> None:
    """Numbers and addresses in it may differ; an acceptance between does not matter."""
    said = [
        Answer("dot", 554, "5.7.1 spam <depute1@example.org> id=A1"),
        Answer("dot", 250, "Ok"),
        Answer("dot", 554, "5.7.2 spam <depute2@example.org> id=B2"),
        Answer("dot", 554, "5.7.3 spam <depute3@example.org> id=C3"),
    ]

    told = reasons(*said)

    assert told[:3] == [""] * 3
    assert told[3].startswith("the same refusal of our text came 3 times")


def test_five_refusals_in_a_row_stop_the_run() -> None:
    """An acceptance between begins the row anew; a delay does not end it."""
    gone = [Answer("RCPT", 550, "no such user")] * 4
    accepted, delayed = Answer("dot", 250, "Ok"), Answer("RCPT", 450, "later")
    start = [accepted] * 50

    told = reasons(*start, *gone, accepted, *gone, delayed, gone[0])

    assert told[:-1] == [""] * (len(told) - 1)
    assert told[-1] == "5 letters in a row were refused, the last: no such user"


def test_six_refusals_among_the_first_fifty_stop_the_run() -> None:
    """A list full of dead addresses is noticed at its start, and not for six in a thousand."""
    gone, accepted = Answer("RCPT", 550, "no such user"), Answer("dot", 250, "Ok")

    early, late = reasons(*[accepted, gone] * 6), reasons(*[accepted] * 50, *[accepted, gone] * 6)

    assert early == [""] * 11 + ["6 of the first 12 letters were refused"]
    assert late == [""] * 62
