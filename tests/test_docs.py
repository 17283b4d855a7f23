"""The documentation exists and says what the code does."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import click
import pytest

from outreach.cli import COMMANDS, outreach

ROOT = Path(__file__).parents[1]


def commands() -> list[tuple[str, click.Command]]:
    """Every command and subcommand with its full name."""
    context = click.Context(outreach, info_name="outreach")
    found: list[tuple[str, click.Command]] = []

    def walk(name: str, command: click.Command) -> None:
        found.append((name, command))
        if isinstance(command, click.Group):
            for child in command.list_commands(context):
                inner = command.get_command(context, child)
                if inner is not None:
                    walk(f"{name} {child}", inner)

    for name in COMMANDS:
        command = outreach.get_command(context, name)
        if command is not None:
            walk(name, command)
    return found


@pytest.mark.parametrize(("name", "command"), commands(), ids=lambda value: str(value))
def test_each_command_has_help_and_a_page(name: str, command: click.Command) -> None:
    """
    Each command starts its help with a sentence, documents its options, and is in docs/cli.md.
    """
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    mute = [
        option.name
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]

    assert re.match(r"[A-Z].+[.:]", (command.help or "").strip().splitlines()[0])
    assert mute == []
    assert f"`outreach {name}`" in page


def test_links_between_documents_lead_somewhere() -> None:
    """
    Each relative link of README and docs/ points to a file that exists.
    """
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_each_decision_has_its_three_parts() -> None:
    """
    Each page in docs/decisions says context, decision and consequences.
    """
    lacking = [
        page.name
        for page in (ROOT / "docs" / "decisions").glob("*.md")
        if not all(
            f"**{part}" in page.read_text(encoding="utf-8")
            or f"## {part}" in page.read_text(encoding="utf-8")
            for part in ("Context", "Decision", "Consequences")
        )
    ]

    assert lacking == []


def test_each_dependency_has_its_reason() -> None:
    """
    Each package that pyproject.toml asks for stands in the decision on dependencies.
    """
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.search(r"\ndependencies = \[(.*?)\n\]", project, re.DOTALL)
    page = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    names = re.findall(r'"([a-z0-9-]+)', wanted.group(1)) if wanted else []

    assert names
    assert [name for name in names if name not in page] == []


def test_each_package_imported_is_asked_for() -> None:
    """
    Nothing that src imports comes only because another package happens to bring it.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    asked = {re.split(r"[\[>]", line)[0].replace("_", "-").lower() for line in lines}
    makers = packages_distributions()
    imported: dict[str, set[str]] = {}
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                imported.setdefault(name.partition(".")[0], set()).add(path.name)
    foreign = {name for name in imported if name not in sys.stdlib_module_names | {"outreach", ""}}

    unasked = {
        name: sorted(imported[name])
        for name in foreign
        if not {maker.replace("_", "-").lower() for maker in makers.get(name, [])} & asked
    }
    assert unasked == {}
    assert {"pandas", "numpy", "click"} <= foreign


def test_every_key_of_the_campaign_file_says_what_it_is() -> None:
    """No row of the tables in docs/campaign.md is left empty."""
    text = (ROOT / "docs" / "campaign.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| (`\w+`) \| (.*?) \|", text, re.MULTILINE)

    assert len(rows) > 60
    assert [key for key, said in rows if not said.strip()] == []
