from __future__ import annotations

from pbx.control import Control
from pbx.operations import Operations
from tests.support.ami import KARI, OLA, PANEL, FakeControl


def test_what_belongs_to_the_building_is_not_personal() -> None:
    assert [endpoint.personal for endpoint in (PANEL, KARI, OLA)] == [False, True, True]


def test_the_running_pbx_and_the_one_of_the_tests_answer_alike() -> None:
    """Both are Controls: mypy reads this, nothing runs."""

    def same(real: Operations, fake: FakeControl) -> tuple[Control, Control]:
        return real, fake

    assert callable(same)
