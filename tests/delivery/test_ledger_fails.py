"""A ledger that fails between a body and its dot: nothing more is said on that connection."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.delivery.conftest import Office


class Listener:
    """Takes one connection, and keeps what comes after DATA until it ends."""

    def __init__(self) -> None:
        self.body = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._converse)
        self._thread.start()

    def ended(self) -> bytes:
        """Wait for the end of the connection and give the body."""
        self._thread.join(20)
        return self.body

    def _converse(self) -> None:
        with self._listening, self._listening.accept()[0] as client, client.makefile("rwb") as file:
            file.write(b"220 here\r\n")
            file.flush()
            for line in file:
                if line[:4].upper() == b"DATA":
                    file.write(b"354 go ahead\r\n")
                    file.flush()
                    self.body = file.read()
                    return
                file.write(b"250 here\r\n")
                file.flush()


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
    body = server.ended()

    assert body
    assert b"quit" not in body.lower()
