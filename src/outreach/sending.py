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
    """How fast letters leave. None: no limit of that kind."""

    per_minute: Limit | None = Field(
        default=None, description="letters in any 60 seconds, not a minute of the calendar"
    )
    per_hour: Limit | None = Field(default=None, description="letters in any 60 minutes")
    per_day: Limit | None = Field(default=None, description="letters in any 24 hours")
    per_domain_hour: dict[str, Limit] = Field(
        default_factory=dict,
        description='recipients\' domain = letters in any 60 minutes: {"senat.fr" = 100}',
    )
    from_time: dt.time | None = Field(
        default=None, description="working hours begin, in the time zone: 09:00:00"
    )
    to_time: dt.time | None = Field(default=None, description="working hours end")
    working_days: bool = Field(
        default=False, description="only Monday to Friday, French public holidays left out"
    )
    time_zone: str = Field(
        default="Europe/Paris",
        description="of the hours and days above, and of the campaign's `end`",
    )
    region: str = Field(
        default="",
        description="a part of France with holidays of its own, as ISO 3166-2 writes it after "
        '"FR-": "57" (Moselle), "6AE" (Alsace), "BL"',
    )

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
    """A mailbox and its rules."""

    host: str = Field(min_length=1, description="the mail server that takes our letters")
    port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        default=None, description="the usual one of the security mode when absent: 465, 587, 25"
    )
    security: Security = Field(
        description='"ssl", "starttls", or "none", which is for a server on this machine only'
    )
    authentication: Authentication = Field(
        default="password",
        description='"password"; "gmail" (OAuth2, yagmail\'s file); "xoauth2" (the secret is an '
        'access token, for Microsoft 365); "none" for a server on this machine',
    )
    login: str = Field(
        default="",
        description="the account's name, which need not be an address; needed unless "
        'authentication is "none"',
    )
    password_from: PasswordSource = Field(
        default="keyring",
        description='where the secret is: "keyring" (service "yagmail", the login), "env" (the '
        'variable password_name) or "command" (password_name, run without a shell)',
    )
    password_name: str = Field(default="", description="the environment variable, or the command")
    oauth2_file: str = Field(default="", description='yagmail\'s OAuth2 file, for "gmail"')
    return_path: str = Field(
        default="",
        description='where delivery reports go, when not to the From address; "{token}" in it '
        "becomes a secret of each letter: a forged report is told from a real one",
    )
    archive: str = Field(
        default="",
        description="an own mailbox that gets the same message in the same transaction: the "
        "strongest proof for a letter whose fate is uncertain",
    )
    connections: Annotated[int, Field(ge=1, le=4)] = Field(
        default=1, description="at most this many at once, 1 to 4"
    )
    letters_per_connection: Annotated[int, Field(ge=1)] = Field(
        default=100, description="after so many letters a fresh connection"
    )
    suppression_list: str | None = Field(
        default=None, description="a CSV shared by campaigns; the user's own when absent"
    )
    shared_outbox: str = Field(
        default="",
        description="a postgresql:// URL for a team that shares one outbox; a file in the "
        "campaign's folder when absent",
    )
    retention_days: Annotated[int, Field(ge=1)] = Field(
        default=365,
        description="days after the last letter when `outreach purge` removes texts and personal "
        "data",
    )
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
