"""Letters taken in turn for paper: what is printed lies in a temporary file, not in memory.

The order of the envelopes, equal print runs and the refusal of a second letter to one person need
to know all the recipients; they do not need their letters. Of each, half a kilobyte stays here.
"""

import datetime as dt
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, Any

from outreach.errors import OutreachError
from outreach.export.envelope_order import area_code, envelope_rank, letter_file_name
from outreach.export.paper import Paper
from outreach.export.parts import main_blocks, source_blocks, subject_inlines
from outreach.export.picture import Picture
from outreach.letters.fit import step
from outreach.letters.letter import Letter

_ADDRESS_LINES = 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter on paper: what orders and names it, and where its words lie in the file.

    Attributes:
        rank: its place in the order of the envelopes.
        chamber: assemblee or senat; area: "01-04", or "01" for a senator.
        file_name: of its PDF.
        title: subject and recipient; author: the first line of the letterhead.
        pages: 1, or 2 when it is expected to be longer than one.
        start: of its JSON in the file; length: in bytes.
    """

    rank: tuple[str, str, str, str]
    chamber: str
    area: str
    file_name: str
    title: str
    author: str
    pages: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Sheets:
    """All the letters of an export, in the order of the envelopes."""

    all: tuple[Sheet, ...]
    paper: Paper
    file: IO[bytes]

    def data(self, sheets: Sequence[Sheet], title: str, date: dt.date) -> str:
        """Give the JSON that typst/letter.typ reads: the paper and some letters, all of it data."""
        head = {
            "title": title,
            "author": sheets[0].author,
            "date": [date.year, date.month, date.day],
            "paper": _settings(self.paper),
        }
        letters = ",".join(self._words(sheet) for sheet in sheets)
        return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "letters": [{letters}]}}'

    def _words(self, sheet: Sheet) -> str:
        self.file.seek(sheet.start)
        return self.file.read(sheet.length).decode("utf-8")


@contextmanager
def taken(letters: Iterable[Letter], paper: Paper) -> Iterator[Sheets]:
    """Take letters one after the other and give what was kept of them.

    Args:
        letters: rendered letters in any order; none is held once the next is asked for.
        paper: what they are printed on.

    Raises:
        OutreachError: two letters to one recipient, or an address of more than six lines; all are
            listed, once all letters have been seen.
        OSError: the temporary file cannot be written.
    """
    with tempfile.TemporaryFile(prefix="outreach-") as file:
        sheets: list[Sheet] = []
        problems: list[str] = []
        times: Counter[str] = Counter()
        start = 0
        for letter in letters:
            times[letter.recipient.official_id] += 1
            problems += _too_high(letter)
            tightness = step(letter, paper.around(letter.recipient.official_id))
            words = json.dumps(_printed(letter, paper, tightness), ensure_ascii=False).encode()
            file.write(words)
            sheets.append(_sheet(letter, 2 if tightness is None else 1, start, len(words)))
            start += len(words)
        problems += [
            f"{official_id}: {count} letters to one recipient; give one."
            for official_id, count in times.items()
            if count > 1
        ]
        if problems:
            raise OutreachError("The letters cannot be printed:", problems)
        yield Sheets(tuple(sorted(sheets, key=lambda sheet: sheet.rank)), paper, file)


def _sheet(letter: Letter, pages: int, start: int, length: int) -> Sheet:
    who = letter.recipient
    return Sheet(
        rank=envelope_rank(who),
        chamber=who.chamber,
        area=area_code(who),
        file_name=letter_file_name(letter, ".pdf"),
        title=f"{letter.subject} – {who.full_name}",
        author=letter.sender[0] if letter.sender else "",
        pages=pages,
        start=start,
        length=length,
    )


def _too_high(letter: Letter) -> list[str]:
    if len(letter.address) <= _ADDRESS_LINES:
        return []
    return [
        f"{letter.recipient.full_name}: the address has {len(letter.address)} lines; "
        f"an envelope's window shows {_ADDRESS_LINES}, shorten it."
    ]


def _printed(letter: Letter, paper: Paper, tightness: int | None) -> dict[str, Any]:
    who = letter.recipient
    local = paper.maps.get(who.official_id)
    return {
        "step": tightness or 0,
        "long": tightness is None,
        "bookmark": f"{area_code(who)} {who.full_name}",
        "to": who.full_name,
        "sender": letter.sender,
        "address": letter.address,
        "dateline": letter.dateline,
        "subject": subject_inlines(letter),
        "opening": letter.opening,
        "body": main_blocks(letter),
        "sources": source_blocks(letter),
        "closing": letter.closing,
        "signature": letter.signature,
        "map": None if local is None else asdict(local) | {"height": local.height},
    }


def _settings(paper: Paper) -> dict[str, Any]:
    return {
        "style": paper.style,
        "window": asdict(paper.window),
        "folds": paper.folds,
        "duplex": paper.duplex,
        "footer": paper.footer,
        "enclosures": paper.enclosures,
        **{name: _placed(name, picture) for name, picture in named_pictures(paper)},
    }


def _placed(name: str, picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    size = {"width": picture.width, "height": picture.height}
    return {"file": f"/{name}{picture.suffix}", "alt": picture.alt, **size}


def named_pictures(paper: Paper) -> list[tuple[str, Picture | None]]:
    """Give the pictures of a paper under the names that its template knows."""
    return [("logo", paper.logo), ("signature", paper.signature)]
