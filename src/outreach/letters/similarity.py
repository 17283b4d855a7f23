"""How alike the letters of a batch are: what an assistant would see who reads several of them.

Texts are cut into shingles of five words; two letters are alike by the share of shingles they have
in common (Jaccard). Each letter is one long integer, a bit per shingle: comparing 917 letters with
each other takes 0.4 s, and nothing is estimated.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from outreach.letters.letter import Letter
from outreach.letters.text import inline_text, text_of

SHINGLE = 5
# Beyond this many letters each is compared with its neighbours in the list only.
MOST_COMPARED = 4_000
_WORD = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The letter most like another one of those it was compared with."""

    letter: Letter
    other: Letter
    share: float


def nearest_letters(letters: Sequence[Letter]) -> list[Nearest]:
    """Find for each letter the one most like it, in the order given; none for a single letter."""
    bits = _bits(letters)
    best: list[tuple[float, int]] = [(-1.0, -1)] * len(letters)
    for at, mine in enumerate(bits):
        size = mine.bit_count()
        for other in range(at + 1, min(len(bits), at + MOST_COMPARED)):
            theirs = bits[other]
            common = (mine & theirs).bit_count()
            share = common / ((size + theirs.bit_count() - common) or 1)
            if share > best[at][0]:
                best[at] = (share, other)
            if share > best[other][0]:
                best[other] = (share, at)
    return [
        Nearest(letter, letters[other], share)
        for letter, (share, other) in zip(letters, best, strict=True)
        if other >= 0
    ]


def by_office(
    letters: Sequence[Letter], office: Callable[[Letter], str]
) -> dict[str, list[Nearest]]:
    """Compare the letters that reach one office with each other: office → nearest, if several."""
    reaching: dict[str, list[Letter]] = {}
    for letter in letters:
        reaching.setdefault(office(letter), []).append(letter)
    return {name: nearest_letters(group) for name, group in reaching.items() if len(group) > 1}


def delegation(letter: Letter) -> str:
    """Tell who reads together: members of one group elected in one département."""
    recipient = letter.recipient
    return f"{recipient.chamber} {recipient.department_code} {recipient.political_group}"


def side_by_side(pair: Nearest) -> str:
    """Show two letters as an assistant would see them: "=" the same words, "<" and ">" their own."""
    mine, theirs = (paragraphs(letter) for letter in (pair.letter, pair.other))
    lines = [
        f"{pair.share:.0%} the same: {pair.letter.recipient.full_name} < > "
        f"{pair.other.recipient.full_name}"
    ]
    for mark, start, end, first, last in difflib.SequenceMatcher(
        None, mine, theirs, autojunk=False
    ).get_opcodes():
        if mark == "equal":
            lines += [f"= {_short(part)}" for part in mine[start:end]]
        else:
            lines += [f"< {part}" for part in mine[start:end]]
            lines += [f"> {part}" for part in theirs[first:last]]
    return "\n".join(lines)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def paragraphs(letter: Letter) -> list[str]:
    """Give the words of a letter between opening and closing, without its sources."""
    return [
        inline_text(block["inline"]) if "inline" in block else text_of([block])
        for block in letter.body
        if block["kind"] != "sources"
    ]


def _bits(letters: Sequence[Letter]) -> list[int]:
    numbers: dict[tuple[str, ...], int] = {}
    found = []
    for letter in letters:
        words = _WORD.findall(" ".join(paragraphs(letter)).casefold())
        bits = bytearray()
        for at in range(max(1, len(words) - SHINGLE + 1)):
            number = numbers.setdefault(tuple(words[at : at + SHINGLE]), len(numbers))
            byte = number >> 3
            if byte >= len(bits):
                bits.extend(bytes(byte + 1 - len(bits)))
            bits[byte] |= 1 << (number & 7)
        found.append(int.from_bytes(bits, "little"))
    return found
