"""REGISTER: all contacts or none, in order, within bounds."""

from __future__ import annotations

import pytest

from pbx.facts import Registered, Unregistered
from pbx.registrar import Accepted, Location, Refused, RegisterOptions, Registrar
from pbx.sip.flow import Flow
from tests.pbx.auth.world import SITE, Owners, flow, identity, request

DATE = "Sun, 22 Nov 2026 14:00:00 GMT"
OLA = identity("ola")


class Site:
    """A registrar, and ola's phone at one flow."""

    def __init__(self, options: RegisterOptions | None = None) -> None:
        self.location = Location()
        self.registrar = Registrar(self.location, Owners(**{"ola": "ola-n"}), lambda: DATE, options)
        self.way = flow()
        self.cseq = 0

    def send(
        self, *lines: str, way: Flow | None = None, now: float = 0.0, to: str = "", cseq: int = 0
    ) -> Accepted | Refused:
        self.cseq = cseq or self.cseq + 1
        made = request("ola", *lines, to=to, cseq=self.cseq)
        return self.registrar.decide(made, way or self.way, OLA, now)

    def accept(self, *lines: str, way: Flow | None = None, now: float = 0.0, cseq: int = 0) -> Accepted:
        result = self.send(*lines, way=way, now=now, cseq=cseq)
        assert isinstance(result, Accepted), result
        return result

    def refuse(
        self, status: int, *lines: str, way: Flow | None = None, cseq: int = 0, to: str = ""
    ) -> Refused:
        before = self.shown()
        result = self.send(*lines, way=way, cseq=cseq, to=to)
        assert isinstance(result, Refused), result
        assert result.status == status
        assert self.shown() == before
        return result

    def contacts(self) -> list[str]:
        return [binding.contact for binding in self.location.find(SITE, "ola-id")]

    def shown(self) -> list[tuple[object, ...]]:
        bindings = self.location.find(SITE, "ola-id")
        return [(b.contact, b.expires_at, b.cseq, b.call_id, b.flow, b.path, b.user_agent) for b in bindings]


def listed(accepted: Accepted) -> list[str]:
    return [value for name, value in accepted.headers if name == "Contact"]


def test_a_contact_is_taken_and_shown_with_what_is_left_of_it() -> None:
    site = Site()
    accepted = site.accept("Contact: <sip:ola@10.0.0.5:5062>;q=0.7", "Expires: 120", "User-Agent: Phone/1")
    assert accepted.headers == (("Contact", "<sip:ola@10.0.0.5:5062>;expires=120;q=0.7"), ("Date", DATE))
    assert accepted.facts == (
        Registered(SITE, "ola-id", "sip:ola@10.0.0.5:5062", "udp", "192.0.2.77:5060", "Phone/1", 120, True),
    )
    (binding,) = site.location.find(SITE, "ola-id")
    assert accepted.fresh == (binding,)
    assert (binding.flow, binding.aor, binding.user_agent, binding.q) == (site.way, "ola", "Phone/1", "0.7")
    assert listed(site.accept(now=50.0)) == ["<sip:ola@10.0.0.5:5062>;expires=70;q=0.7"]


def test_the_date_is_asked_for_once_a_second() -> None:
    dates = iter(["first", "second"])
    site = Site()
    site.registrar = Registrar(site.location, Owners(), lambda: next(dates))
    shown = [dict(site.accept(now=now).headers)["Date"] for now in (5.0, 5.9, 6.1, 6.9)]
    assert shown == ["first", "first", "second", "second"]


def test_renewed_in_the_same_words_and_in_others() -> None:
    site = Site()
    first = ("Contact: <sip:ola@10.0.0.5>", "Expires: 120", "User-Agent: Phone/1")
    site.accept(*first)
    again = site.accept(*first, now=60.0)
    assert listed(again) == ["<sip:ola@10.0.0.5>;expires=120"]
    assert [(fact.fresh, fact.expires) for fact in again.facts if isinstance(fact, Registered)] == [
        (False, 120)
    ]
    assert again.fresh == ()
    other = site.accept("Contact: <sip:ola@10.0.0.5>;expires=90", "User-Agent: Phone/2", now=60.0)
    assert listed(other) == ["<sip:ola@10.0.0.5>;expires=90"]
    (binding,) = site.location.find(SITE, "ola-id")
    assert (binding.user_agent, binding.expires_at) == ("Phone/2", 150.0)
    assert site.accept(*first[:1], "Expires: 0", now=61.0).facts == (
        Unregistered(SITE, "ola-id", "sip:ola@10.0.0.5", "removed"),
    )
    assert len(site.location) == 0


def test_lengths() -> None:
    site = Site(RegisterOptions(minimum=60, default_udp=300, default_connection=600, maximum=3600))
    contact = "Contact: <sip:ola@10.0.0.5>"
    assert listed(site.accept(contact)) == ["<sip:ola@10.0.0.5>;expires=300"]
    assert listed(site.accept(contact, "Expires: 60")) == ["<sip:ola@10.0.0.5>;expires=60"]
    assert listed(site.accept(contact, "Expires: 99999999999999999999")) == [
        "<sip:ola@10.0.0.5>;expires=3600"
    ]
    assert listed(site.accept(contact + ";expires=77", "Expires: 99")) == ["<sip:ola@10.0.0.5>;expires=77"]
    assert listed(site.accept(contact + ";expires=soon")) == ["<sip:ola@10.0.0.5>;expires=300"]
    assert listed(site.accept(contact, way=flow("tcp"))) == ["<sip:ola@10.0.0.5>;expires=600"]
    for lines in (
        (contact, "Expires: 59"),
        (contact + ";expires=1",),
        (contact + ";expires=1", "Expires: 600"),
    ):
        refused = site.refuse(423, *lines)
        assert refused.headers == (("Min-Expires", "60"),)


def test_all_contacts_or_none() -> None:
    site = Site()
    site.accept("Contact: <sip:a@10.0.0.5>, <sip:b@10.0.0.5>;expires=200")
    assert site.contacts() == ["sip:a@10.0.0.5", "sip:b@10.0.0.5"]
    site.refuse(423, "Contact: <sip:a@10.0.0.5>;expires=0, <sip:c@10.0.0.5>;expires=3")
    site.refuse(400, "Contact: <sip:c@10.0.0.5>, <sip:c@10.0.0.5>")
    site.refuse(416, "Contact: <sip:c@10.0.0.5>, <mailto:c@example.com>")
    site.refuse(400, "Contact: <sip:c@10.0.0.5>, <sip:c@>")
    site.refuse(403, "Contact: " + ", ".join(f"<sip:{n}@10.0.0.5>" for n in range(6)))
    site.accept("Contact: <sip:a@10.0.0.5>;expires=0, <sip:c@10.0.0.5>")
    assert site.contacts() == ["sip:b@10.0.0.5", "sip:c@10.0.0.5"]


def test_a_repeated_request_with_two_contacts_keeps_both() -> None:
    site = Site()
    both = "Contact: <sip:a@10.0.0.5>, <sip:b@10.0.0.5>"
    site.accept(both)
    site.accept("Contact: <sip:a@10.0.0.5>;expires=0")
    site.accept(both)
    assert sorted(site.contacts()) == ["sip:a@10.0.0.5", "sip:b@10.0.0.5"]


def test_star_takes_all_away_but_only_alone_and_with_expires_0() -> None:
    site = Site()
    site.accept("Contact: <sip:a@10.0.0.5>, <sip:b@10.0.0.5>")
    site.refuse(400, "Contact: *")
    site.refuse(400, "Contact: *", "Expires: 60")
    site.refuse(400, "Contact: *, <sip:c@10.0.0.5>", "Expires: 0")
    accepted = site.accept("Contact: *", "Expires: 0")
    assert listed(accepted) == []
    assert [fact.cause for fact in accepted.facts if isinstance(fact, Unregistered)] == ["removed"] * 2
    assert site.contacts() == []


def test_an_older_request_changes_nothing() -> None:
    site = Site()
    contact = ("Contact: <sip:a@10.0.0.5>", "Expires: 100")
    site.accept(*contact, cseq=7)
    site.refuse(400, *contact, cseq=7)
    site.refuse(400, *contact, cseq=6)
    site.refuse(400, "Contact: *", "Expires: 0", cseq=7)
    site.refuse(400, "Contact: <sip:a@10.0.0.5>, <sip:b@10.0.0.5>", cseq=7)
    site.accept(*contact, "Call-ID: after a restart", cseq=1)
    site.accept(*contact, cseq=1)


def test_contacts_are_compared_as_uris() -> None:
    site = Site()
    site.accept("Contact: <sip:a@Host.example:5060;transport=UDP>")
    accepted = site.accept("Contact: <sip:%61@host.example:5060;transport=udp>")
    assert listed(accepted) == ["<sip:%61@host.example:5060;transport=udp>;expires=300"]
    site.accept("Contact: <sip:a@host.example:5060;transport=udp>", "Expires: 0")
    assert site.contacts() == []


def test_a_binding_follows_its_phone_to_another_flow() -> None:
    site = Site()
    site.accept("Contact: <sip:a@10.0.0.5>")
    moved = flow(port=6000)
    accepted = site.accept("Contact: <sip:a@10.0.0.5>", way=moved)
    (binding,) = site.location.find(SITE, "ola-id")
    assert binding.flow is moved
    assert accepted.fresh == (binding,)


def test_only_own_and_owners_address() -> None:
    site = Site()
    for to in ("<sip:kari@fjordgata.example>", "<sip:ola@else.example>", "<sip:fjordgata.example>"):
        site.refuse(403, "Contact: <sip:a@10.0.0.5>", to=to)
    site.refuse(416, "Contact: <sip:a@10.0.0.5>", to="<tel:+47>")
    assert isinstance(site.send("Contact: <sip:a@10.0.0.5>", to="<sip:ola-n@fjordgata.example>"), Accepted)
    assert site.location.find(SITE, "ola-id")[0].aor == "ola-n"


def test_the_owners_address_must_still_be_the_owners() -> None:
    site = Site()
    owners = Owners(**{"ola": "ola-n"})
    site.registrar = Registrar(site.location, owners, lambda: DATE)
    to = "<sip:ola-n@fjordgata.example>"
    assert isinstance(site.send("Contact: <sip:a@10.0.0.5>", to=to), Accepted)
    owners.owners.clear()
    site.refuse(403, "Contact: <sip:a@10.0.0.5>", to=to)


def test_unknown_extensions_are_named() -> None:
    site = Site()
    refused = site.refuse(420, "Contact: <sip:a@10.0.0.5>", "Require: path, gruu, foo")
    assert refused.headers == (("Unsupported", "foo, gruu"),)
    site.refuse(400, "Contact: <sip:a@10.0.0.5>", "Require: \udca0")


def test_path_is_kept_and_given_back() -> None:
    site = Site()
    path = ("Path: <sip:edge1.example;lr>, <sip:edge2.example;lr>",)
    accepted = site.accept("Contact: <sip:a@10.0.0.5>", "Supported: path", *path)
    assert [value for name, value in accepted.headers if name == "Path"] == [
        "<sip:edge1.example;lr>",
        "<sip:edge2.example;lr>",
    ]
    site.accept("Contact: <sip:a@10.0.0.5>", "Supported: path", *path)
    assert site.location.find(SITE, "ola-id")[0].path == ("<sip:edge1.example;lr>", "<sip:edge2.example;lr>")
    site.refuse(400, "Contact: <sip:a@10.0.0.5>", "Path: <sip:@>")
    site.accept("Contact: <sip:a@10.0.0.5>")
    assert site.location.find(SITE, "ola-id")[0].path == ()


OUTBOUND = 'Contact: <sip:{}@10.0.0.5>;+sip.instance="<urn:uuid:1>";reg-id={}'


def test_outbound_names_bindings_by_instance_and_reg_id() -> None:
    site = Site(RegisterOptions(flow_timer=120))
    one, two = flow("tcp", port=1), flow("tcp", port=2)
    accepted = site.accept(OUTBOUND.format("a", 1), "Supported: outbound, path", way=one)
    assert ("Require", "outbound") in accepted.headers
    assert ("Flow-Timer", "120") in accepted.headers
    assert listed(accepted) == ['<sip:a@10.0.0.5>;expires=600;+sip.instance="<urn:uuid:1>";reg-id=1']
    site.accept(OUTBOUND.format("a", 2), "Supported: outbound", way=two)
    assert len(site.location) == 2
    site.accept(OUTBOUND.format("b", 1), "Supported: outbound", "Call-ID: restarted", way=flow("tcp", port=3))
    assert site.contacts() == ["sip:b@10.0.0.5", "sip:a@10.0.0.5"]
    site.accept(OUTBOUND.format("b", 1), "Supported: outbound", "Expires: 0", way=flow("tcp", port=4))
    assert site.contacts() == ["sip:a@10.0.0.5"]


def test_outbound_needs_a_first_hop_that_knows_it() -> None:
    site = Site()
    far = ("Supported: outbound", "Via: SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKx")
    site.refuse(439, OUTBOUND.format("a", 1), *far)
    site.refuse(439, OUTBOUND.format("a", 1), *far, "Path: <sip:edge.example;lr>")
    site.accept(OUTBOUND.format("a", 1), *far, "Path: <sip:edge.example;lr;ob>")


def test_outbound_bounds() -> None:
    site = Site()
    for reg_id in ("0", "x", "99999999999"):
        site.refuse(400, OUTBOUND.format("a", reg_id), "Supported: outbound")
    both = OUTBOUND.format("a", 1) + ", " + OUTBOUND.format("b", 2).partition(": ")[2]
    site.refuse(400, both, "Supported: outbound")
    accepted = site.accept(OUTBOUND.format("a", 1))
    assert ("Require", "outbound") not in accepted.headers
    assert site.location.find(SITE, "ola-id")[0].reg_id is None


def test_a_phone_started_again_replaces_what_it_left() -> None:
    site = Site()
    site.accept("Contact: <sip:a1@10.0.0.5>", "Call-ID: first")
    accepted = site.accept("Contact: <sip:a2@10.0.0.5>", "Call-ID: second")
    assert site.contacts() == ["sip:a2@10.0.0.5"]
    assert Unregistered(SITE, "ola-id", "sip:a1@10.0.0.5", "replaced") in accepted.facts
    instance = ';+sip.instance="<urn:uuid:1>"'
    site.accept(f"Contact: <sip:b1@10.0.0.5>{instance}", "Call-ID: third", way=flow("ws", port=1))
    site.accept(f"Contact: <sip:b2@10.0.0.5>{instance}", "Call-ID: fourth", way=flow("ws", port=2))
    assert site.contacts() == ["sip:a2@10.0.0.5", "sip:b2@10.0.0.5"]


def test_one_more_than_the_limit_takes_the_place_of_the_least_recently_renewed() -> None:
    site = Site()
    for number in range(5):
        lines = (f"Contact: <sip:{number}@10.0.0.5>", f"Call-ID: {number}")
        site.accept(*lines, way=flow(port=number + 1), now=float(number))
    site.accept("Contact: <sip:0@10.0.0.5>", "Call-ID: 0", way=flow(port=1), now=10.0)
    accepted = site.accept("Contact: <sip:5@10.0.0.5>", "Call-ID: 5", way=flow(port=9), now=11.0)
    assert site.contacts() == [f"sip:{n}@10.0.0.5" for n in (0, 2, 3, 4, 5)]
    assert accepted.facts[1:] == (Unregistered(SITE, "ola-id", "sip:1@10.0.0.5", "replaced"),)


@pytest.mark.parametrize(
    "line",
    [
        "Contact: <sip:" + "a" * 600 + "@10.0.0.5>",
        "Contact: <sip:a\udcff@10.0.0.5>",
        'Contact: <sip:a@10.0.0.5>;+sip.instance="' + "x" * 600 + '"',
        'Contact: <sip:a@10.0.0.5>;+sip.instance="\udcfe"',
        "Contact: <sip:a@10.0.0.5",
        "Contact: ,",
    ],
)
def test_what_cannot_be_kept_is_refused(line: str) -> None:
    Site().refuse(400, line)


def test_a_strange_agent_is_kept_fit_to_be_shown() -> None:
    site = Site()
    site.accept("Contact: <sip:a@10.0.0.5>", "User-Agent: \udcff" + "x" * 500)
    agent = site.location.find(SITE, "ola-id")[0].user_agent
    agent.encode()
    assert len(agent) < 140


def test_a_quoted_instance_comes_back_quoted() -> None:
    site = Site()
    line = 'Contact: <sip:a@10.0.0.5>;+sip.instance="<urn:\\"x>";reg-id=1'
    assert listed(site.accept(line, "Supported: outbound")) == [
        '<sip:a@10.0.0.5>;expires=300;+sip.instance="<urn:\\"x>";reg-id=1'
    ]
