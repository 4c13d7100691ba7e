"""Errors that a person can act on: where it went wrong, what stood there, what to do."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any


class OswError(Exception):
    """Base of every error this project raises on purpose.

    The command line prints its text without a traceback, so the text must say
    what is wrong and what to do.
    """


class InputError(OswError):
    """A raw file, record, parameter or setting that cannot be used as it stands.

    Parameters
    ----------
    problem
        What is wrong, in one clause.
    remedy
        What the reader can do about it, in one sentence.
    file, row, column, value
        Where it stands. `row` is the line number in the file, the header being line 1.

    Examples
    --------
    >>> print(InputError("is not a number", "Write digits, such as 14802.",
    ...                  file="reports.csv", row=6, column="value", value="14.8o2"))
    reports.csv, row 6, column "value", value "14.8o2": is not a number. Write digits, such as 14802.
    """

    def __init__(
        self,
        problem: str,
        remedy: str,
        *,
        file: str | Path | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> None:
        self.problem, self.remedy = problem, remedy
        self.file, self.row, self.column, self.value = file, row, column, value
        place = [
            str(file) if file is not None else "",
            f"row {row}" if row is not None else "",
            f'column "{column}"' if column is not None else "",
            f'value "{value}"' if value is not None else "",
        ]
        where = ", ".join(part for part in place if part)
        super().__init__(f"{where}: {problem}. {remedy}" if where else f"{problem}. {remedy}")

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        # an error crosses process borders whole; what it was called with is more than its text
        make = partial(type(self), file=self.file, row=self.row, column=self.column, value=self.value)
        return make, (self.problem, self.remedy)

    def located(
        self,
        *,
        file: str | Path | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> InputError:
        """Return the same error with the missing parts of its place filled in."""
        return InputError(
            self.problem,
            self.remedy,
            file=self.file if self.file is not None else file,
            row=self.row if self.row is not None else row,
            column=self.column if self.column is not None else column,
            value=self.value if self.value is not None else value,
        )


class UnitMismatchError(OswError):
    """Two figures that count different things were about to be combined."""


class NotEstimableError(OswError):
    """A result that the figures do not allow; the message says because of what. Never a number instead."""
