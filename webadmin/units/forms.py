"""The form of a unit."""

from __future__ import annotations

from wtforms import HiddenField, SelectField

from webadmin.forms import Form, LineField, needed, one_line


class UnitForm(Form):
    """A flat or an office."""

    version = HiddenField()
    name = LineField(
        "Name", [needed, one_line()], description="As people here call it: H0201, 2nd floor left."
    )
    building = SelectField("Building")
