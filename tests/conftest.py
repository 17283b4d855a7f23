"""What several rooms' tests share."""

import functools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings

# A pause of a busy machine is no fault of the code: properties have no deadline.
settings.register_profile("outreach", deadline=None)
settings.load_profile("outreach")

# Started in the background by a script, a run ignores SIGINT and so would the programs it starts;
# the tests of Ctrl-C need what a terminal gives.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official files beside the checkout; a test that needs it steps aside without it."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the official files are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL of this test run on a private port, run by an unprivileged user."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="outreach-pg."))
    command: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; Debian's package makes this user.
        shutil.chown(folder, "postgres")
        command = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, tools = folder / "data", programs[-1].parent
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
    run = functools.partial(
        subprocess.run, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    run([*command, str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "outreach"])
    control = [*command, str(tools / "pg_ctl"), "-D", str(data), "-w"]
    run([*control, "-o", options, "-l", str(folder / "log"), "start"])
    try:
        yield f"postgresql://outreach@127.0.0.1:{port}/postgres"
    finally:
        run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a fresh outbox goes: a file, then a database of PostgreSQL."""
    if request.param == "sqlite":
        return tmp_path / "outbox.sqlite"
    import psycopg

    server: str = request.getfixturevalue("postgresql_server")
    name = f"outbox_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture(autouse=True)
def _own_user_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the suppression list or the witnesses of who runs it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))


class Publisher:
    """A real web server on this machine that serves what a publisher would, or fails as one may.

    Attributes:
        answers: path → (status, headers, body). A header "x-says" is the Content-Length to
            pretend; "x-waits" the seconds to stay silent before the body.
        asked: the paths asked for, in order.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked.append(self.path)
                status, headers, body = publisher.answers.get(self.path, (404, {}, b"nothing"))
                length = headers.get("x-says", str(len(body)))
                self.send_response(status)
                for name, value in {"Content-Length": length, **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.flush()
                time.sleep(float(headers.get("x-waits", "0")))
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def serve(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None, status: int = 200
    ) -> str:
        """Answer a path from now on; gives its whole address."""
        self.answers[path] = (status, dict(headers or {}), body)
        return self.address + path

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """A web server on this machine in the place of a publisher's."""
    server = Publisher()
    yield server
    server.stop()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --update-golden: write the golden files anew; then read the difference."""
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--update-golden"))
