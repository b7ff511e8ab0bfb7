from __future__ import annotations

from pbx.ami.catalogue import CATALOGUE
from pbx.ami.conversation import CLASSES
from tests.support.ami_desk import Desk


def test_every_action_needs_classes_that_exist() -> None:
    for permission in CATALOGUE.values():
        assert permission.write
        assert permission.write <= CLASSES


def test_every_action_is_answered_by_somebody() -> None:
    desk = Desk()
    for permission in CATALOGUE.values():
        assert desk.ask(permission.name)[0]["Response"], permission.name
