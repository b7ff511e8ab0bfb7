"""Every module has a test file where one looks for it."""

from __future__ import annotations

from tests.architecture.rooms import ROOT, mirror_of, sources

# Modules without a test file of their own, and what tests them instead.
ELSEWHERE: dict[str, str] = {}
NO_TEST_NEEDED = ("__init__.py", "__main__.py")


def test_each_source_has_its_test() -> None:
    missing = [
        str(source)
        for source in sources()
        if source.name not in NO_TEST_NEEDED
        and str(source) not in ELSEWHERE
        and not source.is_relative_to("webadmin/models")  # tables: tested by the rooms that use them
        and not (ROOT / mirror_of(source)).is_file()
    ]
    assert missing == []


def test_the_list_of_exceptions_is_not_stale() -> None:
    assert [name for name in ELSEWHERE if not (ROOT / name).is_file()] == []
