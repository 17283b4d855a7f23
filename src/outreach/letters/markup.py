"""Markdown → the neutral tree of letter.py, typographed.

A small Markdown: paragraphs, **strong**, *emphasis*, links, lists, tables, headings, quotes, and
two blocks set apart, ``::: request`` and ``::: sources``. No HTML, images or code: a letter needs
none, and what is switched off cannot be abused.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from outreach.letters.letter import Node
from outreach.letters.typography import NBSP, raised, typeset

CONTAINERS = ("request", "sources")
_SWITCHED_OFF = [
    "code", "fence", "hr", "html_block", "lheading", "reference",
    "backticks", "html_inline", "image",
]  # fmt: skip
_ALWAYS = re.compile(r"[\\`*_\[\]<>&!~|\"'{}$]")
_AT_START = re.compile(r"^( *)(\d*)([#+\-.:=>()@^])")
_SPACES = re.compile(r" {2,}")
_BLANKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
# Codes that no reader sees, and that some writers (Typst, OOXML) refuse.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


@lru_cache(maxsize=8192)
def escape(value: str) -> str:
    """Make a value print as typed wherever it stands in Markdown: on one line, marks escaped."""
    value = _INVISIBLE.sub("", _BLANKS.sub(" ", value))
    value = _ALWAYS.sub(r"\\\g<0>", value)
    return _AT_START.sub(r"\1\2\\\3", value)


def link_allowed(url: str) -> bool:
    """Tell whether a link may stand in a letter: https or mailto, nothing else."""
    return url.lower().startswith(("https://", "mailto:"))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark",
        {"html": False, "typographer": True, "quotes": ["«" + NBSP, NBSP + "»", "“", "”"]},
    )
    parser.enable(["table", "smartquotes"]).disable(_SWITCHED_OFF)
    parser.validateLink = link_allowed  # type: ignore[method-assign] # the documented hook
    for name in CONTAINERS:
        parser.use(container_plugin, name=name)
    return parser


def parse(source: str) -> tuple[Node, ...]:
    """Parse a Markdown text into typographed blocks."""
    return tuple(_Reader(_parser().parse(source)).blocks(""))


def parse_line(source: str) -> str:
    """Parse a Markdown text that is one line (a subject, a closing) into typographed plain text."""
    tokens = _parser().parseInline(" ".join(source.split()))
    return plain(_inlines(tokens[0].children or [])).strip()


def text_nodes(text: str) -> list[Node]:
    """Give a plain text as typographed inlines, its ordinals raised."""
    return [
        {"kind": "superscript" if up else "text", "text": piece}
        for piece, up in raised(typeset(_SPACES.sub(" ", text)))
        if piece
    ]


def plain(inlines: Sequence[Node]) -> str:
    """Give the letters of inlines, without any mark."""
    parts = []
    for node in inlines:
        if node["kind"] == "break":
            parts.append(" ")
        else:
            parts.append(node["text"] if "text" in node else plain(node["inline"]))
    return "".join(parts)


class _Reader:
    """Walks markdown-it's flat list of tokens once."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def blocks(self, until: str) -> list[Node]:
        """Read blocks up to the token that closes what holds them."""
        found: list[Node] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == until:
                break
            found.append(self._block(token))
        return found

    def _block(self, token: Token) -> Node:
        kind = token.type.removesuffix("_open")
        if kind in {"paragraph", "heading"}:
            inline = _inlines(self._tokens[self._at].children or [])
            self._at += 2
            if kind == "heading":
                return {"kind": "heading", "level": max(2, int(token.tag[1])), "inline": inline}
            return {"kind": "paragraph", "inline": inline}
        if kind in {"bullet_list", "ordered_list"}:
            items = self._each("list_item_open", f"{kind}_close", self._item)
            return {"kind": "list", "ordered": kind == "ordered_list", "items": items}
        if kind == "table":
            return self._table()
        if kind == "blockquote":
            return {"kind": "quote", "blocks": self.blocks("blockquote_close")}
        name = kind.removeprefix("container_")
        return {"kind": name, "blocks": self.blocks(f"container_{name}_close")}

    def _each(self, opens: str, closes: str, read: Callable[[], Any]) -> list[Any]:
        found = []
        while (token := self._tokens[self._at]).type != closes:
            self._at += 1
            if token.type == opens:
                found.append(read())
        self._at += 1
        return found

    def _item(self) -> list[Node]:
        return self.blocks("list_item_close")

    def _table(self) -> Node:
        align: list[str] = []
        rows = self._each("tr_open", "table_close", lambda: self._row(align))
        header, *rest = rows
        return {"kind": "table", "header": header, "rows": rest, "align": align[: len(header)]}

    def _row(self, align: list[str]) -> list[list[Node]]:
        cells = []
        while (token := self._tokens[self._at]).type != "tr_close":
            if token.type in {"th_open", "td_open"}:
                side = str(token.attrs.get("style", "")).removeprefix("text-align:")
                align.append(side or "left")
            elif token.type == "inline":
                cells.append(_inlines(token.children or []))
            self._at += 1
        self._at += 1
        return cells


def _inlines(tokens: Sequence[Token]) -> list[Node]:
    """Nest strong, emphasis and links; set ordinals apart."""
    stack: list[list[Node]] = [[]]
    for token in tokens:
        if token.type in {"text", "text_special"}:
            # Only a link whose text is its own address keeps it untouched.
            _add_text(stack[-1], token.content)
        elif token.type == "softbreak":
            _add_text(stack[-1], " ")
        elif token.type == "hardbreak":
            stack[-1].append({"kind": "break"})
        elif token.nesting == 1:
            node: Node = {"kind": _KINDS[token.type], "inline": []}
            if token.type == "link_open":
                node["href"] = str(token.attrs["href"])
            stack[-1].append(node)
            stack.append(node["inline"])
        elif token.nesting == -1:
            stack.pop()
    return _joined(stack[0])


_KINDS = {"strong_open": "strong", "em_open": "emphasis", "link_open": "link"}


def _add_text(inlines: list[Node], text: str) -> None:
    if inlines and inlines[-1]["kind"] == "text":
        inlines[-1]["text"] += text
    elif text:
        inlines.append({"kind": "text", "text": text})


def _joined(inlines: list[Node]) -> list[Node]:
    """Typograph whole texts, after soft breaks have joined them."""
    done: list[Node] = []
    for node in inlines:
        if node["kind"] == "text":
            done += text_nodes(node["text"])
        elif "inline" in node:
            done.append({**node, "inline": _joined(node["inline"])})
        else:
            done.append(node)
    return done
