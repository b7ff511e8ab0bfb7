"""The forms of a trunk, and of what a site may do on trunks."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField

from webadmin.forms import ChoiceField, Form, LineField, TicksField, WholeField, choices, needed, one_line
from webadmin.trunks.service import TrunkDraft

KINDS = [("registering", "We log in at the carrier"), ("peered", "The carrier knows our address")]
TRANSPORTS = [("udp", "UDP"), ("tcp", "TCP"), ("tls", "TLS"), ("auto", "As its DNS says")]
FORMATS = [("plus", "+4722334455"), ("digits", "4722334455"), ("national", "22334455 at home, 00 abroad")]
NUMBER_KINDS = [
    *(("fixed", "Fixed lines"), ("mobile", "Mobile telephones"), ("voip", "Internet telephones")),
    *(("toll_free", "Free numbers"), ("shared_cost", "Shared cost"), ("premium", "Premium rate")),
    ("special", "Other special numbers"),
]
_MONEY = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")


class NumberField(WholeField):
    """A whole number of anything."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the value."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write a whole number, such as 20.") from None


class TrunkForm(Form):
    """A trunk. The password is never shown; an empty field keeps the one there is."""

    version = HiddenField()
    name = LineField("Name", [needed, one_line()], description="Such as the carrier's name.")
    enabled = BooleanField("In use", default=True)
    kind = ChoiceField("How we are known", choices=choices(KINDS), default="registering")
    host = LineField("Server", [needed, one_line(253)], description="Such as sip.example.com.")
    port = NumberField("Port", default=0, description="0: as its DNS says, or the usual one.")
    transport = ChoiceField("Transport", choices=choices(TRANSPORTS), default="udp")
    srtp = BooleanField("Encrypt sound (SRTP, needs TLS)")
    username = LineField("User name", [one_line(120)])
    password = PasswordField(
        "Password",
        [one_line(200)],
        description="Sealed when saved and never shown again. Empty: the one there is stays.",
        render_kw={"autocomplete": "new-password"},
    )
    forget = BooleanField(
        "Take the password away", description="Only for a trunk that the carrier knows by its address."
    )
    realm = LineField("Realm", [one_line(253)], description="Empty: the server's name.")
    from_domain = LineField("Domain in From", [one_line(253)], description="Empty: the server's name.")
    addresses = LineField(
        "Addresses that the carrier calls from",
        [one_line(4000)],
        description="Such as 192.0.2.0/28, with commas between.",
    )
    listen_port = NumberField("Port that we listen on", default=0, description="By address only. 0: any.")
    number_format = ChoiceField("How numbers are written", choices=choices(FORMATS), default="plus")
    caller_id = LineField("Number shown", [one_line(32)], description="Where a site shows none of its own.")
    expires = NumberField("Log in again after (seconds)", default=300)
    options_seconds = NumberField("Ask whether it is there every (seconds)", default=30)

    def draft(self, ref: str) -> TrunkDraft:
        """The trunk as it is wished for."""
        values: dict[str, Any] = {
            name: self[name].data for name in TrunkDraft.__dataclass_fields__ if name in self
        }
        values["password"] = self.password.data or ("" if self.forget.data else None)
        values["addresses"] = tuple(self.text("addresses").replace(",", " ").split())
        return TrunkDraft(ref, **values)


class LimitsForm(Form):
    """What a site may do on trunks."""

    version = HiddenField()
    calls = NumberField("Calls at once", description="0: no call goes outside.")
    calls_per_person = NumberField("Calls at once for each person")
    calls_per_hour = NumberField("Calls an hour for each person")
    minutes_per_day = NumberField("Minutes a day", description="0: no call goes outside.")
    money_per_day = LineField("Money a day", description="Such as 200 or 49,50. 0: no call goes outside.")
    countries = LineField(
        "Countries", [one_line(1000)], description="Two letters each, with commas between: NO, SE, DK."
    )
    region = LineField("Country of numbers without +", [needed, one_line(2)], description="Such as NO.")
    kinds = TicksField("Kinds of numbers", choices=choices(NUMBER_KINDS))
    caller_id = LineField("Number shown", [one_line(32)], description="Like +4722334455.")
    trunks = TicksField("Only these trunks", description="None ticked: all, in the order of the server.")
    emergency = ChoiceField(
        "Emergency numbers go to", description="Panels never call them. Refused: the caller is told so."
    )
    dial_out = BooleanField("Residents' telephones may call numbers outside themselves")
    call_in = ChoiceField(
        "Telephones outside may call in and open",
        description="The doors of this panel, with the PIN of a pass their owner gave.",
    )


def listed_words(text: str) -> tuple[str, ...]:
    """Words with commas or spaces between."""
    return tuple(text.replace(",", " ").split())


def hundredths(text: str) -> int | None:
    """An amount such as "49,50" in hundredths; None for what is none."""
    found = _MONEY.fullmatch(text.strip())
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None


def amount(value: int) -> str:
    """Hundredths as people write them."""
    return f"{value // 100},{value % 100:02}" if value % 100 else str(value // 100)
