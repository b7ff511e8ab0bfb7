"""The drawing says what the simulation says."""

from __future__ import annotations

from datetime import UTC, datetime

from dialplan.simulate import simulate
from tests.support.demonstration import house, office
from tests.support.plans import compiled
from webadmin.buttons.timeline import draw

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_every_bar_lies_where_its_seconds_are() -> None:
    for rows in (house(), office()):
        plan = compiled(rows)
        for panel in plan.directory.panels:
            for button in plan.buttons_on(panel.device):
                drawing = draw(plan, panel.device, button.user, AT)
                bars = simulate(plan, panel.device, button.user, AT).bars
                assert [(each.label, each.start) for each in drawing.bars] == [
                    (bar.label, round(bar.start)) for bar in bars
                ]
                for bar in drawing.bars:
                    assert bar.x >= 0
                    assert bar.x + bar.width <= 100.1
                assert drawing.marks[0] == (0, 0.0)
                assert len(drawing.marks) <= 10


def test_nobody_rings() -> None:
    plan = compiled(house())
    assert draw(plan, plan.directory.panels[0].device, "nobody", AT).rejected
