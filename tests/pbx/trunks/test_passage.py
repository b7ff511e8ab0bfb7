"""What stands for a telephone where a leg names its device."""

from __future__ import annotations

from pbx.trunks.passage import Passage, device_of, number_in


def test_there_and_back() -> None:
    assert number_in(device_of("+4722334455")) == "+4722334455"
    assert number_in("kari-phone") is None
    passage = Passage("a", "kari", "+4722334455", None, None, 0, "", iter(()))
    assert passage.device == "tel:+4722334455"
