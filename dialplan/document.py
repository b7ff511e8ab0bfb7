"""A plan as a versioned document that JSON can carry: WebAdmin writes it, the PBX reads it.

A document holds the plan's rows with every default spelled out, in a fixed order, so equal plans make equal
documents. What comes in is checked like anything from outside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dialplan.codec import rows_from, rows_to
from dialplan.compile import compile_published
from dialplan.errors import DocumentError
from dialplan.limits import DOCUMENT_BYTES
from dialplan.plan import DialPlan
from dialplan.restate import restate

VERSION = 1


def dump(plan: DialPlan) -> dict[str, Any]:
    """The plan as dicts, lists, text, numbers, booleans and None."""
    return {"version": VERSION, **rows_to(restate(plan))}


def load(document: object) -> DialPlan:
    """The plan in a document made by `dump`. Raises DocumentError on anything else."""
    if not isinstance(document, Mapping):
        raise DocumentError("a plan document is an object")
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        raise DocumentError(f"this is no plan document of version {VERSION}")
    rows = rows_from({name: value for name, value in document.items() if name != "version"})
    plan = rows if isinstance(rows, list) else compile_published(rows)
    if isinstance(plan, list):
        raise DocumentError(f"{len(plan)} faults, the first: {plan[0]}")
    return plan


def dumps(plan: DialPlan) -> str:
    """The document as JSON text."""
    return as_text(dump(plan))


def as_text(document: dict[str, Any]) -> str:
    """What `dump` made, as JSON text."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def loads(text: str | bytes) -> DialPlan:
    """The plan in JSON text (bytes: UTF-8). Raises DocumentError on anything else, and on more than 64
    MiB."""
    if len(text) > DOCUMENT_BYTES:
        raise DocumentError(f"the document is longer than {DOCUMENT_BYTES} bytes")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError("the document is no JSON") from error
    return load(document)
