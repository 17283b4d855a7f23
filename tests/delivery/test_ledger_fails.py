"""For tests/delivery: a ledger that fails between the body and its dot must drop the connection.

Seen: send._Run.work() ends in connection.leave(), which writes QUIT into the unfinished body and
waits 5 s for a reply that cannot come (with a full disk each connection loses these 5 s).
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.delivery.conftest import Office


class Listener:
    """Takes a body and keeps what comes in it."""

    def __init__(self) -> None:
        self.body = b""
        self.port = 0
        self.ended = threading.Event()
        self._ready = threading.Event()
        threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True).start()
        self._ready.wait(10)

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._converse, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            if line[:4].upper() == b"DATA":
                writer.write(b"354 go ahead\r\n")
                self.body = await reader.read()
                self.ended.set()
                return
            writer.write(b"250 here\r\n")


def test_nothing_more_is_said_in_a_body_that_will_not_end(local_office: Office) -> None:
    """The connection is dropped; no command is written into the letter."""
    server = Listener()
    local_office.plan(1)
    with local_office.ledger.engine.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER fails BEFORE UPDATE OF state ON letters "
            "WHEN NEW.state = 'committing' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
        connection.commit()

    with pytest.raises(Exception, match="the disk is full"):
        local_office.send(server.port)
    server.ended.wait(10)

    assert b"quit" not in server.body.lower()
