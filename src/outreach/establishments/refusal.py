"""What is said of one row: left out, or read otherwise than typed. No pandas: a child process loads this."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row left out, fit to be shown to the person who keeps the list.

    Attributes:
        row: the row number as the spreadsheet shows it (the header is usually 1).
        column: the list's own column name, "" when the whole row is at fault.
        value: what stands there.
        reason: what is wrong; remedy: what to type instead.
        sheet: the sheet of a workbook, "" for a CSV.
    """

    row: int
    column: str
    value: str
    reason: str
    remedy: str
    sheet: str = ""
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.file or 'the list'}, "
        where += f'sheet "{self.sheet}", ' if self.sheet else ""
        where += f"row {self.row}"
        where += f', {self.column}: "{_short(self.value)}"' if self.column else ":"
        return f"{where} {self.reason}; {self.remedy}."


@dataclass(frozen=True, slots=True)
class Repair:
    """One value read otherwise than typed: a zero put back, a phone number taken out of an address."""

    row: int
    column: str
    value: str
    became: str
    reason: str


def _short(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= 60 else value[:57] + "…"
