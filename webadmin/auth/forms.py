"""Forms of the way in."""

from __future__ import annotations

from wtforms import Field, PasswordField, ValidationError

from webadmin.auth import passwords
from webadmin.forms import LineField, OpenForm, email, needed, one_line


class SignInForm(OpenForm):
    """Who are you?"""

    email = LineField("E-mail", [needed], render_kw={"autocomplete": "username", "inputmode": "email"})
    password = PasswordField("Password", [needed], render_kw={"autocomplete": "current-password"})


class CodeForm(OpenForm):
    """The second factor."""

    code = LineField("Code", [needed], render_kw={"autocomplete": "one-time-code", "inputmode": "text"})


class PasswordForm(OpenForm):
    """A new password. `account_email`: whose it will be."""

    account_email = ""
    password = PasswordField(
        "New password",
        [needed],
        description="At least 12 characters. A sentence is easier to remember than a word.",
        render_kw={"autocomplete": "new-password"},
    )

    def validate_password(self, field: Field) -> None:
        """Good enough?"""
        fault = passwords.fault(field.data or "", self.account_email)
        if fault:
            raise ValidationError(fault)


class FirstAccountForm(PasswordForm):
    """The system owner's account."""

    name = LineField("Your name", [needed, one_line()], render_kw={"autocomplete": "name"})
    email = LineField("E-mail", [needed, email], render_kw={"autocomplete": "username", "inputmode": "email"})


class ForgotForm(OpenForm):
    """Where to send the link."""

    email = LineField("E-mail", [needed, email], render_kw={"autocomplete": "username", "inputmode": "email"})
