"""The mailbox itself: does it open, with what encryption, and what does it take."""

import smtplib

from outreach.delivery.connection import Connection
from outreach.delivery.domain_checks import Finding
from outreach.errors import DeliveryError


def check_mailbox(connection: Connection, largest: int) -> list[Finding]:
    """Open the mailbox, log in and leave; nothing is sent.

    Args:
        connection: not open.
        largest: bytes of the largest letter.
    """
    sending = connection.sending
    try:
        connection.open()
    except DeliveryError as error:
        return [Finding("login", "fault", error.message)]
    try:
        sock = connection.smtp.sock
        cipher = getattr(sock, "cipher", lambda: None)()
        findings = [
            Finding("login", "ok", f"{sending.login or 'no login'} at {sending.host}"),
            Finding("TLS", "ok", f"{cipher[1]}, certificate verified")
            if cipher
            else Finding("TLS", "warning", "none: only for a server on this computer"),
            _size(connection.smtp, largest),
        ]
        extensions = [name for name in ("pipelining", "dsn") if connection.smtp.has_extn(name)]
        said = ", ".join(extensions) or "neither pipelining nor delivery reports on demand"
        return [*findings, Finding("extensions", "ok", said)]
    finally:
        connection.leave()


def _size(smtp: smtplib.SMTP, largest: int) -> Finding:
    limit = int(smtp.esmtp_features.get("size") or 0)
    if limit and largest > limit:
        return Finding("size", "fault", f"the largest letter has {largest} bytes, it takes {limit}")
    return Finding("size", "ok", f"largest letter {largest} bytes, limit {limit or 'not said'}")
