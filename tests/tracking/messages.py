"""Messages that come back: a delivery report, and what a recipient writes."""

from email.message import EmailMessage

from outreach.tracking.incoming import parse

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: nous@example.org
Subject: {subject}
Message-ID: <report{number}@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
{envelope}
Final-Recipient: rfc822; depute{number}@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {code} said the server

--b
Content-Type: text/rfc822-headers

From: nous@example.org
{returned}Subject: Lettre

--b--
"""


def report(
    number: int,
    action: str = "failed",
    status: str = "5.1.1",
    *,
    identified: bool = True,
    token: str = "",
    subject: str = "Undelivered Mail Returned to Sender",
) -> EmailMessage:
    """A delivery report about the letter to number n."""
    text = REPORT.format(
        number=number,
        subject=subject,
        action=action,
        status=status,
        code=status[0] + "50",
        envelope=f"Original-Envelope-Id: {token}\n" if token else "",
        returned=f"Message-ID: <lettre{number}@nous.example.org>\n" if identified else "",
    )
    return parse(text.encode())


def mail(number: int, **headers: str) -> EmailMessage:
    """A message from number n."""
    message = EmailMessage()
    message["From"] = f"depute{number}@example.org"
    message["To"] = "nous@example.org"
    message["Message-ID"] = f"<answer{number}{len(headers)}@example.org>"
    for name, value in {"Subject": "Re: Lettre", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content("Bonjour, merci de votre lettre.")
    return message
