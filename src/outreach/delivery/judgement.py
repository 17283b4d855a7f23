"""What a server's answer means for the letter, and when a run should rather stop and ask."""

import datetime as dt
import random
import re
from collections import Counter

from outreach.delivery.dialogue import Answer
from outreach.outbox.claims import LONGEST_BACKOFF, Outcome
from outreach.outbox.schema import State

FIRST_BACKOFF = dt.timedelta(minutes=5)
# "Too large for us" is about the letter even when MAIL FROM gets it.
_TOO_LARGE = 552
# Before these the server has nothing of a letter that it could have accepted, whatever it says.
_WITH_TEXT = frozenset({"body", "dot"})
_PAUSES = frozenset({421, 454})
_IN_A_ROW = 5
_SAME_TEXT = 3
_FIRST_LETTERS = 50
_FIRST_REFUSALS = 5


def judge(answer: Answer, attempts: int, now: dt.datetime, chance: random.Random) -> Outcome:
    """Say what an answer makes of the letter.

    Args:
        answer: of offer() or finish().
        attempts: this one counted.
        now: the present.
        chance: for the jitter of a delay.
    """
    code, text = answer.code, f"{answer.phase}: {answer.text}"
    if answer.phase == "dot" and code is None:
        return Outcome(State.UNCERTAIN, None, text)
    if code is not None and 200 <= code < 300 and answer.phase in _WITH_TEXT:
        # A server that says "taken" in the middle of the text may have taken it: nobody knows.
        return Outcome(State.ACCEPTED if answer.phase == "dot" else State.UNCERTAIN, code, text)
    if code is not None and code >= 500 and not ours(answer):
        return Outcome(State.REFUSED, code, text)
    return Outcome(State.DEFERRED, code, text, now + backoff(attempts, chance))


def ours(answer: Answer) -> bool:
    """Tell whether a refusal is about our mailbox, not about this letter."""
    about_us = answer.phase in {"MAIL", "archive"} and answer.code != _TOO_LARGE
    return about_us and answer.code is not None and answer.code >= 500


def asks_for_a_pause(answer: Answer) -> bool:
    """Tell whether the server wants all of us to wait."""
    return answer.code in _PAUSES


def backoff(attempts: int, chance: random.Random) -> dt.timedelta:
    """Give the delay before another try: 5 min, 10, 20 … up to 4 h, a little shortened by chance."""
    doubled: int = 2 ** min(attempts - 1, 10)
    delay = min(FIRST_BACKOFF * doubled, LONGEST_BACKOFF)
    return delay * chance.uniform(0.8, 1.0)


class Refusals:
    """Watches a run's refusals: some say that the run itself should stop."""

    def __init__(self) -> None:
        self._letters = 0
        self._refused = 0
        self._in_a_row = 0
        self._texts: Counter[str] = Counter()

    def note(self, answer: Answer) -> str:
        """Take one answer in; give the reason to stop, "" to go on."""
        self._letters += 1
        if ours(answer):
            whose = "the archive box" if answer.phase == "archive" else "our mailbox"
            return f"the server refuses {whose}: {answer.code} {answer.text}"
        if answer.code is None or answer.code < 500:
            if answer.code is not None and answer.code < 300:
                self._in_a_row = 0
            return ""
        self._refused += 1
        self._in_a_row += 1
        if answer.phase in {"body", "dot"}:
            alike = re.sub(r"<[^>]*>|\S*[0-9]\S*", "", answer.text)
            self._texts[alike] += 1
            if self._texts[alike] >= _SAME_TEXT:
                return f"the same refusal of our text came {_SAME_TEXT} times: {answer.text}"
        if self._letters <= _FIRST_LETTERS and self._refused > _FIRST_REFUSALS:
            return f"{self._refused} of the first {self._letters} letters were refused"
        if self._in_a_row >= _IN_A_ROW:
            return f"{self._in_a_row} letters in a row were refused, the last: {answer.text}"
        return ""
