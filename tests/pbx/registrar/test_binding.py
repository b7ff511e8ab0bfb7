"""Bindings as values for the store and back."""

from __future__ import annotations

from pbx.registrar.binding import Binding, Offer, key_of, restored, stored
from tests.pbx.auth.world import SITE, flow


def made() -> Binding:
    offer = Offer("sip:a@10.0.0.5", 300, "<urn:uuid:1>", 2, "0.5")
    binding = Binding(SITE, "ola-id", offer, flow())
    binding.aor, binding.call_id, binding.cseq = "ola", "call", 7
    binding.path, binding.user_agent, binding.expires_at = ("<sip:edge;lr>",), "Phone/1", 400.0
    return binding


def test_there_and_back() -> None:
    value = stored(made(), 100.0)
    assert (value.seconds, value.local, value.remote) == (300.0, ("192.0.2.1", 5060), ("192.0.2.77", 5060))
    back = restored(value, flow(), 1000.0)
    assert back.expires_at == 1300.0
    assert stored(back, 1000.0) == value
    assert back.stored


def test_keys() -> None:
    assert key_of("sip:a@b", "i", None) == "sip:a@b"
    assert key_of("sip:a@b", "i", 1) == key_of("sip:c@d", "i", 1) != key_of("sip:a@b", "i", 2)
    assert made().key == "<urn:uuid:1> 2"


def test_it_shows_itself() -> None:
    binding = made()
    binding.alive = False
    assert "ola-id@fjordgata.example" in repr(binding)
    assert "gone" in repr(binding)
