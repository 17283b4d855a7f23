"""French typography on text: spaces before signs, thousands, apostrophes, ordinals.

A space that stands there is replaced by the right one; none is ever inserted, so that hours,
addresses and what somebody typed keep their letters. URLs and e-mail addresses are left alone.
Usage: Imprimerie nationale, as gathered in docs/decisions/0041-french-typography.md.
"""

import re
from functools import lru_cache

NBSP = "\u00a0"
FINE = "\u202f"

# Every repetition is bounded: a hostile text of one long word would cost its length squared.
_UNTOUCHED = re.compile(
    r"https?://\S+|www\.\S+|mailto:\S+|[\w.+'’-]{1,64}@[\w.-]{1,253}|"
    r"\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.(?:fr|org|com|eu|net)\b(?:/\S*)?"
)
_ANY_SIGN = re.compile(r"[;:!?«»'%€°\d]|\bM")
# For regular expressions.
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNITS = (
    r"%|‰|€|°C|euros?\b|millions?\b|milliards?\b|milliers?\b|k€|M€|Md€|km²?\b|m²|ha\b|h\b|min\b|"
    r"ETP\b|ans?\b|mois\b|jours?\b"
)
_SPACE = f"[ {NBSP}{FINE}]"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)'(?=[\w«“(])"), "’"),
    (re.compile(rf"{_SPACE}+(?=[;!?])"), FINE),
    (re.compile(rf"{_SPACE}+(?=:)"), NBSP),
    (re.compile(rf"«{_SPACE}+"), f"«{NBSP}"),
    (re.compile(rf"{_SPACE}+»"), f"{NBSP}»"),
    # One to three digits, then whole groups of three: never a year, a postcode or a phone number.
    (re.compile(rf"(?<![\d.,/-])\d{{1,3}}(?:{_SPACE}\d{{3}})+(?![\d/-])"), ""),
    (re.compile(rf"\b([nN]°|[aA]rt\.|p\.|§){_SPACE}(?=\d)"), rf"\1{NBSP}"),
    (re.compile(rf"\b(MM?\.|Mmes?|Mlles?|Dr|Pr|Me){_SPACE}(?=[A-ZÀ-ÝŒ])"), rf"\1{NBSP}"),
    (re.compile(rf"(?<=\d){_SPACE}(?={_UNITS})"), NBSP),
    (re.compile(rf"\b(\d{{1,2}}|1er){_SPACE}(?={MONTHS})"), rf"\1{NBSP}"),
    (re.compile(r"\b1(?:ère|iere|ière)(s?)\b"), r"1re\1"),
    (re.compile(r"\b(\d+)(?:ème|ième|eme|ieme)(s?)\b"), r"\1e\2"),
)
_ORDINAL = re.compile(
    rf"(?<![\w.,/@{FINE}-])(?:\d{{1,3}}(?P<up>ers?|res?|es?)|(?:[IVX]{{2,6}}|[VX])(?P<roman>e))(?![\w@/-])"
)


@lru_cache(maxsize=8192)
def typeset(text: str) -> str:
    """Give a text the spaces and apostrophes of French print (U+202F, U+00A0, U+2019)."""
    if not _ANY_SIGN.search(text):
        return text
    pieces = []
    end = 0
    for found in _UNTOUCHED.finditer(text):
        pieces += [_ruled(text[end : found.start()]), found.group()]
        end = found.end()
    pieces.append(_ruled(text[end:]))
    return "".join(pieces)


def mail_text(text: str) -> str:
    """Replace U+202F by U+00A0: what subjects and plain text carry safely everywhere."""
    return text.replace(FINE, NBSP)


@lru_cache(maxsize=8192)
def raised(text: str) -> tuple[tuple[str, bool], ...]:
    """Cut a text where ordinals are raised: "la 1re" → (("la 1", False), ("re", True))."""
    if not any(character.isdigit() or character in "VX" for character in text):
        return ((text, False),)
    shielded = [found.span() for found in _UNTOUCHED.finditer(text)]
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in _ORDINAL.finditer(text):
        start, stop = found.span("up" if found["up"] else "roman")
        if any(first <= start < last for first, last in shielded):
            continue
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    if end < len(text) or not pieces:
        pieces.append((text[end:], False))
    return tuple(pieces)


def _ruled(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement or _thousands, text)
    return text


def _thousands(found: re.Match[str]) -> str:
    return re.sub(_SPACE, FINE, found.group())
