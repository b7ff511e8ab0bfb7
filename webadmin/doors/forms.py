"""The form of a door."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField
from wtforms.validators import NumberRange

from webadmin.forms import ChoiceField, Form, LineField, TicksField, WholeField, choices, needed, one_line

DRIVERS = [
    ("agent", "Our own controller"),
    ("panel_digit", "The panel, by its own open digit"),
    ("http", "A relay on the network (HTTP)"),
    ("mqtt", "A relay on the network (MQTT)"),
]


class DoorForm(Form):
    """A door; the compiler says what does not go together."""

    version = HiddenField()
    name = LineField("Name", [needed, one_line()], description="As people here call it: Gate, Lobby, Lift.")
    building = ChoiceField("Building")
    driver = ChoiceField("Opened by", choices=choices(DRIVERS), default="agent")
    controller = ChoiceField(
        "Controller or panel",
        description="The box that the lock's wires end in, or the panel beside the door.",
    )
    relay = LineField(
        "Output",
        [needed, one_line(32)],
        description="The relay's name at the controller, such as front; for a panel its own open digits: 0#.",
    )
    address = LineField(
        "Address on the network",
        [one_line(256)],
        description="HTTP: a URL. MQTT: a topic. {seconds} and {ms} in it become the open time.",
    )
    payload = LineField(
        "What is sent there", [one_line(256)], description="Empty with HTTP: a plain request."
    )
    open_seconds = WholeField(
        "Opens for, seconds", [NumberRange(1, 60, "Choose between 1 and 60 seconds.")], default=5
    )
    fail = ChoiceField(
        "Without power it", choices=choices([("secure", "stays locked"), ("safe", "opens")]), default="secure"
    )
    resting = ChoiceField(
        "At rest it is", choices=choices([("locked", "locked"), ("unlocked", "unlocked")]), default="locked"
    )
    escape_route = BooleanField("It is an escape route", description="People must get out this way.")
    exit_hardware = BooleanField(
        "A handle or button lets people out, wired past us",
        description="It works without power and without us.",
    )
    lockdown = ChoiceField(
        "A lockdown locks it",
        choices=choices([("", "where that is safe"), ("yes", "yes"), ("no", "no")]),
        default="",
    )
    hold = ChoiceField(
        "Held open during", description="While the schedule says so, the door stands unlocked."
    )
    contact = LineField(
        "Door contact", [one_line(64)], description="The controller's input that tells whether it is shut."
    )
    left_open_seconds = WholeField(
        "May stand open for, seconds",
        [NumberRange(5, 3600, "Choose between 5 and 3600 seconds.")],
        default=60,
        description="After that there is an alarm, where a contact is fitted.",
    )
    forced_alarm = BooleanField("Alarm when it opens though nobody opened it")
    interlock = TicksField("Opens only while these are shut", description="An air lock: never both at once.")


class NewDoorForm(DoorForm):
    """A new door, and what makes it useful at once."""

    everybody = BooleanField("Everybody of the building may open it", default=True)
    panels = TicksField("Panels that stand at it", description="A visitor's call from there can open it.")
