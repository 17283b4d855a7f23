"""Real servers on loopback, and outboxes with letters planned in them."""

import contextlib
import datetime as dt
import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from tests.delivery.mailroom import Begun, Receiver, Run, Shown, outreach, own_names

from outreach.bundle import letters_path
from outreach.cli import main
from outreach.delivery.connection import connector
from outreach.delivery.mission import Mission, Sent
from outreach.delivery.send import send_letters
from outreach.outbox.approval import approve
from outreach.outbox.claims import Scope
from outreach.outbox.ledger import Ledger, open_ledger
from outreach.outbox.message import FrozenMessage
from outreach.outbox.plan import plan_letters
from outreach.outbox.suppression import SuppressionList
from outreach.sending import Sending

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@dataclass
class FaultServer:
    """A running fault server: where it listens, and what it has accepted."""

    port: int
    log: Path
    process: "subprocess.Popen[bytes]"

    def accepted(self) -> Counter[str]:
        """Recipient → how many letters the server has taken for them."""
        if not self.log.exists():
            return Counter()
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return Counter(json.loads(line)["to"] for line in lines)


Start = Callable[..., FaultServer]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Start]:
    """Start servers that misbehave as told; they end with the test."""
    running: list[FaultServer] = []

    def start(**script: Any) -> FaultServer:
        number = len(running)
        log, told = tmp_path / f"accepted{number}.log", tmp_path / f"script{number}.json"
        told.write_text(json.dumps(script), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fault_server.py")), str(log), str(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        running.append(FaultServer(int(process.stdout.readline()), log, process))
        return running[-1]

    yield start
    for server in running:
        server.process.kill()
        server.process.communicate()


class FastClock:
    """A clock whose hours pass in no time: waiting moves it. Threads share it."""

    def __init__(self, start: dt.datetime = MONDAY) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> dt.datetime:
        """Give the present; each look costs a millisecond."""
        with self._lock:
            self._now += dt.timedelta(milliseconds=1)
            return self._now

    def wait(self, until: dt.datetime, stop: threading.Event) -> None:
        """Be there."""
        with self._lock:
            self._now = max(self._now, until)

    def set(self, moment: dt.datetime) -> None:
        """Set the clock, as somebody may."""
        with self._lock:
            self._now = moment


@pytest.fixture
def clock() -> FastClock:
    """A clock at Monday morning."""
    return FastClock()


@dataclass
class Office:
    """An outbox with its campaign, ready to send to a server."""

    ledger: Ledger
    clock: FastClock
    suppressions: Path
    scope: Scope = field(default_factory=lambda: Scope("campagne-0123456789", 1))

    def message(
        self, number: int, *, text: str = "Bonjour.", domain: str = "example.org"
    ) -> FrozenMessage:
        """Freeze a letter to fictional deputy number n."""
        mail = EmailMessage()
        mail["From"] = "Association Exemple <nous@example.org>"
        mail["To"] = f"depute{number}@{domain}"
        mail["Subject"] = f"Lettre {number}"
        mail["Message-ID"] = identity = f"<{number}.{abs(hash(text)):x}@example.org>"
        mail.set_content(f"{text}\n.\n..et un point seul en début de ligne.\n{number}\n")
        return FrozenMessage(
            recipient_id=f"PA{number:06d}",
            name=f"Camille Exemple {number}",
            chamber="assemblee",
            political_group="GRP",
            department_code="01",
            constituency_code="01-01",
            address=f"depute{number}@{domain}",
            subject=f"Lettre {number}",
            message_id=identity,
            head=mail.as_bytes().replace(b"\n", b"\r\n"),
            tail=b"",
            boundary="",
            template_digest="0" * 64,
        )

    def plan(self, count: int, **changes: Any) -> str:
        """Plan and approve letters to n fictional deputies; give the code."""
        planned = plan_letters(
            self.ledger,
            self.scope,
            [self.message(number, **changes) for number in range(1, count + 1)],
            campaign_name="Essai",
            suppressions=SuppressionList(()),
            now=self.clock.now(),
        )
        approve(self.ledger, self.scope, planned.code, now=self.clock.now())
        return planned.code

    def send(
        self,
        port: int,
        *,
        stop: threading.Event | None = None,
        context: ssl.SSLContext | None = None,
        progress: Callable[[Sent], None] | None = None,
        mission: dict[str, Any] | None = None,
        **settings: Any,
    ) -> Sent:
        """Send what waits to the server at a port of this computer."""
        given = {"host": "localhost", "security": "none", "authentication": "none", **settings}
        sending = Sending.model_validate({"port": port, **given})
        return send_letters(
            self.ledger,
            Mission(
                self.scope,
                sending,
                connector(sending, context),
                "nous@example.org",
                self.suppressions,
                **(mission or {}),
            ),
            clock=self.clock,
            stop=stop or threading.Event(),
            progress=progress,
        )


@pytest.fixture
def office(ledger_place: Path | str, tmp_path: Path, clock: FastClock) -> Iterator[Office]:
    """An empty outbox, on SQLite and on PostgreSQL."""
    with open_ledger(ledger_place, create=True, witness_folder=tmp_path / "witness") as ledger:
        yield Office(ledger, clock, tmp_path / "suppression.csv")


@pytest.fixture
def local_office(tmp_path: Path, clock: FastClock) -> Iterator[Office]:
    """An empty outbox on SQLite, for what does not depend on the database."""
    place = tmp_path / "outbox.sqlite"
    with open_ledger(place, create=True, witness_folder=tmp_path / "witness") as ledger:
        yield Office(ledger, clock, tmp_path / "suppression.csv")


@contextlib.contextmanager
def serving() -> Iterator[Receiver]:
    """Run an aiosmtpd server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        receiver = Receiver(probe.getsockname()[1])
    controller = Controller(receiver, hostname="127.0.0.1", port=receiver.port)
    controller.start()
    yield receiver
    controller.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A mail server that takes what is sent."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled campaign, to senators, planned: rendering takes seconds, copying none."""
    folder = tmp_path_factory.mktemp("planned") / "campagne"
    shutil.copytree(letters_path("solidarite-en-danger"), folder)
    toml = folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8").replace(
        'chambers = ["assemblee", "senat"]', 'chambers = ["senat"]'
    )
    toml.write_text(text, encoding="utf-8")
    own_names(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))
        patch.setenv("XDG_DATA_HOME", str(folder.parent / "data"))
        planned = outreach("plan", "--campaign", folder)
    assert planned.returncode == 0, planned.stderr
    return folder


def add_mailbox(folder: Path, port: int) -> None:
    """Give a campaign a mailbox on loopback."""
    with (folder / "campaign.toml").open("a", encoding="utf-8") as toml:
        toml.write(
            f'\n[sending]\nhost = "localhost"\nport = {port}\nsecurity = "none"\n'
            'authentication = "none"\n'
        )


@pytest.fixture
def campaign(planned_once: Path, tmp_path: Path, receiver: Receiver) -> Path:
    """A planned campaign with a mailbox on loopback."""
    folder = tmp_path / "campagne"
    shutil.copytree(planned_once, folder)
    add_mailbox(folder, receiver.port)
    return folder


@pytest.fixture
def code(run: Run, campaign: Path) -> str:
    """The approval code of the planned campaign."""
    return run("send", "--campaign", campaign).out.split()[-1]


@pytest.fixture(scope="session")
def sent_once(planned_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The campaign after six letters: refused, uncertain, then four accepted; the others wait."""
    folder = tmp_path_factory.mktemp("sent") / "campagne"
    shutil.copytree(planned_once, folder)
    with serving() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder.parent / "state"))
        patch.setenv("XDG_DATA_HOME", str(folder.parent / "data"))
        add_mailbox(folder, server.port)
        told = json.loads(outreach("status", "--campaign", folder, "--json").stdout)
        refused, unclear = [row for row in told["letters"] if row["state"] == "waiting"][:2]
        server.refused.add(refused["address"])
        server.unclear.add(unclear["address"])
        dry = outreach("send", "--campaign", folder).stdout
        outreach("send", "--campaign", folder, "--confirm", dry.split()[-1], "--limit", "6")
    return folder


@pytest.fixture
def begun(sent_once: Path, tmp_path: Path, receiver: Receiver) -> Begun:
    """A campaign of which a part has left, on this computer."""
    folder = tmp_path / "campagne"
    shutil.copytree(sent_once, folder)
    shutil.copytree(sent_once.parent / "state", tmp_path / "state")
    toml = folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8").partition("\n[sending]")[0]
    toml.write_text(text, encoding="utf-8")
    add_mailbox(folder, receiver.port)
    return Begun(folder)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: the same command line, without a second Python."""

    def call(*words: str | Path) -> Shown:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        return Shown(int(stop.value.code or 0), captured.out, captured.err)

    return call
