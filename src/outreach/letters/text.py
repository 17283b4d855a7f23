"""The neutral tree → plain text: the e-mail's text part, and a text for web forms.

One line per paragraph: mail programs wrap as their reader likes, and a form keeps nothing else.
"""

from collections.abc import Sequence

from outreach.letters.letter import Letter, Node
from outreach.letters.typography import NBSP, mail_text


def text_of(blocks: Sequence[Node]) -> str:
    """Write blocks as plain text, an empty line between them, no-break spaces as mail takes them."""
    return mail_text("\n\n".join(_block(block) for block in blocks))


def form_text(letter: Letter, longest: int | None = None) -> str:
    """Write a letter for the contact form of a web site: no letterhead, no list of sources.

    Args:
        letter: rendered.
        longest: how many characters the form takes; then the list of sources, tables and at last
            quotes are left out, whole blocks only.

    Returns:
        The text; it may still be longer than ``longest`` when the words themselves are.
    """
    left_out: list[set[str]] = [{"sources"}, {"sources", "table"}, {"sources", "table", "quote"}]
    text = ""
    for kinds in left_out:
        body = [block for block in letter.body if block["kind"] not in kinds]
        parts = [letter.opening, text_of(body), letter.closing, "\n".join(letter.signature)]
        text = mail_text("\n\n".join(filter(None, parts)))
        if longest is None or len(text) <= longest:
            break
    return text


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
        said = [
            f"{head[:1].lower()}{head[1:]}{NBSP}: {cell}" if head else cell
            for head, cell in zip(heads[1:], cells, strict=True)
        ]
        lines.append(f"– {first} – {f'{NBSP}; '.join(said)}" if said else f"– {first}")
    return "\n".join(lines)


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
