"""An SMTP server that misbehaves as told, and whose log is the truth.

A program of its own, so that it outlives a sender that is killed. It writes each acceptance to its
log, and syncs it, before it replies: what the log has was accepted, whatever the sender knows.

    python fault_server.py LOG SCRIPT.json     prints its port, serves until its input ends

SCRIPT: {"faults": {"recipient@…": ["drop_rcpt", "", …], "*": […]},   one per attempt, then ""
         "random": {"seed": 1, "weights": {"slow": 0.05}},             drawn for each attempt
         "delay": 0.0, "most_connections": 2, "transcript": "FILE", "extensions": ["PIPELINING", "SIZE 1000000"]}
"""

import asyncio
import hashlib
import json
import os
import random
import re
import socket
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

REPLIES = {
    "refuse_mail": ("MAIL", b"550 5.7.1 sender not welcome"),
    "defer_mail": ("MAIL", b"451 4.3.0 try later"),
    "pause_mail": ("MAIL", b"421 4.7.0 too many messages"),
    "refuse_rcpt": ("RCPT", b"550 5.1.1 no such user"),
    "defer_rcpt": ("RCPT", b"450 4.2.0 greylisted"),
    "unverified_rcpt": ("RCPT", b"252 2.1.5 cannot verify, will try"),
    "odd_rcpt": ("RCPT", b"220 fault.example.org ESMTP"),
    "refuse_data": ("DATA", b"554 5.7.1 no"),
    "defer_data": ("DATA", b"451 4.3.0 not now"),
    "odd_data": ("DATA", b"250 2.0.0 Ok"),
    "refuse_dot": ("dot", b"554 5.7.1 looks like spam"),
    "defer_dot": ("dot", b"452 4.3.1 disk full"),
    "pause_dot": ("dot", b"421 4.7.0 slow down"),
}


class Server:
    """The server and what it was told."""

    def __init__(self, log: Path, script: dict[str, Any]) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.faults: dict[str, list[str]] = script.get("faults", {})
        chance = script.get("random", {"seed": 0, "weights": {}})
        self.chance = random.Random(chance["seed"])
        self.weights: dict[str, float] = chance["weights"]
        self.delay: float = script.get("delay", 0.0)
        self.most_connections: int = script.get("most_connections", 1000)
        self.connections = 0
        self.transcript: str = script.get("transcript", "")
        self.extensions: list[str] = script.get("extensions", ["PIPELINING", "DSN"])

    def fault(self, recipient: str) -> str:
        """Choose what goes wrong in this attempt."""
        queue = self.faults.get(recipient, self.faults.get("*", []))
        if queue:
            return queue.pop(0)
        drawn = self.chance.random()
        for name, weight in self.weights.items():
            drawn -= weight
            if drawn < 0:
                return name
        return ""

    def accept(self, recipient: str, content: bytes) -> None:
        """Write down an acceptance, on the disk before the reply."""
        identity = str(message_from_bytes(content)["Message-ID"])
        digest = hashlib.sha256(content).hexdigest()
        line = json.dumps({"to": recipient, "id": identity, "sha256": digest}) + "\n"
        os.write(self.log, line.encode())
        os.fdatasync(self.log)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client."""
        self.connections += 1
        try:
            if self.connections > self.most_connections:
                writer.write(b"421 4.7.0 too many connections\r\n")
                await writer.drain()
                return
            await self.converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self.connections -= 1
            writer.close()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak until QUIT or a fault that ends it."""

        async def say(reply: bytes) -> None:
            if self.delay:
                await asyncio.sleep(self.delay)
            writer.write(reply + b"\r\n")
            await writer.drain()

        await say(b"220 fault.example.org ESMTP")
        recipient = fault = ""
        greeted = False
        while line := (await reader.readline()).strip():
            verb = line[:4].upper()
            if self.transcript:
                with Path(self.transcript).open("ab") as file:
                    file.write(line + b"\n")
            if verb not in (b"EHLO", b"QUIT") and not greeted:
                await say(b"503 5.5.1 EHLO first")
            elif verb == b"EHLO":
                greeted = True
                names = ["fault.example.org", *self.extensions]
                marks = ["-"] * (len(names) - 1) + [" "]
                pairs = zip(marks, names, strict=True)
                await say("\r\n".join(f"250{mark}{name}" for mark, name in pairs).encode())
            elif verb == b"MAIL":
                # The recipient is not known yet: a fault at MAIL is taken from the default queue.
                queue = self.faults.get("MAIL", [])
                fault = queue.pop(0) if queue else ""
                if fault == "drop_mail":
                    return
                await say(REPLIES[fault][1] if fault in REPLIES else b"250 2.1.0 Ok")
                if fault == "pause_mail":
                    return
            elif verb == b"RCPT":
                found = re.match(rb"RCPT TO:<([^>]*)>", line, re.IGNORECASE)
                recipient = found[1].decode() if found else ""
                fault = fault or self.fault(recipient)
                if fault == "drop_rcpt":
                    return
                told = fault in REPLIES and REPLIES[fault][0] in {"RCPT", "MAIL"}
                await say(REPLIES[fault][1] if told else b"250 2.1.5 Ok")
                recipient = "" if told and fault != "unverified_rcpt" else recipient
            elif verb == b"DATA":
                if fault == "drop_data":
                    return
                if not recipient:
                    await say(b"554 5.5.1 no valid recipients")
                elif fault in REPLIES and REPLIES[fault][0] == "DATA":
                    await say(REPLIES[fault][1])
                else:
                    if fault == "drop_body":
                        # What is not read stays in the sender's hands, beyond small buffers.
                        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's has it
                    await say(b"354 go ahead")
                    if not await self.take(reader, writer, recipient, fault, say):
                        return
                    recipient = ""
                fault = ""
            elif verb == b"RSET":
                recipient = fault = ""
                await say(b"250 2.0.0 Ok")
            elif verb == b"QUIT":
                await say(b"221 2.0.0 Bye")
                return
            else:
                await say(b"250 2.0.0 Ok")

    async def take(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        recipient: str,
        fault: str,
        say: Any,
    ) -> bool:
        """Take a body and answer its dot; False to end the connection."""
        if fault == "drop_body":
            await asyncio.sleep(0.05)
            writer.transport.abort()
            return False
        if fault == "early_refusal":
            await reader.readline()
            await say(b"552 5.3.4 too big")
            await reader.readuntil(b"\r\n.\r\n")
            return False
        raw = await reader.readuntil(b"\r\n.\r\n")
        content = re.sub(rb"(?m)^\.\.", b".", raw[:-3])
        if fault == "drop_before_accept":
            return False
        if fault in REPLIES and REPLIES[fault][0] == "dot":
            await say(REPLIES[fault][1])
            return not fault.startswith("pause")
        if fault == "slow":
            await asyncio.sleep(0.05)
        self.accept(recipient, content)
        if fault == "late_reply":
            await asyncio.sleep(0.05)
        if fault == "drop_after_accept":
            return False
        if fault == "odd_reply":
            await say(b"banana")
            return False
        if fault == "moved_reply":
            await say(b"354 go on")
            return False
        if fault == "silent_reply":
            writer.transport.abort()
            return False
        await say(b"250 2.0.0 Ok: queued")
        return True


async def main(log: Path, script: Path) -> None:
    """Serve until standard input ends."""
    server = Server(log, json.loads(script.read_text(encoding="utf-8")))
    own = socket.create_server(("127.0.0.1", 0), backlog=64)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    listening = await asyncio.start_server(server.serve, sock=own, limit=64 * 1024 * 1024)
    print(listening.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - how it gives its port
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
