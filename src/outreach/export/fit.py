"""How tightly a letter is set, so that a few lines too many do not make a second page.

A secretary who sees the list of enclosures fall alone on a second sheet sets the letter a little
smaller. This does the same from an estimate of the height: measuring each letter would cost a
third of the time of a print run. A letter that is longer still goes on to a second page, at full
size.
"""

from collections.abc import Sequence
from math import ceil

from outreach.export.local_map import HEIGHT
from outreach.export.paper import Paper
from outreach.export.parts import main_blocks, source_blocks
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


def step(letter: Letter, paper: Paper) -> int | None:
    """Give the loosest step at which the letter should fit one page; None when none does."""
    for number, kept in enumerate(STEPS):
        if _height(letter, paper, kept) <= _ROOM:
            return number
    return None


def _height(letter: Letter, paper: Paper, kept: float) -> float:
    per_line = _CHARACTERS_A_LINE / kept
    body, small = main_blocks(letter), source_blocks(letter)
    # Dateline, subject, opening and their spaces; then closing and signature.
    scaled = 24 + _GAP * 2 + 4.7 * len(letter.signature)
    scaled += (ceil(len(letter.subject) / per_line) - 1) * _LINE
    scaled += ceil(len(letter.closing) / per_line) * _LINE + _GAP
    scaled += sum(_block(block, per_line) for block in body)
    tables = [_block(block, per_line) * kept for block in body if block["kind"] == "table"]
    if tables and letter.recipient.official_id in paper.maps:
        scaled += max(0.0, HEIGHT + 5 - tables[0]) / kept
    fixed = paper.signature.height + 1 if paper.signature else 12 * kept
    if paper.enclosures:
        fixed += 4 + 4 * ceil(len(" ; ".join(paper.enclosures)) / 120)
    if small:
        fixed += 4 + sum(3.6 * ceil(len(_text(block)) / 125) for block in small)
    return scaled * kept * _OF_STYLE[paper.style] + fixed


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
