"""The same token as the PBX makes: tests/pbx/auth/test_bearer.py holds the two together."""

from __future__ import annotations

from webadmin.models import Credential
from webadmin.resident.bearer import token_of


def test_a_token_only_of_who_may_log_in() -> None:
    row = Credential(site="a.example", device="d", ha1="0" * 32, state="active")
    site, device, proof = token_of(row).split(";")
    assert (site, device, len(proof)) == ("a.example", "d", 64)
    row.ha1 = ""
    assert token_of(row) == ""
