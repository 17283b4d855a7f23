"""The letters in pieces → data files: each text once, those that many départements share apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from outreach.page.blocks import CutLetter, Piece

# A text that fewer départements use stays in their files: every visit loads the common one.
_COMMON_FROM: Final = 12


@dataclass(slots=True)
class LetterFiles:
    """What the page loads of the letters.

    Attributes:
        departments: code → {"texts": […], "letters": {official id: {level: letter}}}; a text is
            named by its place in texts, or by -1 - its place in common.
        common: texts of letters/common.
        addresses: official id → lines of the address on paper.
    """

    departments: dict[str, dict[str, Any]] = field(default_factory=dict)
    common: list[str] = field(default_factory=list)
    addresses: dict[str, tuple[str, ...]] = field(default_factory=dict)


def letter_files(letters: Iterable[CutLetter]) -> LetterFiles:
    """Lay the pieces of every letter out by the département of its recipient."""
    listed = list(letters)
    used: dict[str, set[str]] = defaultdict(set)
    for letter in listed:
        for text in _texts(letter):
            used[text].add(letter.recipient.department_code)
    files = LetterFiles()
    files.common = sorted(text for text, codes in used.items() if len(codes) >= _COMMON_FROM)
    common = {text: -1 - place for place, text in enumerate(files.common)}
    for letter in listed:
        person = letter.recipient
        table = files.departments.setdefault(person.department_code, {"texts": [], "letters": {}})
        numbers = _Numbers(table["texts"], common)
        table["letters"].setdefault(person.official_id, {})[letter.level] = {
            "subject": {"text": numbers.of(letter.subject)},
            "blocks": {block: list(names) for block, names in letter.blocks.items()},
            "pieces": [_piece(piece, numbers) for piece in letter.pieces],
            "personal": letter.personal,
            "sources": _piece(letter.sources, numbers),
        }
        files.addresses[person.official_id] = letter.address
    return files


def _texts(letter: CutLetter) -> Iterable[str]:
    yield letter.subject
    for piece in (*letter.pieces, letter.sources):
        yield from piece.texts.values()


@dataclass(slots=True)
class _Numbers:
    """Texts of one file and their numbers."""

    texts: list[str]
    common: Mapping[str, int]
    own: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.own = {text: place for place, text in enumerate(self.texts)}

    def of(self, text: str) -> int:
        if text in self.common:
            return self.common[text]
        if text not in self.own:
            self.own[text] = len(self.texts)
            self.texts.append(text)
        return self.own[text]


def _piece(piece: Piece, numbers: _Numbers) -> dict[str, Any]:
    if not piece.by:
        return {"text": numbers.of(piece.texts[()])}
    return {
        "by": list(piece.by),
        "variants": {"|".join(names): numbers.of(text) for names, text in piece.texts.items()},
    }
