"""`python -m tests.support.pairing_code SITE DEVICE`: prints a code that makes a browser that device."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from sqlalchemy import select

from webadmin.app import create_app
from webadmin.db import writing
from webadmin.models import Device, Site
from webadmin.pairing.service import make_code


def main() -> None:
    """Make it in the database of the settings."""
    domain, ref = sys.argv[1:3]
    with create_app().app_context(), writing() as session:
        query = select(Device).join(Site, Site.id == Device.site_id)
        device = session.scalars(query.where(Site.domain == domain, Device.ref == ref)).one()
        code = make_code(session, device, "tests", datetime.now(UTC))
    sys.stdout.write(f"{code}\n")


if __name__ == "__main__":
    main()
