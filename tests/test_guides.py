"""What README and the guides tell people to type works as it is typed, in a fresh folder."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import tomlkit

from outreach.campaign import FILE_NAME, load_campaign
from outreach.cli import outreach
from outreach.outbox.schema import State
from outreach.spreadsheets import write_xlsx

ROOT = Path(__file__).parents[1]
GUIDES = ("README.md", "docs/guide.md", "docs/page.md")
# Needs a network or a mailbox, or runs until Ctrl-C: tested by the rooms with real servers.
ELSEWHERE = (
    "outreach roster update",
    "outreach doctor",
    "outreach send --test-to",
    "outreach send --confirm",
    "outreach send --campaign my-campaign --confirm",
    "outreach replies read",
    "outreach page serve",
)


def blocks(document: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a document in order: (language, content)."""
    text = (ROOT / document).read_text(encoding="utf-8")
    yield from re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def typed(content: str) -> list[list[str]]:
    """The outreach commands of a block, as a shell would cut them."""
    lines = [line for line in content.splitlines() if line.startswith("outreach ")]
    return [shlex.split(line, comments=True) for line in lines]


def written_in_line(document: str) -> list[list[str]]:
    """The commands named inside sentences and tables."""
    text = (ROOT / document).read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return [
        shlex.split(found.partition(" > ")[0]) for found in re.findall(r"`(outreach [^`]+)`", prose)
    ]


def fill_in(campaign: Path, content: str) -> None:
    """Put a TOML block of a guide into campaign.toml, in the place of what stands there."""
    settings = tomlkit.parse((campaign / FILE_NAME).read_text(encoding="utf-8"))
    # The reader's own domain: examples' domains are refused before a letter leaves.
    settings.update(tomlkit.parse(content.replace("tilleuls.example", "tilleuls.internal")))
    (campaign / FILE_NAME).write_text(tomlkit.dumps(settings), encoding="utf-8")
    load_campaign(campaign)


def shape(words: list[str]) -> tuple[str, ...]:
    """A command and the names of its options, whatever folder or file it is given."""
    at = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    names = [word for word in words[1:at] if re.fullmatch(r"[a-z]+", word)]
    return (*names, *sorted(word for word in words[at:] if word.startswith("-")))


def run(words: list[str], folder: Path) -> None:
    """Run one command line in a folder and check that it did all it was asked."""
    shown = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"}, timeout=300,
    )  # fmt: skip
    assert shown.returncode == 0, f"{shlex.join(words)}\n{shown.stdout}{shown.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("document", GUIDES)
def test_every_block_runs_as_it_is_typed(document: str, tmp_path: Path) -> None:
    """
    Each command block, one after the other, ends with exit code 0; each TOML block is accepted.
    """
    row = {"nom": "Foyer", "adresse": "1 rue de l'Exemple", "code postal": "01500", "ville": "Ambérieu-en-Bugey"}  # fmt: skip
    campaign = tmp_path / ("my-campaign" if document == "README.md" else "ma-campagne")
    if document == "docs/page.md":
        run(["outreach", "new", campaign.name], tmp_path)
    write_xlsx(tmp_path / "members.xlsx", list(row), [row])
    # README shows what the guide explains: what the guide's test runs is not run again.
    elsewhere = [
        shape(words)
        for _, content in blocks("docs/guide.md")
        for words in (typed(content) if document == "README.md" else [])
        if words[1] not in ("new", "match", "plan")  # others rest on these
    ]
    done = 0
    for language, content in blocks(document):
        if language == "toml":
            fill_in(campaign, content)
        for words in typed(content) if language == "" else []:
            if shlex.join(words).startswith(ELSEWHERE) or shape(words) in elsewhere:
                continue
            run(words, tmp_path)
            done += 1
            if words[1] == "new":
                # Deputies alone: it is the commands that are tried, not how many letters they write.
                fill_in(campaign, 'chambers = ["assemblee"]')
                write_xlsx(campaign / "adherents.xlsx", list(row), [row])
                if document == "README.md":  # it sends the reader to the guide for these
                    for kind, settings in blocks("docs/guide.md"):
                        if kind == "toml":
                            fill_in(campaign, settings)
    for words in written_in_line(document) if document == "docs/guide.md" else []:
        if words[1] == "export":
            run(words, tmp_path)
    assert done >= 2


def _documents() -> list[str]:
    return ["README.md", "CONTRIBUTING.md", *(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md"))]  # fmt: skip


@pytest.mark.parametrize("document", _documents())
def test_every_command_named_in_a_document_exists_with_its_options(document: str) -> None:
    """
    A command in a block or a sentence is understood whole; a mere name is a command's.
    """
    faulty = []
    for words in [*written_in_line(document), *(line for _, text in blocks(document) for line in typed(text))]:  # fmt: skip
        said = shlex.join(words)
        try:
            _parse(words[1:], whole=not all(re.fullmatch(r"[a-z]+", word) for word in words[1:]))
        except click.ClickException as error:
            faulty.append(f"{said}: {error.format_message()}")

    assert faulty == []


def _parse(words: list[str], *, whole: bool) -> None:
    """Find the command and, when more than its name is given, read its arguments and options."""
    command: click.Command = outreach
    context = click.Context(outreach, info_name="outreach")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words[0])
        if inner is None:
            raise click.UsageError(f"{words[0]} is no command")
        command, words = inner, words[1:]
    if whole and not isinstance(command, click.Group):
        command.make_context(command.name, list(words))


def test_the_guide_translates_each_state_of_a_letter() -> None:
    """
    Whoever meets a state on the screen finds it in French in the guide.
    """
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")

    assert [state for state in State if f"`{state}`" not in guide] == []


def test_each_message_that_the_guide_translates_is_one_of_ours() -> None:
    """
    The guide quotes messages as the commands print them today.
    """
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    table = guide.rpartition("| message | sens |")[2]
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src" / "outreach").rglob("*.py")
    )
    # Strings go on from line to line in the source; backquotes stand around commands.
    source = re.sub(r"""["']\s*\n\s*f?["']""", "", source).replace("`", "")

    quoted = [part for line in re.findall(r"^\| `([^`]+)`", table, re.MULTILINE) for part in re.split(r"\s*…\s*|\d[\d-]*", line)]  # fmt: skip

    assert len(quoted) > 8
    assert [part for part in quoted if part.strip(" :") not in source] == []
