from __future__ import annotations

import json
import logging
import sys

import pytest

from pbx.log_lines import JsonLines, PlainLines, masked


def record(text: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("doorline.test", logging.WARNING, "", 1, text, values, None)


@pytest.mark.parametrize(
    "text",
    [
        "login with secret=canary failed",
        "Secret: canary",
        '{"password": "canary"}',
        'Authorization: Digest username="kari", response="canary"',
        "Authorization: Bearer canary",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:canary",
        "ha1=canary,",
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str) -> None:
    assert "canary" not in masked(text)


def test_ordinary_lines_stay_as_they_are() -> None:
    text = "2 calls go on before the stop; door front of house.example"
    assert masked(text) == text
    assert masked("one\x1b[2Jtwo") == "one?[2Jtwo"


def test_json_lines_are_one_line_each() -> None:
    try:
        raise ValueError("two\nlines, token=canary")
    except ValueError:
        failed = record("it %s", "failed\nbadly")
        failed.exc_info = sys.exc_info()
    line = JsonLines().format(failed)
    assert "\n" not in line
    assert "canary" not in line
    found = json.loads(line)
    assert (found["level"], found["name"]) == ("warning", "doorline.test")
    assert found["message"] == "it failed\nbadly"
    assert "ValueError" in found["traceback"]


def test_plain_lines_are_for_people() -> None:
    assert PlainLines().format(record("secret=%s", "canary")).endswith("doorline.test: secret=***")
