"""Forms about accounts."""

from __future__ import annotations

from wtforms import PasswordField, SelectField

from webadmin.auth.forms import PasswordForm
from webadmin.forms import Form, LineField, email, needed, one_line


class InviteForm(Form):
    """Somebody new. `where`: "system", "organisation-ID" or "building-ID"."""

    name = LineField("Name", [needed, one_line()])
    email = LineField("E-mail", [needed, email], render_kw={"inputmode": "email", "autocomplete": "off"})
    where = SelectField(
        "May run", description="Everything inside it: people, dial groups, doors.", validate_choice=True
    )


class OwnPasswordForm(Form):
    """A new password for oneself."""

    account_email = ""
    old = PasswordField("Password now", [needed], render_kw={"autocomplete": "current-password"})
    password = PasswordForm.password
    validate_password = PasswordForm.validate_password
