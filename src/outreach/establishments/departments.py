"""A département as people type it: a code, a name, or both, with or without the word "département"."""

import re
from functools import cache

from outreach.errors import InputError
from outreach.establishments.spelling import plain
from outreach.geography.codes import ABROAD, DEPARTMENTS, department_of

# "001", "2a", "69M" (what INSEE and Drees call the two parts of 69), "ZA".
_CODE = re.compile(r"\d{1,3}|0?2[ab]|69[dm]|z[a-z]")
_WORD = re.compile(r"^(?:code |n |no |numero )*(?:departement|dept|dpt|dep)(?:\b ?|(?=\d))")
_NUMBER_SIGN = re.compile(r"^(?:n|no|numero) (?=\S)")
_LINKS = re.compile(r"^(?:(?:de la|de l|du|des|de|d|la|le|les|l) )+")
_ARTICLE_BEHIND = re.compile(r" (?:la|le|les|l)$")
_SHORT = {"st": "saint", "hte": "haute", "htes": "hautes", "ht": "haut", "hts": "hauts"}
# What stands for a name of the official list.
_ALSO = {
    "metropole de lyon": "69",
    "lyon metropole": "69",
    "grand lyon": "69",
    "rhone et metropole de lyon": "69",
    "ile de la reunion": "974",
    "francais de l etranger": ABROAD,
}


def departments_said(text: str) -> set[str]:
    """Give the codes that a cell names: one when it is understood, several when it contradicts itself.

    "69", "069", "Rhône", "RHONE", "Dept 69", "69 - Rhône", "Rhône (69)" are {"69"}; "69 - Isère" is
    {"69", "38"}; "Corse" and what names no département are the empty set. Words beside a code that
    name no département ("75 (Île-de-France)") are passed over only where a sign parts them.
    """
    words = _WORD.sub("", plain(text)).strip()
    if named := _named(words):
        return {named}
    parts = _NUMBER_SIGN.sub("", words).split()
    codes = [part for part in parts if _CODE.fullmatch(part)]
    name = " ".join(part for part in parts if part not in codes)
    try:
        said = {department_of("69" if code[:-1] == "69" else code) for code in codes}
    except InputError:
        return set()
    named = _named(name)
    if name and not named and (not said or not _apart(text)):
        return set()
    return said | ({named} if named else set())


def _named(words: str) -> str:
    """The code of a name, "" for none."""
    return _names().get(_key(words), "")


def _key(words: str) -> str:
    bare = _ARTICLE_BEHIND.sub("", _LINKS.sub("", words))
    return " ".join(_SHORT.get(word, word) for word in bare.split())


def _apart(text: str) -> bool:
    """Tell whether more than a space stands between a code and words: "3 sites" is no département."""
    return bool(re.search(r"\w\s*[-–—.:;,/(]\s*\w", text))


@cache
def _names() -> dict[str, str]:
    from outreach.geography.places import load_geography  # 0.3 s, and many lists hold codes only

    departments = load_geography().departments
    names = {_key(plain(departments[code].name)): code for code in sorted(DEPARTMENTS)}
    return names | {_key(name): code for name, code in _ALSO.items()}
