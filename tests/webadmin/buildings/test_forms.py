"""The forms leave out what is fixed when a site is made."""

from __future__ import annotations

from webadmin.buildings.forms import SiteForm


def test_domain_and_privacy_cannot_be_sent() -> None:
    assert not {"domain", "kind", "organisation"} & set(vars(SiteForm))
