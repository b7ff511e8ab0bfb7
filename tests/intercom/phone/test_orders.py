from __future__ import annotations

import json

from intercom.phone.description import Terms
from intercom.phone.orders import read, written


def test_terms_survive_the_way() -> None:
    plain = Terms("opus", 96, 48000, "192.0.2.9", 5000, 5001, True, True)
    keys = ("AEAD_AES_128_GCM", b"\0\1", b"\xff")
    sealed = Terms("h264", 98, 90000, "192.0.2.9", 5002, 5003, True, False, *keys, ((98, "h264", 90000),))
    terms = {"audio": plain, "video": sealed}
    assert read(json.loads(json.dumps(written(terms)))) == terms
