"""The command line as staff use it, and a mail server that really takes what is sent."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import Envelope

from outreach.campaign import load_campaign
from outreach.outbox.claims import Scope
from outreach.outbox.ledger import open_ledger
from outreach.outbox.standing import Standing, standings


@dataclass
class Receiver:
    """What a real SMTP server has taken.

    Attributes:
        refused: addresses that it does not know.
        unclear: addresses for which it takes the letter and then says nothing that is clear.
        slow: addresses for which it takes the letter and says so half a minute later.
    """

    port: int = 0
    refused: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    taken: list[tuple[str, bytes]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Refuse some."""
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        """Keep."""
        assert isinstance(envelope.content, bytes)
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        if envelope.rcpt_tos[0] in self.slow:
            await asyncio.sleep(30)
        return "354 go on" if envelope.rcpt_tos[0] in self.unclear else "250 OK"


def outreach(*words: str | Path, timeout: int = 120) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "outreach", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def own_names(folder: Path) -> None:
    """Put an association into a copy of the example: in the example's name nothing is sent."""
    toml = folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8")
    for theirs, ours in (
        ("Fédération Exemple", "Fédération des Tilleuls"),
        ("1 rue de l’Exemple", "1 rue des Tilleuls"),
        ("www.example.org", "tilleuls.example.org"),
        ("Camille Exemple", "Dominique Martin"),
    ):
        text = text.replace(theirs, ours)
    toml.write_text(text, encoding="utf-8")


def code_of(told: str) -> str:
    """Give the approval code in what `outreach plan` printed."""
    code = told.partition("Approval code: ")[2].split()
    assert code, told
    return code[0]


@dataclass(frozen=True)
class Shown:
    """What a command came to: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Run = Callable[..., Shown]


@dataclass(frozen=True)
class Begun:
    """A campaign of which a part has left."""

    folder: Path

    def letters(self, state: str = "") -> list[Standing]:
        """Give the letters, or those in one state, as the ledger has them."""
        campaign = load_campaign(self.folder)
        with open_ledger(self.folder / "outbox.sqlite") as ledger, ledger.read() as connection:
            rows = standings(connection, Scope(campaign.uid, 1))
        return [row for row in rows if state in ("", row.state)]

    def letter(self, state: str) -> Standing:
        """Give the first letter in a state."""
        return self.letters(state)[0]
