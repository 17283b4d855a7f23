"""The page's joined letters are, word for word, what letters renders for the same choices."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import TemplateError
from outreach.letters.compose import compose
from outreach.letters.letter import Letter
from outreach.letters.typography import mail_text
from outreach.page.blocks import (
    CutLetter,
    cut_letters,
)
from outreach.page.build import SiteSource
from outreach.page.letter_files import letter_files
from outreach.page.press import citizen_campaign, page_recipients, sources_of

_TODAY = dt.date(2026, 11, 23)
Run = Callable[[Path, dict[str, Any]], Any]


def signed(letter: Letter) -> str:
    """What stands between a letter's closing and its sources: there the citizen's name comes."""
    after = letter.text.rpartition(mail_text(letter.closing))[2]
    return after.removesuffix(f"{sources_of(letter)}\n").strip("\n")


def _signature(source: SiteSource) -> str:
    [letter] = compose(
        citizen_campaign(source.campaign),
        [page_recipients(source.rosters, source.local)[0][0]],
        today=source.campaign.date or _TODAY,
    )
    return signed(letter)


@pytest.mark.slow
def test_every_letter_equals_the_rendered_one(
    site: Path, source: SiteSource, run_scripts: Run
) -> None:
    """For every recipient and level the joined text is what compose() gives for its choices."""
    wanted = page_recipients(source.rosters, source.local)
    asked = [
        [person.official_id, person.department_code, level, number * 7919]
        for number, ((person, _), level) in enumerate(wanted)
    ]

    answers = run_scripts(site, {"letters": asked, "signature": _signature(source)})

    by_choices = defaultdict(list)
    for (recipient, _), answer in zip(wanted, answers, strict=True):
        by_choices[tuple(sorted(answer["choices"].items()))].append((recipient, answer))
    wrong = []
    for choices, pairs in by_choices.items():
        letters = compose(
            citizen_campaign(source.campaign),
            [recipient for recipient, _ in pairs],
            today=_TODAY,
            choices=dict(choices),
        )
        for letter, (_, answer) in zip(letters, pairs, strict=True):
            joined = (answer["subject"], answer["text"] + "\n")
            if joined != (letter.subject, letter.text):
                wrong.append((letter.recipient.official_id, letter.text, answer["text"]))
    assert wrong == []
    assert len({person.official_id for (person, _), _ in wanted}) == 917
    assert len(by_choices) > 20


@pytest.mark.slow
def test_the_campaign_without_letters_for_citizens_uses_its_own(small: SiteSource) -> None:
    """A campaign with no [page] templates gives the organisation's letters, cut all the same."""
    plain = small.campaign.model_copy(
        update={
            "page": small.campaign.page.model_copy(
                update={"templates": type(small.campaign.page.templates)()}
            )
        }
    )

    cut = cut_letters(plain, small.rosters, small.local, today=_TODAY)

    members = [person for roster in small.rosters for person in roster.members]
    whole = compose(plain, [(one, small.local.for_recipient(one)) for one in members], today=_TODAY)
    own = {letter.recipient.official_id: letter for letter in cut if letter.level == "own"}
    for letter in whole:
        pieces = own[letter.recipient.official_id]
        chosen = [
            piece.texts[tuple(letter.choices[block] for block in piece.by)]
            for piece in (*pieces.pieces, pieces.sources)
        ]
        text = "\n\n".join([part for part in (*chosen[:-1], signed(letter), chosen[-1]) if part])
        assert text + "\n" == letter.text


@pytest.fixture(scope="module")
def cut(source: SiteSource) -> list[CutLetter]:
    """Every letter of the bundled campaign in pieces."""
    return cut_letters(source.campaign, source.rosters, source.local, today=_TODAY)


@pytest.mark.slow
def test_an_uncertain_constituency_never_says_yours(cut: list[CutLetter]) -> None:
    """The letters for those whose constituency is not certain speak of the département only."""
    unsure = [letter for letter in cut if letter.level == "department"]
    said = [text for letter in unsure for piece in letter.pieces for text in piece.texts.values()]
    assert len(unsure) > 100
    assert [text for text in said if "otre circonscription" in text] == []


@pytest.mark.slow
def test_a_letter_counts_one_establishment_in_the_singular(
    cut: list[CutLetter], source: SiteSource
) -> None:
    """One establishment holds by its team, several by theirs; no sentence takes up what none named."""
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for letter in cut:
        code = letter.recipient.constituency_code or letter.recipient.department_code
        area = source.local.for_area(
            code if letter.level == "own" else letter.recipient.department_code
        )
        number = area.figures.get("establishments")
        if area.level != "country" and number is not None:
            texts = {text for piece in letter.pieces for text in piece.texts.values()}
            said[number.value == 1] |= texts

    for one, texts in said.items():
        counted = [text for text in texts if "ne tien" in text]
        assert counted
        assert all(
            bool(re.search(r"\bun établissement\b.*, qui ne tient que .* de son équipe\.", text))
            == one
            for text in counted
        )
    assert not any(
        re.search(r"Ces équipes|[Oo]r ces|ce sont un", text) for text in said[True] | said[False]
    )


def test_variants_that_depend_on_too_many_others_are_refused(
    small: SiteSource, tmp_path: Path
) -> None:
    """Blocks in one paragraph with too many combinations give one message that names them."""
    (tmp_path / "letter.md").write_text(
        '+++\nsubject = "Une question"\n+++\n'
        "{% include blocks.one %} {% include blocks.two %} {% include blocks.three %}\n",
        encoding="utf-8",
    )
    for block in ("one", "two", "three"):
        (tmp_path / "blocks" / block).mkdir(parents=True)
        for variant in "abcd":
            (tmp_path / "blocks" / block / f"{variant}.md").write_text(f"{block} {variant}.\n")
    templates = small.campaign.templates.model_copy(
        update={"assemblee": tmp_path / "letter.md", "senat": tmp_path / "letter.md"}
    )
    campaign = small.campaign.model_copy(
        update={
            "folder": tmp_path,
            "page": small.campaign.page.model_copy(
                update={"templates": templates, "blocks": tmp_path / "blocks"}
            ),
        }
    )

    with pytest.raises(TemplateError, match="one, three, two depend on one another and have 64"):
        cut_letters(campaign, small.rosters, small.local, today=_TODAY)


def test_touching_blocks_are_rendered_together(small: SiteSource, tmp_path: Path) -> None:
    """Two blocks in one paragraph become one piece with a text for every combination."""
    (tmp_path / "letter.md").write_text(
        '+++\nsubject = "Une question"\n+++\nBonjour.\n\n'
        "{% include blocks.one %} {% include blocks.two %}\n\nMerci.\n",
        encoding="utf-8",
    )
    for block in ("one", "two"):
        (tmp_path / "blocks" / block).mkdir(parents=True)
        for variant in "ab":
            (tmp_path / "blocks" / block / f"{variant}.md").write_text(f"{block} {variant}.\n")
    templates = small.campaign.templates.model_copy(
        update={"assemblee": tmp_path / "letter.md", "senat": tmp_path / "letter.md"}
    )
    campaign = small.campaign.model_copy(
        update={
            "folder": tmp_path,
            "page": small.campaign.page.model_copy(
                update={"templates": templates, "blocks": tmp_path / "blocks"}
            ),
        }
    )

    letter = cut_letters(campaign, small.rosters, small.local, today=_TODAY)[0]

    assert letter.pieces[2].by == ("one", "two")
    assert letter.pieces[2].texts[("a", "b")] == "one a. two b."


@pytest.mark.slow
def test_texts_that_many_departments_share_are_stored_once(cut: list[CutLetter]) -> None:
    """No text stands in twelve files: it is in the common one."""
    files = letter_files(cut)

    places: dict[str, int] = defaultdict(int)
    for table in files.departments.values():
        for text in table["texts"]:
            places[text] += 1
    assert max(places.values()) < 12
    assert set(files.common).isdisjoint(places)
