"""Three real letters to oneself before the first one leaves.

They are the frozen ones, but for To, Subject and Message-ID: "reply to all" must not reach a
deputy, and the mailbox must not take the real letter for a second copy.
"""

import email
import email.policy
import secrets
from email.header import Header, decode_header, make_header

from outreach.delivery.connection import Connection
from outreach.delivery.dialogue import Envelope, finish, offer
from outreach.errors import DeliveryError
from outreach.outbox.addresses import envelope_address

MARK = "[essai]"


def trial_message(content: bytes, to: str) -> bytes:
    """Make the trial copy of a frozen message.

    Args:
        content: the frozen bytes.
        to: the own address, plain ASCII.
    """
    read = email.message_from_bytes(content, policy=email.policy.compat32)
    subject = str(make_header(decode_header(str(read["Subject"])))).replace("\r\n", "")
    domain = str(read["Message-ID"]).strip().rpartition("@")[2]
    changed = {
        "to": to,
        "subject": Header(
            f"{MARK} {subject}", "utf-8", maxlinelen=76, header_name="Subject"
        ).encode(linesep="\r\n"),
        "message-id": f"<essai.{secrets.token_hex(12)}@{domain}",
    }
    head, border, body = content.partition(b"\r\n\r\n")
    lines: list[bytes] = []
    kept = True
    for line in head.split(b"\r\n"):
        name = line.partition(b":")[0].decode("ascii").lower()
        if not line.startswith((b" ", b"\t")):
            kept = name not in changed
            if not kept:
                lines.append(f"{name.title()}: {changed[name]}".encode("ascii"))
        if kept:
            lines.append(line)
    return b"\r\n".join(lines) + border + body


def send_trials(
    connection: Connection, contents: list[bytes], *, sender: str, to: str
) -> list[str]:
    """Send trial copies to oneself; give what the server said to each.

    Raises:
        DeliveryError: the mailbox cannot be used, or a letter was refused.
        InputError: ``to`` is not an address.
    """
    to = envelope_address(to)
    said = []
    connection.open()
    try:
        for content in contents:
            answer = offer(connection.smtp, Envelope(sender, to), trial_message(content, to))
            answer = answer or finish(connection.smtp)
            taken = answer.code is not None and 200 <= answer.code < 300
            if answer.phase != "dot" or not taken:
                raise DeliveryError(
                    f"the trial letter was not accepted ({answer.phase}): {answer.code or ''} "
                    f"{answer.text}"
                )
            said.append(f"{answer.code} {answer.text}")
    finally:
        connection.leave()
    return said
