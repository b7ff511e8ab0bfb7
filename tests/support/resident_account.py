"""`python -m tests.support.resident_account SITE PERSON EMAIL [ROLE]`: account with the tests' password."""

from __future__ import annotations

import sys

from tests.webadmin.residents import make_resident
from webadmin.app import create_app


def main() -> None:
    """Make it in the database of the settings."""
    site, person, email, *role = sys.argv[1:]
    with create_app().app_context():
        make_resident(email, person, site, *role)


if __name__ == "__main__":
    main()
