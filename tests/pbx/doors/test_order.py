"""Signing; what the agent makes of the papers is in tests/intercom/test_order.py."""

from __future__ import annotations

from pathlib import Path

import jwt
import pytest

from intercom import order as agent
from pbx.doors import order as pbx
from tests.support.doors import AT, RUN, open_order


def test_both_sides_name_the_same_paper() -> None:
    assert (pbx.CONTENT_TYPE, pbx.TYPE) == (agent.CONTENT_TYPE, agent.TYPE)
    assert pbx.VALID_SECONDS == agent.MAX_VALIDITY


def test_the_first_start_makes_a_key_that_others_cannot_read(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    signer = pbx.load_or_make(keys)
    private, public = keys / pbx.PRIVATE_NAME, keys / pbx.PUBLIC_NAME
    assert private.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in keys.iterdir()) == [private.name, public.name]
    addressee = agent.Addressee(agent.read_key(public.read_bytes()), "fjordgata.example", "gatekeeper", RUN)
    token = pbx.load_or_make(keys).sign(open_order(), RUN, AT)
    assert isinstance(agent.check(token, addressee, AT.timestamp()), agent.Order)
    assert signer.sign(open_order(), RUN, AT) == token  # Ed25519 is deterministic: the same key


def test_a_lost_public_key_is_written_again(tmp_path: Path) -> None:
    pbx.load_or_make(tmp_path)
    before = (tmp_path / pbx.PUBLIC_NAME).read_bytes()
    (tmp_path / pbx.PUBLIC_NAME).write_bytes(b"")
    pbx.load_or_make(tmp_path)
    assert (tmp_path / pbx.PUBLIC_NAME).read_bytes() == before


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    pbx.load_or_make(tmp_path)
    (tmp_path / pbx.PRIVATE_NAME).chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        pbx.load_or_make(tmp_path)


def test_the_claims(tmp_path: Path) -> None:
    token = pbx.load_or_make(tmp_path).sign(open_order(seconds=2.5), RUN, AT)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims == {
        "iss": "fjordgata.example",
        "aud": "gatekeeper",
        "door": "gate",
        "relay": "gate",
        "action": "open",
        "ms": 2500,
        "jti": "order-0001",
        "iat": AT.timestamp(),
        "exp": AT.timestamp() + 10,
        "run": RUN,
    }
