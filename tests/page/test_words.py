"""The interface says everything in both languages, and French is typeset as French."""

import json
import re
from importlib import resources

from outreach.page.build import _SCRIPTS, page_script
from outreach.page.words import LANGUAGES, fill, load_words

_PAGES = ("base", "index", "map", "departments", "department")


def _site_text(*parts: str) -> str:
    return resources.files("outreach.page").joinpath("site", *parts).read_text(encoding="utf-8")


def test_both_languages_say_the_same_things() -> None:
    """Each sentence stands in both languages, with the same places to fill."""
    french, english = (load_words(language) for language in LANGUAGES)

    places = {
        name: (
            set(re.findall(r"\{\w+\}", french[name])),
            set(re.findall(r"\{\w+\}", english[name])),
        )
        for name in french.keys() & english.keys()
    }

    assert french.keys() == english.keys()
    assert {name: both for name, both in places.items() if both[0] != both[1]} == {}


def test_every_sentence_asked_for_exists_and_every_one_is_used() -> None:
    """Scripts and documents name no unknown sentence, and none waits unused."""
    words = load_words("fr")
    text = page_script() + "".join(_site_text("pages", f"{page}.html.j2") for page in _PAGES)
    asked = set(re.findall(r"words\.(\w+)", text)) | set(
        re.findall(r'Words\.say\(\s*"(\w+)"', text)
    )
    named = set(re.findall(r'"(\w+)"', text)) | asked | {"map_unknown"}

    unknown = asked - words.keys()
    unused = {
        name
        for name in words.keys() - named
        if name not in {"map_intro", "map_paris", "seat_vacant_short"}
    }

    assert unknown == set()
    assert unused == set()


def test_french_sentences_have_french_spaces() -> None:
    """Before ; : ! ? and inside « » stands a no-break space, and apostrophes are typographic."""
    words = load_words("fr")

    wrong = {
        name: sentence
        for name, sentence in words.items()
        if re.search(r" [;:!?»]|« |\w'\w", sentence)
    }

    assert wrong == {}


def test_places_are_filled_as_data() -> None:
    """A value that looks like a place is not filled again."""
    assert fill("{a} et {b}", a="{b}", b="x") in {"{b} et x", "x et x"}


def test_no_script_is_forgotten() -> None:
    """Every script of the folder is part of the page, or is the map's or the worker's."""
    folder = resources.files("outreach.page").joinpath("site", "scripts")

    there = {file.name.removesuffix(".js") for file in folder.iterdir()}

    assert there == {*_SCRIPTS, "map", "worker"}
    assert json.dumps(sorted(there))
