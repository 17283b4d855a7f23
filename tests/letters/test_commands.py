"""outreach new, letters check and letters fields, as a person calls them."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.cli import outreach
from outreach.errors import InputError, OutreachError
from outreach.letters.copying import copy_campaign

pytestmark = pytest.mark.slow


def run(*arguments: str) -> Result:
    """Call the command line; our own errors come back as exceptions."""
    return CliRunner().invoke(outreach, arguments)


def test_new_makes_a_campaign_of_ones_own(tmp_path: Path) -> None:
    """The copy loads, has an identifier of its own, and leaves the example untouched."""
    first, second = tmp_path / "a", tmp_path / "b"

    results = [run("new", str(first)), run("new", str(second))]

    assert [result.exit_code for result in results] == [0, 0]
    uids = {load_campaign(folder).uid for folder in (first, second)}
    example = load_campaign(letters_path("solidarite-en-danger"))
    assert len(uids | {example.uid}) == 3
    assert not (first / ".outreach").exists()
    assert "outreach letters check" in results[0].output


def test_new_keeps_the_comments_of_the_example(tmp_path: Path) -> None:
    """Only the identifier changes: comments and layout help who edits the file."""
    run("new", str(tmp_path / "a"))

    mine = (tmp_path / "a" / "campaign.toml").read_text(encoding="utf-8").splitlines()
    theirs = letters_path("solidarite-en-danger", "campaign.toml").read_text(encoding="utf-8")

    changed = [
        (mine_line, line)
        for mine_line, line in zip(mine, theirs.splitlines(), strict=True)
        if mine_line != line
    ]
    assert len(changed) == 1
    assert tomllib.loads("\n".join(mine))["uid"] != tomllib.loads(theirs)["uid"]


def test_new_never_overwrites(tmp_path: Path) -> None:
    """A folder that holds anything is refused and left as it is."""
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")

    result = run("new", str(tmp_path))

    assert isinstance(result.exception, InputError)
    assert "is not empty; name a new folder" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_new_leaves_nothing_where_it_may_not_write(tmp_path: Path) -> None:
    """A place that cannot be written gives one sentence and no half folder."""
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")

    with pytest.raises(OutreachError, match="could not be written"):
        copy_campaign(letters_path("solidarite-en-danger"), blocked / "campaign")

    assert blocked.read_text(encoding="utf-8") == "x"


@pytest.fixture(scope="module")
def checked() -> Result:
    """`letters check` over the bundled campaign, once for this module."""
    return run("letters", "check", "--campaign", str(letters_path("solidarite-en-danger")))


def test_every_letter_of_the_bundled_campaign_passes(checked: Result) -> None:
    """All the letters to the deputies and senators in office pass without an error."""
    assert checked.exception is None, checked.output
    lines = [line.split() for line in checked.output.splitlines() if line[:6].strip().isdigit()]
    counts = {words[1]: int(words[0]) for words in lines if words[1] != "letters"}

    assert int(checked.stdout.split(" letters read")[0]) > 850
    errors = {"leftover", "empty", "unsourced", "partial", "request", "closing", "certainty",
              "name-title", "address", "typography"}  # fmt: skip
    assert {name: counts[name] for name in errors} == dict.fromkeys(errors, 0)


def test_the_report_shows_what_an_assistant_sees(checked: Result) -> None:
    """The most similar pair of one delegation is shown side by side."""
    assert "of their words in common in the middle" in checked.output
    assert "% the same:" in checked.output


def test_an_error_exits_1(tmp_path: Path) -> None:
    """A template with two questions fails the check, and the findings are in the CSV."""
    folder = tmp_path / "campaign"
    run("new", str(folder))
    settings = (folder / "campaign.toml").read_text(encoding="utf-8")
    fewer = settings.replace('["assemblee", "senat"]', '["senat"]')
    (folder / "campaign.toml").write_text(fewer, encoding="utf-8")
    for path in (folder / "blocks" / "request").glob("*.md"):
        path.write_text("Voterez-vous ? Et vos collègues ?\n", encoding="utf-8")

    result = run(
        "letters", "check", "--campaign", str(folder), "--csv", str(tmp_path / "findings.csv")
    )

    assert result.exit_code == 1
    table = (tmp_path / "findings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table[0] == "rule;severity;recipient;message"
    assert any(line.startswith("request;error;01 ") for line in table)


def test_fields_are_listed_with_real_values() -> None:
    """Every field has a line, with its value for the recipient asked for."""
    result = run("letters", "fields", "--for", "01-04", "establishments")

    assert result.exit_code == 0
    assert "{{ figures.establishments }}" in result.output
    assert "{{ recipient.last_name }}" not in result.output


def test_a_recipient_who_does_not_exist() -> None:
    """An unknown seat is refused in words."""
    result = run("letters", "fields", "--for", "99-99")

    assert isinstance(result.exception, OutreachError)


def test_the_text_for_a_web_form() -> None:
    """preview --form prints the words alone, and keeps within the form's size where it can."""
    campaign = str(letters_path("solidarite-en-danger"))

    result = run("preview", "01-04", "--campaign", campaign, "--form", "1400")

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(("Madame la Députée,", "Monsieur le Député,"))
    assert len(result.stdout) <= 1401
    assert "Sources" not in result.stdout
    assert "Left out for 1400 characters: tables, the sources of the figures." in result.stderr


def test_a_web_form_with_room_shows_the_sources() -> None:
    """Where the form has room, the sources stand under the signature and nothing is left out."""
    campaign = str(letters_path("solidarite-en-danger"))

    result = run("preview", "01-04", "--campaign", campaign, "--form", "4000")

    assert result.exit_code == 0, result.output
    assert "Sources : FINESS" in result.stdout.replace("\u00a0", " ")
    assert "Left out" not in result.stderr


def test_a_web_form_too_short_for_the_words() -> None:
    """A text that cannot be short enough says how much is to be cut by hand."""
    campaign = str(letters_path("solidarite-en-danger"))

    result = run("preview", "01-04", "--campaign", campaign, "--form", "500")

    assert re.search(r"Still \d+ characters too long: shorten it by hand", result.stderr)
