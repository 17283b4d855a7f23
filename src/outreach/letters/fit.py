"""How tightly a letter is set, so that a few lines too many do not make a second page.

A secretary who sees the list of enclosures fall alone on a second sheet sets the letter a little
smaller. This does the same from an estimate of the height: measuring each letter would cost a
third of the time of a print run. A letter that is longer still goes on to a second page, at full
size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from outreach.campaign import Campaign, Style
from outreach.letters.letter import Letter, Node

# Of type and space, what each step keeps; the same numbers are in typst/letter.typ.
STEPS = (1.0, 0.97, 0.94, 0.91)
# Estimates up to 188 mm fit, of 131 letters of the bundled campaign and 360 of random length.
_ROOM = 186.0
_CHARACTERS_A_LINE = 92.5
_LINE = 5.21
# The sans of "sobre" is set smaller, so its lines are nearer to one another.
_OF_STYLE = {"classique": 1.0, "sobre": 0.97, "moderne": 1.01}
_GAP = 1.45


# read_picture() shrinks a signature to this height.
HIGHEST_SIGNATURE = 16.0


@dataclass(frozen=True, slots=True)
class Around:
    """What stands on a page beside a letter's own words, as far as it takes height.

    Attributes:
        style: one of the three looks.
        signature: height of the image of the signature in mm; None without an image.
        enclosures: titles of what is enclosed.
        map: height of the map beside the table in mm, its space included; 0 without a map.
    """

    style: Style
    signature: float | None = None
    enclosures: tuple[str, ...] = ()
    map: float = 0.0

    @classmethod
    def of(cls, campaign: Campaign) -> "Around":
        """Take it from a campaign, its signature as high as it may be, without a map."""
        image = campaign.signature.image
        return cls(
            style=campaign.style,
            signature=None if image is None else HIGHEST_SIGNATURE,
            enclosures=campaign.post.enclosures,
        )


def step(letter: Letter, around: Around) -> int | None:
    """Give the loosest step at which the letter should fit one page; None when none does."""
    for number, kept in enumerate(STEPS):
        if _height(letter, around, kept) <= _ROOM:
            return number
    return None


def lines_too_many(letter: Letter, around: Around) -> int:
    """Give how many lines the letter is too long for one page, set as tightly as it can be."""
    over = _height(letter, around, STEPS[-1]) - _ROOM
    return max(0, ceil(over / (_LINE * STEPS[-1])))


def _height(letter: Letter, around: Around, kept: float) -> float:
    per_line = _CHARACTERS_A_LINE / kept
    body = [block for block in letter.body if block["kind"] != "sources"]
    small = [block for block in letter.body if block["kind"] == "sources"]
    # Dateline, subject, opening and their spaces; then closing and signature.
    scaled = 24 + _GAP * 2 + 4.7 * len(letter.signature)
    scaled += (ceil(len(letter.subject) / per_line) - 1) * _LINE
    scaled += ceil(len(letter.closing) / per_line) * _LINE + _GAP
    scaled += sum(_block(block, per_line) for block in body)
    tables = [_block(block, per_line) * kept for block in body if block["kind"] == "table"]
    if tables and around.map:
        scaled += max(0.0, around.map - tables[0]) / kept
    fixed = 12 * kept if around.signature is None else around.signature + 1
    if around.enclosures:
        fixed += 4 + 4 * ceil(len(" ; ".join(around.enclosures)) / 120)
    if small:
        fixed += 4 + sum(3.6 * ceil(len(_text(block)) / 125) for block in small)
    return scaled * kept * _OF_STYLE[around.style] + fixed


def _block(block: Node, per_line: float) -> float:
    kind = block["kind"]
    if kind == "paragraph":
        return ceil(len(_text(block)) / per_line) * _LINE + _GAP
    if kind == "heading":
        return _LINE + 8
    if kind == "table":
        return 4.7 * (len(block["rows"]) + 1) + 4
    if kind == "list":
        return sum(_block(part, per_line * 0.95) for item in block["items"] for part in item)
    return 4 + sum(_block(part, per_line * 0.93) for part in block["blocks"])


def _text(node: Node) -> str:
    if "text" in node:
        return str(node["text"])
    parts: Sequence[Node] = node.get("inline") or node.get("blocks") or ()
    return "".join(_text(part) for part in parts)
