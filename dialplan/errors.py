"""What can be wrong with a site's rows, and with a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanError:
    """Something in the rows that keeps them from being a plan.

    `where` is the place: table, id (or index, where an id is missing or bad) and field, such as
    "people/kari/number" or "groups/family/members/2/delay". `message` says what is wrong, `hint` what to do.
    `slug` names the kind of fault and never changes: with `values` others say it in their language.
    """

    where: str
    message: str
    hint: str
    slug: str = ""
    values: tuple[object, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.message}; {self.hint}"


class DocumentError(Exception):
    """A document that is no plan: malformed, too large, of another version, or not consistent."""
