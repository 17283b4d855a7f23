"""The [sending] part of campaign.toml: the mailbox that letters leave from, and at what pace.

Who the letters are from stands in [sender]. campaign reads this; outbox and delivery obey it.
Nothing here opens a connection.
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Security = Literal["ssl", "starttls", "none"]
PasswordSource = Literal["keyring", "env", "command"]
Authentication = Literal["password", "gmail", "xoauth2", "none"]
Limit = Annotated[int, Field(ge=1, le=100_000)]

LOCALHOST = frozenset({"localhost", "127.0.0.1", "::1"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pace(_Strict):
    """How fast letters leave. None: no limit of that kind.

    Attributes:
        per_minute, per_hour, per_day: letters in any such stretch of time, not calendar units.
        per_domain_hour: recipient domain → letters an hour, such as {"senat.fr": 100}.
        from_time, to_time: working hours, in the time zone.
        working_days: only Monday to Friday, French public holidays left out.
        region: "" or the code of a part of France with its own holidays, such as "57"
            (the Moselle), "BL" or "6AE" (Alsace), as ISO 3166-2 writes it after "FR-".
    """

    per_minute: Limit | None = None
    per_hour: Limit | None = None
    per_day: Limit | None = None
    per_domain_hour: dict[str, Limit] = Field(default_factory=dict)
    from_time: dt.time | None = None
    to_time: dt.time | None = None
    working_days: bool = False
    time_zone: str = "Europe/Paris"
    region: str = ""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        import zoneinfo

        if value not in zoneinfo.available_timezones():
            raise ValueError(f'"{value}" is no time zone; write one such as "Europe/Paris"')
        return value

    @field_validator("per_domain_hour")
    @classmethod
    def _plain_domains(cls, value: dict[str, int]) -> dict[str, int]:
        return {domain.strip().lower(): limit for domain, limit in value.items()}

    @model_validator(mode="after")
    def _hours_in_order(self) -> "Pace":
        if (self.from_time is None) != (self.to_time is None):
            raise ValueError("give both from_time and to_time, or neither")
        if self.from_time and self.to_time and self.from_time >= self.to_time:
            raise ValueError("from_time must come before to_time on the same day")
        return self


class Sending(_Strict):
    """A mailbox and its rules.

    Attributes:
        host, port: the mail server that takes our letters; port None takes the usual one of the
            security mode (465, 587, 25).
        security: "ssl", "starttls", or "none", which is for a server on this machine only.
        authentication: "password"; "gmail" (OAuth2, yagmail's file); "xoauth2" (the secret is an
            access token, for Microsoft 365); "none" for localhost.
        login: the account's name, which need not be an address.
        password_from: where the secret is: "keyring" (service "yagmail", the login), "env" (the
            variable password_name) or "command" (password_name, run without a shell).
        oauth2_file: yagmail's OAuth2 file, for "gmail".
        return_path: where delivery reports go; "" for the From address. "{token}" in it becomes
            a secret of each letter, so that a forged report is told from a real one.
        archive: an own mailbox that gets the same message in the same transaction, the strongest
            proof for a letter whose fate is uncertain; "" for none.
        connections: at most this many at once.
        letters_per_connection: then a fresh one.
        suppression_list: a CSV shared by campaigns; None takes the user's own.
        shared_outbox: a postgresql:// URL for a team that shares one outbox; "" keeps a file in
            the campaign's folder.
        retention_days: days after the last letter when `outreach purge` removes texts and
            personal data.
    """

    host: str = Field(min_length=1)
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Security
    authentication: Authentication = "password"
    login: str = ""
    password_from: PasswordSource = "keyring"  # noqa: S105 - the name of a source, no secret
    password_name: str = ""
    oauth2_file: str = ""
    return_path: str = ""
    archive: str = ""
    connections: Annotated[int, Field(ge=1, le=4)] = 1
    letters_per_connection: Annotated[int, Field(ge=1)] = 100
    suppression_list: str | None = None
    shared_outbox: str = ""
    retention_days: Annotated[int, Field(ge=1)] = 365
    pace: Pace = Field(default_factory=Pace)

    @field_validator("archive")
    @classmethod
    def _address(cls, value: str) -> str:
        return _checked(value) if value else value

    @field_validator("return_path")
    @classmethod
    def _return_path(cls, value: str) -> str:
        if value:
            _checked(value.replace("{token}", "0123456789ab"))
        return value

    @model_validator(mode="after")
    def _consistent(self) -> "Sending":
        if self.security == "none" and self.host not in LOCALHOST:
            raise ValueError(
                f'security = "none" sends letters and password in clear to {self.host}; it is for '
                'a server on this machine only. Write "ssl" or "starttls"'
            )
        if self.authentication == "none" and self.host not in LOCALHOST:
            raise ValueError('authentication = "none" is for a server on this machine only')
        if self.authentication != "none" and not self.login:
            raise ValueError("login is missing: the account's name at the mail server")
        if self.authentication == "gmail" and not self.oauth2_file:
            raise ValueError('authentication = "gmail" needs oauth2_file')
        named = self.authentication in {"password", "xoauth2"} and self.password_from != "keyring"  # noqa: S105 - no secret
        if named and not self.password_name:
            raise ValueError("password_name is missing: the environment variable or the command")
        return self

    @property
    def used_port(self) -> int:
        """The port, or the usual one of the security mode."""
        return self.port or {"ssl": 465, "starttls": 587, "none": 25}[self.security]

    def envelope_sender(self, from_address: str, token: str) -> str:
        """Give the return path of one letter."""
        return (self.return_path or from_address).replace("{token}", token)


def _checked(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # 40 ms to import

    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(f'"{address}" is no e-mail address: {error}') from error
    if found.ascii_email is None:
        raise ValueError(f'"{address}" has no form in plain ASCII')
    return found.ascii_email
