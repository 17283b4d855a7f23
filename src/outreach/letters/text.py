"""The neutral tree → plain text: the e-mail's text part, and a text for web forms.

One line per paragraph: mail programs wrap as their reader likes, and a form keeps nothing else.
"""

import re
from collections.abc import Sequence
from typing import Final

from outreach.letters import french, numbers
from outreach.letters.letter import Letter, Node
from outreach.letters.typography import NBSP, mail_text

# A number alone, or with words before it that keep it a count.
_COUNT: Final = re.compile(
    r"(?:(?:au moins|au plus|près de|plus de|moins de|environ|quelque)\s)?"
    r"(?P<number>\d{1,3}(?:\s\d{3})+|\d+(?:,\d+)?)"
)
# Heads that tell a measure, not things: "Dépenses (k€)", "Ventes en milliers".
_NOT_COUNTED: Final = re.compile(r"[^\w\s'’-]|\b(?:euro|millier|million|milliard)s?\b")
_UNKNOWN: Final = ("non connu", "inconnu", "non communiqué", "non renseigné")


def text_of(blocks: Sequence[Node]) -> str:
    """Write blocks as plain text, an empty line between them, no-break spaces as mail takes them."""
    return mail_text("\n\n".join(_block(block) for block in blocks))


def form_text(letter: Letter, longest: int | None = None) -> str:
    """Write a letter for the contact form of a web site: no letterhead, sources at its end.

    Args:
        letter: rendered.
        longest: how many characters the form takes; for its sake tables, then quotes, and at last
            the list of sources are left out, whole blocks only. left_out() tells which.

    Returns:
        The text; it may still be longer than ``longest`` when the words themselves are.
    """
    return _form(letter, longest)[0]


def left_out(letter: Letter, longest: int) -> tuple[str, ...]:
    """Tell what form_text() leaves out for so many characters: "table", "quote", "sources"."""
    return _form(letter, longest)[1]


def _form(letter: Letter, longest: int | None) -> tuple[str, tuple[str, ...]]:
    there = {block["kind"] for block in letter.body}
    short = [kind for kind in ("table", "quote", "sources") if kind in there]
    text = ""
    without: tuple[str, ...] = ()
    for number in range(len(short) + 1):
        without = tuple(short[:number])
        kept = [block for block in letter.body if block["kind"] not in without]
        main = [block for block in kept if block["kind"] != "sources"]
        end = [block for block in kept if block["kind"] == "sources"]
        signed = "\n".join(letter.signature)
        parts = [letter.opening, text_of(main), letter.closing, signed, text_of(end)]
        text = mail_text("\n\n".join(filter(None, parts)))
        if longest is None or len(text) <= longest:
            break
    return text, without


def _block(block: Node) -> str:
    kind = block["kind"]
    if kind in {"paragraph", "heading"}:
        return inline_text(block["inline"])
    if kind == "list":
        return "\n".join(
            _item(f"{number}. " if block["ordered"] else "– ", item)
            for number, item in enumerate(block["items"], start=1)
        )
    if kind == "table":
        return _table(block)
    inner = "\n\n".join(_block(part) for part in block["blocks"])
    if kind == "quote":
        return "\n".join(f"> {line}" if line else ">" for line in inner.split("\n"))
    return f"→ {inner}" if kind == "request" else inner


def _item(mark: str, blocks: Sequence[Node]) -> str:
    text = "\n".join(_block(block) for block in blocks)
    return mark + text.replace("\n", "\n" + " " * len(mark))


def _table(block: Node) -> str:
    """One line per row, in words: columns of spaces fall apart in a proportional font."""
    heads = [inline_text(cell) for cell in block["header"]]
    lines = []
    for row in block["rows"]:
        first, *cells = (inline_text(cell) for cell in row)
        said = [_said(head, cell) for head, cell in zip(heads[1:], cells, strict=True) if cell]
        between = f"{NBSP}; " if any("," in part or f"{NBSP}:" in part for part in said) else ", "
        lines.append("– " + f"{NBSP}: ".join(filter(None, (first, between.join(said)))))
    return "\n".join(lines)


def _said(head: str, cell: str) -> str:
    """Say a cell with its column: "4 établissements", "1 place", "taux : 14,2 %".

    A number is counted by the head when that is surely a plural; anything else follows a colon.
    """
    things = head if head[1:2].isupper() else head[:1].lower() + head[1:]
    one = None if _NOT_COUNTED.search(things) else numbers.singular(things)
    if one and cell.lower() in _UNKNOWN:
        return f"nombre {french.of(things)} {cell}"
    if one and re.search(rf"\d[\s{NBSP}](?:{re.escape(things)}|{re.escape(one)})$", cell):
        return cell
    if one and (found := _COUNT.fullmatch(cell)):
        value = float(re.sub(r"\s", "", found["number"]).replace(",", "."))
        return f"{cell}{NBSP}{things if numbers.is_plural(value) else one}"
    return f"{things}{NBSP}: {cell}" if things else cell


def inline_text(inlines: Sequence[Node]) -> str:
    """Write inlines as text; a link shows its address when its words do not."""
    parts = []
    for node in inlines:
        kind = node["kind"]
        if kind == "break":
            parts.append("\n")
        elif kind == "link":
            words = inline_text(node["inline"])
            shown = node["href"].removeprefix("mailto:")
            parts.append(words if words == shown else f"{words} ({shown})")
        else:
            parts.append(node["text"] if "text" in node else inline_text(node["inline"]))
    return "".join(parts)
