"""What goes wrong, and what was noticed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._convert import Conversion

SEVERITIES = ("note", "loss", "warning", "error")


@dataclass(frozen=True)
class Diagnostic:
    """One thing that was noticed about a document."""

    severity: str
    """How much it matters, least first: ``note``, ``loss``, ``warning``, ``error``."""
    code: str
    """What it is about, in words with dots: ``reference.dangling``."""
    message: str
    """One sentence."""
    file: str
    """The document, as the caller named it."""
    line: int | None = None
    """The line, from 1; ``None`` if it is about no place in particular."""
    column: int | None = None
    """The column in characters, from 1."""
    text: str | None = None
    """The line, or the part of it around the place."""
    hint: str | None = None
    """What to do about it."""
    path: str | None = None
    """The element as a path from the root, where a schema found the fault: ``/TEI/text/body/p[3]``."""
    allowed: tuple[str, ...] = ()
    """What the schema allows there, the nearest to what was found first."""
    meant: str | None = None
    """What was probably meant."""
    see: str | None = None
    """Where to read about it."""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}: {self.severity}[{self.code}]: {self.message}{hint}"


def diagnostics(file: str, findings: str) -> list[Diagnostic]:
    """Diagnostics from the findings of the native half."""
    return [_diagnostic(file, finding) for finding in json.loads(findings)]


def _diagnostic(file: str, finding: dict[str, Any]) -> Diagnostic:
    return Diagnostic(
        severity=finding["severity"],
        code=finding["code"],
        message=finding["message"],
        file=file,
        line=finding.get("line"),
        column=finding.get("column"),
        text=finding.get("text"),
        hint=finding.get("hint"),
        path=finding.get("path"),
        allowed=tuple(finding.get("allowed", ())),
        meant=finding.get("meant"),
        see=finding.get("see"),
    )


class ApographError(Exception):
    """The base of all exceptions of this module.

    Files that the system refuses raise Python's own: ``FileNotFoundError`` and its like.
    """

    def __init__(self, message: str, diagnostics: list[Diagnostic] | None = None) -> None:
        super().__init__(message)
        self.diagnostics: list[Diagnostic] = diagnostics or []
        """All that was noticed, the error among it."""

    @property
    def error(self) -> Diagnostic | None:
        """The gravest thing that was noticed; of several the last, which ended the work."""
        by_weight = [(SEVERITIES.index(one.severity), at) for at, one in enumerate(self.diagnostics)]
        return self.diagnostics[max(by_weight)[1]] if by_weight else None

    @property
    def file(self) -> str | None:
        """The document, as the caller named it."""
        return self.error.file if self.error else None

    @property
    def line(self) -> int | None:
        """The line, from 1, if the place is known."""
        return self.error.line if self.error else None

    @property
    def column(self) -> int | None:
        """The column in characters, from 1, if the place is known."""
        return self.error.column if self.error else None

    @property
    def code(self) -> str | None:
        """What it is about: ``failure.not-well-formed``."""
        return self.error.code if self.error else None


class UsageError(ApographError, ValueError):
    """A request that can't be carried out as it stands: a format that there is not, an option without sense."""


class ConversionError(ApographError):
    """A document of which nothing can be made, or outputs that are not what was asked for."""

    def __init__(
        self,
        message: str,
        diagnostics: list[Diagnostic] | None = None,
        conversion: Conversion | None = None,
    ) -> None:
        super().__init__(message, diagnostics)
        self.conversion: Conversion | None = conversion
        """What was made all the same; ``None`` if the document could not be read."""

    @classmethod
    def of_findings(cls, file: str, findings: str) -> ConversionError:
        """The exception for what the native half found."""
        return cls.of(diagnostics(file, findings))

    @classmethod
    def of(cls, found: list[Diagnostic], conversion: Conversion | None = None) -> ConversionError:
        """The exception whose message is the gravest of some diagnostics."""
        error = cls("", found, conversion)
        error.args = (str(error.error),)
        return error

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions cross from process to process (multiprocessing, Spark); what was made stays where it is.
        return (ConversionError, (str(self), self.diagnostics))
