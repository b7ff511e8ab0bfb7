"""Lines in a form."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from webadmin.lines import Line, Lines

SENT = {
    "then-lines": "3",
    **{"then-0-door": "gate", "then-0-place": "3"},
    **{"then-1-door": "", "then-1-place": "2"},
    **{"then-2-door": "lift", "then-2-place": "1", "then-2-delay": " 4 "},
}


def sent(**more: str) -> Lines:
    return Lines.sent("then", "door", ("door", "delay"), MultiDict({**SENT, **more}))


def doors(lines: Lines) -> list[str]:
    return [line["door"] for line in lines.items]


def test_order_empty_ones_and_removed_ones() -> None:
    assert doors(sent()) == ["lift", "gate"] and sent().items[0]["delay"] == "4"
    assert doors(sent(**{"then-0-remove": "on"})) == ["lift"]
    assert doors(sent(**{"then-lines": "x"})) == []
    assert len(sent().shown(2)) == 4


def test_moving() -> None:
    lines = sent()
    assert lines.arranged(MultiDict({"do": "down-then-0"})) and doors(lines) == ["gate", "lift"]
    assert lines.arranged(MultiDict({"do": "up-then-0"})) and doors(lines) == ["gate", "lift"]
    assert not any(lines.arranged(MultiDict({"do": do})) for do in ("save", "up-keys-0"))


def test_errors_stand_at_their_line() -> None:
    lines = sent()
    assert lines.tell(["then", "1", "delay"], "Too long.") and lines.items[1].error == "Too long."
    assert not lines.tell(["then"], "x") and not lines.tell(["then", "7"], "x")
    assert not lines.check(lambda line: "" if line["delay"] else "Say how long.")
    assert lines.items[1].error == "Say how long." and Line({})["door"] == ""
