"""One letter's dialogue with the server, cut in two where certainty ends.

offer() brings the letter up to, and not including, the final dot: whatever goes wrong there, the
letter has certainly not been accepted. finish() sends the dot: without a clear reply nobody knows.
"""

import re
import select
import smtplib
import socket
import ssl
from dataclasses import dataclass, replace
from typing import Literal

from outreach.errors import InputError

Phase = Literal["MAIL", "RCPT", "archive", "DATA", "body", "dot"]

# Seconds, RFC 5321 §4.5.3.2.
_TIMEOUTS: dict[Phase, float] = {
    "MAIL": 300,
    "RCPT": 300,
    "archive": 300,
    "DATA": 120,
    "body": 180,
    "dot": 600,
}
_BLOCK = 64 * 1024
_LONGEST_REPLY = 2_000
# Acknowledge what comes at once (Linux; it lasts for one reading). A server that writes the answers
# to commands sent together one by one waits for that: 150 letters a second without, 2 200 with
# (smtp-sink on loopback, 2026-11). Postfix itself writes them together and does not need it.
_AT_ONCE: int | None = getattr(socket, "TCP_QUICKACK", None)
# 252 is VRFY's answer, "cannot verify, but will accept and try" (RFC 5321 §3.5.3); a server that uses
# it for RCPT means the same: the letter goes on, and the answer to its final dot decides.
_TAKEN = (250, 251, 252)
_ENVELOPE_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f]+@[^\s<>\x00-\x1f\x7f]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said, and where.

    Attributes:
        phase: the step that it answers.
        code: None when it said nothing that can be understood.
        text: its words, or what happened.
        lost: the connection is of no more use.
    """

    phase: Phase
    code: int | None
    text: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a letter is from and to, as the server is told.

    Attributes:
        sender: return path.
        recipient: ASCII address.
        archive: an own mailbox that gets the same message; "" for none.
        token: the secret that delivery reports bring back as the envelope id.
    """

    sender: str
    recipient: str
    archive: str = ""
    token: str = ""


def offer(smtp: smtplib.SMTP, envelope: Envelope, content: bytes) -> Answer | None:
    """Give the server everything but the final dot.

    Returns:
        None when the dot may follow; otherwise what went wrong, and the letter has not left.

    Raises:
        InputError: an address could not be told from a command.
    """
    for address in (envelope.sender, envelope.recipient, *filter(None, [envelope.archive])):
        if not _ENVELOPE_ADDRESS.fullmatch(address):
            raise InputError(f"{address!r} cannot stand in an envelope.")
    limit = int(smtp.esmtp_features.get("size") or 0)
    if limit and len(content) > limit:
        return Answer("MAIL", 552, f"the letter is {len(content)} bytes, the server takes {limit}")
    commands = _commands(smtp, envelope, len(content))
    try:
        refused = _ask(smtp, commands)
        if refused is None:
            _send_body(smtp, content)
            refused = _early_answer(smtp)
    except _Lost as lost:
        return Answer(lost.phase, None, lost.text, lost=True)
    return refused


def finish(smtp: smtplib.SMTP) -> Answer:
    """Send the final dot and wait for the reply; code None means that nobody knows."""
    try:
        _allow(smtp, "dot").sendall(b".\r\n")
        code, text = smtp.getreply()
    except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
        return Answer("dot", None, f"no reply after the final dot: {error}", lost=True)
    answer = Answer("dot", code, _words(text), lost=code == 421)
    if not 200 <= code < 600 or 300 <= code < 400:
        return Answer(
            "dot", None, f"odd reply after the final dot: {code} {answer.text}", lost=True
        )
    return answer


def reset(smtp: smtplib.SMTP) -> bool:
    """Clear a refused transaction; False when the connection is of no more use."""
    try:
        _allow(smtp, "MAIL")
        return smtp.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


class _Lost(Exception):
    def __init__(self, phase: Phase, error: Exception) -> None:
        super().__init__(str(error))
        self.phase: Phase = phase
        self.text = f"connection lost at {phase}: {error}"


def _commands(
    smtp: smtplib.SMTP, envelope: Envelope, size: int
) -> list[tuple[Phase, str, tuple[int, ...]]]:
    mail, rcpt = f"MAIL FROM:<{envelope.sender}>", f"RCPT TO:<{envelope.recipient}>"
    if smtp.has_extn("size"):
        mail += f" SIZE={size}"
    if smtp.has_extn("dsn"):
        mail += f" RET=HDRS ENVID={envelope.token}" if envelope.token else " RET=HDRS"
        rcpt += " NOTIFY=FAILURE,DELAY"
    commands: list[tuple[Phase, str, tuple[int, ...]]] = [
        ("MAIL", mail, (250,)),
        ("RCPT", rcpt, _TAKEN),
    ]
    if envelope.archive:
        # Of a full archive no report comes back: it would name our letter, and tell of no bounce.
        never = " NOTIFY=NEVER" if smtp.has_extn("dsn") else ""
        commands.append(("archive", f"RCPT TO:<{envelope.archive}>{never}", _TAKEN))
    return [*commands, ("DATA", "DATA", (354,))]


def _ask(smtp: smtplib.SMTP, commands: list[tuple[Phase, str, tuple[int, ...]]]) -> Answer | None:
    # RFC 2920: one round trip for the three commands, where the server takes them together.
    together = smtp.has_extn("pipelining")
    if together:
        _write(smtp, "MAIL", "".join(f"{line}\r\n" for _, line, _ in commands).encode("ascii"))
    refused = None
    for phase, line, wanted in commands:
        if not together:
            _write(smtp, phase, f"{line}\r\n".encode("ascii"))
        answer = _read(smtp, phase)
        if refused is None and answer.code not in wanted:
            # "Yes" to something else than we asked: the two sides are out of step.
            astray = answer.code is not None and answer.code < 400
            refused = replace(answer, lost=answer.lost or astray)
        elif refused is not None and answer.code == 354:
            # It waits for a letter to nobody: leave rather than send one.
            return Answer(refused.phase, refused.code, refused.text, lost=True)
        if refused is not None and (not together or refused.lost):
            break
    return refused


def _write(smtp: smtplib.SMTP, phase: Phase, data: bytes) -> None:
    try:
        _allow(smtp, phase).sendall(data)
    except (OSError, smtplib.SMTPException) as error:
        raise _Lost(phase, error) from error


def _read(smtp: smtplib.SMTP, phase: Phase) -> Answer:
    try:
        sock = _allow(smtp, phase)
        if _AT_ONCE is not None:
            sock.setsockopt(socket.IPPROTO_TCP, _AT_ONCE, 1)
        code, text = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise _Lost(phase, error) from error
    if not 200 <= code < 600:
        return Answer(phase, None, f"odd reply: {code} {_words(text)}", lost=True)
    return Answer(phase, code, _words(text), lost=code == 421)


def _send_body(smtp: smtplib.SMTP, content: bytes) -> None:
    # Looked for first: to search each line's start takes 15 µs of a letter's 450.
    dotted = b"\n." in content or content.startswith(b".")
    stuffed = re.sub(rb"(?m)^\.", b"..", content) if dotted else content
    if not stuffed.endswith(b"\r\n"):
        stuffed += b"\r\n"
    for start in range(0, len(stuffed), _BLOCK):
        _write(smtp, "body", stuffed[start : start + _BLOCK])


def _early_answer(smtp: smtplib.SMTP) -> Answer | None:
    """Read what the server said before the dot, if it did: a refusal, or that it is gone."""
    sock = _sock(smtp)
    pending = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
    if not pending and not select.select([sock], [], [], 0)[0]:
        return None
    answer = _read(smtp, "body")
    return Answer("body", answer.code, answer.text, lost=True)


def _sock(smtp: smtplib.SMTP) -> socket.socket:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("not connected")
    return smtp.sock


def _allow(smtp: smtplib.SMTP, phase: Phase) -> socket.socket:
    """Give the socket, with the time that this phase may take."""
    sock = _sock(smtp)
    seconds = _TIMEOUTS[phase]
    if sock.gettimeout() != seconds:
        sock.settimeout(seconds)
    return sock


def _words(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())[:_LONGEST_REPLY]
