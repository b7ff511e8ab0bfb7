"""One's own button: its text, hidden or not, and who rings in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from dialplan.resolve import resolve
from dialplan.route import Ring, Route, rings
from tests.webadmin.resident.test_own_guests import bound
from tests.webadmin.residents import HOUSE, Phone, make_resident
from webadmin.db import db
from webadmin.delegation.service import Bounds
from webadmin.doors.plans import newest_plan
from webadmin.models import Site

BOTH = (("person", "kari"), ("person", "ola"))


def route(user: str, at: datetime) -> list[Ring]:
    db.session.remove()
    site = db.session.scalars(select(Site).where(Site.domain == HOUSE)).one()
    plan = newest_plan(site)
    assert plan is not None
    found = resolve(plan, "entrance", user, at)
    return list(rings(found.root)) if isinstance(found, Route) else []


def test_an_order_and_back_again(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone, at = Phone(published, "kari@x.example"), datetime.now(UTC)
    (button,) = phone.get("buttons")["buttons"]
    assert button["ring"] is None and {"person", "device"} == {each["target"] for each in button["choices"]}
    order = [
        {"target": "device", "id": "kari-app", "delay": 0, "seconds": None},
        {"target": "person", "id": "ola", "delay": 20, "seconds": 30},
    ]
    saved = phone.send("PUT", f"buttons/{button['id']}", {"ring": order, "label": "Familien Berg"})
    assert saved.status_code == 200 and saved.json is not None, saved.text
    assert saved.json["ring"] == order and saved.json["label"] == "Familien Berg"
    found = route(button["button"], at)
    assert [(each.target.id, each.delay) for each in found] == [("kari-app", 0), ("ola", 20)]
    again = phone.send("PUT", f"buttons/{button['id']}", {"ring": None})
    assert again.json is not None and again.json["ring"] is None
    assert [each.target.id for each in route(button["button"], at)] == ["kari"]


def test_hidden_until(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone, at = Phone(published, "kari@x.example"), datetime.now(UTC)
    (button,) = phone.get("buttons")["buttons"]
    until = (at + timedelta(hours=2)).isoformat()
    saved = phone.send("PUT", f"buttons/{button['id']}", {"hidden": True, "hidden_until": until}).json
    assert saved is not None and saved["hidden"] is True and saved["hidden_until"] is not None
    assert route(button["button"], at) == [] and route(button["button"], at + timedelta(hours=3)) != []
    shown = phone.send("PUT", f"buttons/{button['id']}", {"hidden": False, "hidden_until": None}).json
    assert shown is not None and shown["hidden"] is False


def test_only_mine_and_only_my_household(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    (button,) = phone.get("buttons")["buttons"]
    path = f"buttons/{button['id']}"
    for other in ("per-button", "berg-button", "nothing", ""):
        assert phone.send("PUT", f"buttons/{HOUSE}:{other}", {"hidden": True}).status_code == 404
    for ring in (
        [{"target": "person", "id": "per"}],
        [{"target": "device", "id": "entrance"}],
        [{"target": "person", "id": "kari"}] * 2,
    ):
        answer = phone.send("PUT", path, {"ring": ring})
        assert answer.status_code == 422 and answer.json is not None and answer.json["field"] == "ring"
    wrong: list[dict[str, object]] = [{"label": "x" * 61}, {"label": "a\nb"}, {"ring": []}]
    wrong.append({"hidden_until": "2026-01-01T00:00"})
    for change in wrong:
        assert phone.send("PUT", path, change).status_code == 422
    bound(Bounds(buttons=False))
    assert phone.send("PUT", path, {"label": "x"}).status_code == 403
    assert phone.send("PUT", path, {"hidden": True}).status_code == 200


def test_two_of_one_flat_at_once(published: Flask) -> None:
    """The second is told, and what the first has saved stays; hiding is a switch and always works."""
    make_resident("kari@x.example", "kari")
    make_resident("ola@x.example", "ola")
    kari = Phone(published, "kari@x.example")
    (own,) = kari.get("buttons")["buttons"]
    both = [{"target": who, "id": key, "delay": 0, "seconds": None} for who, key in BOTH]
    path = f"buttons/{own['id']}"
    first = kari.send("PUT", path, {"ring": both, "version": own["version"]})
    assert first.status_code == 200 and first.json is not None and first.json["version"] != own["version"]
    ola = Phone(published, "ola@x.example")
    seen = next(each for each in ola.get("buttons")["buttons"] if each["button"] == own["button"])
    assert seen["version"] == first.json["version"]
    shown = {"ring": both[::-1], "version": seen["version"]}
    assert ola.send("PUT", path, shown).status_code == 200
    for change in ({"ring": both}, {"label": "Mitt"}, {"ring": None}):
        late = kari.send("PUT", path, {**change, "version": first.json["version"]})
        assert late.status_code == 409 and late.json is not None and late.json["error"] == "stale"
    assert kari.get(path)["ring"] == both[::-1]
    assert kari.send("PUT", path, {"hidden": True, "version": own["version"]}).status_code == 200
    now = kari.get(path)["version"]
    assert kari.send("PUT", path, {"ring": both, "version": now}).status_code == 200
