"""No input makes a regular expression of the SIP room work more than once over it.

An unbounded repeat that cannot give back what it took (possessive or atomic) never backtracks, so a match
started at one place is linear in what it reads. What ``search`` or ``findall`` start anew must not scan
ahead.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import pbx.sip
from pbx.sip.errors import PeerError
from pbx.sip.fields import Challenge, ContentType, Credentials, CSeq, NameAddr, Reason, SessionExpires, Via
from pbx.sip.grammar import parse_params, split_list
from pbx.sip.message import parse
from pbx.sip.uri import SipUri


def expressions() -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for info in pkgutil.walk_packages(pbx.sip.__path__, "pbx.sip."):
        for name, value in vars(importlib.import_module(info.name)).items():
            if isinstance(value, re.Pattern):
                found[f"{info.name}.{name}"] = value
    return found


SINGLE = (ops.IN, ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.CATEGORY)


def faults(tree: Any, atomic: bool = False) -> Iterator[str]:
    """What is wrong with a parsed expression; ``atomic`` when it is all that an atomic group holds."""
    for op, argument in tree:
        if op is ops.POSSESSIVE_REPEAT:
            if len(argument[2]) != 1 or argument[2][0][0] not in SINGLE:
                yield "a possessive group, which CPython before 3.11.5 matches wrongly"
            yield from faults(argument[2])
        elif op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            alone = atomic and len(tree) == 1 and op is ops.MAX_REPEAT
            if argument[1] is ops.MAXREPEAT and not alone:
                yield "an unbounded repeat that can backtrack"
            yield from faults(argument[2])
        elif op is ops.SUBPATTERN:
            yield from faults(argument[-1])
        elif op is ops.ATOMIC_GROUP:
            yield from faults(argument, atomic=True)
        elif op is ops.BRANCH:
            for branch in argument[1]:
                yield from faults(branch)
        elif op in (ops.ASSERT, ops.ASSERT_NOT):
            yield from faults(argument[1])


def test_there_are_expressions_to_look_at() -> None:
    assert len(expressions()) > 10


@pytest.mark.parametrize(("name", "pattern"), expressions().items(), ids=list(expressions()))
def test_no_repeat_can_backtrack(name: str, pattern: re.Pattern[str]) -> None:
    assert list(faults(parser.parse(pattern.pattern, pattern.flags))) == []


@pytest.mark.parametrize(
    "bad",
    [r"(a+)+b", r"a*?b", r"(?:a|b*)c", r"(?=a*)b", r"(?>a*b)", r"(?:ab)*+", r"(?:a|bc)?+", r"(?>(?:a+)*)"],
)
def test_the_check_itself_sees_a_bad_one(bad: str) -> None:
    assert list(faults(parser.parse(bad)))


def test_the_check_itself_passes_good_ones() -> None:
    for good in (r"a*+b", r"[ab]++", r"(?>(?:ab|c++)*)d", r"(?:ab)?c"):
        assert list(faults(parser.parse(good))) == []


SIZE = 64 * 1024
HOSTILE = {
    "quotes": '"' * SIZE,
    "escapes": '"' + '\\"' * (SIZE // 2),
    "angles": "<" * SIZE,
    "commas": "," * SIZE,
    "semicolons": ";" * SIZE,
    "blanks": "a" + " " * SIZE + "b",
    "letters": "a" * SIZE,
    "params": ";a=b" * (SIZE // 4),
    "quoted": '"a",' * (SIZE // 4),
    "percents": "%41" * (SIZE // 3) + "%",
    "colons": "a:" * (SIZE // 2),
    "digits": "9" * SIZE,
    "via": "SIP/2.0/UDP " * (SIZE // 12),
    "auth": "a=b," * (SIZE // 4) + "x",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_64_kib_of_malice_are_judged(text: str) -> None:
    """Quadratic work would take minutes here, and the test's own limit of time ends it."""
    readers: list[Any] = [
        Via.parse,
        NameAddr.parse,
        SipUri.parse,
        CSeq.parse,
        Challenge.parse,
        Credentials.parse,
        Reason.parse,
        SessionExpires.parse,
        ContentType.parse,
        parse_params,
        split_list,
        lambda text: parse(text.encode()),
    ]
    prefixes = (
        "",
        "Digest ",
        "Digest a=",
        "SIP/2.0/UDP ",
        "SIP/2.0/UDP h;",
        "sip:",
        "sip:a@",
        "<sip:a@b>;",
        "a;x=",
        '"',
    )
    for read in readers:
        for prefix in prefixes:
            try:
                read(prefix + text)
            except PeerError:
                continue
