"""The site a bench publishes: many telephones, and panels with a door each; their button rings three."""

from __future__ import annotations

from pathlib import Path

SITE = "bench.example"
PANELS = 20
DOORS = 20
RINGERS = 3


def phone(number: int) -> str:
    """The n-th telephone: device, user name and address of record."""
    return f"phone{number}"


def panel(number: int) -> str:
    """The n-th panel."""
    return f"panel{number}"


CONTROLLER = "controller"
BUTTON = "everybody"
RESIDENTS = tuple(f"resident{number}" for number in range(RINGERS))


def write(file: Path, phones: int) -> Path:
    """A site file with so many telephones beside the panels."""
    lines = [
        '[organisation]\nid = "bench"\nname = "Bench"\n',
        f'[site]\ndomain = "{SITE}"\nname = "Bench"\nkind = "commercial"\n',
        '[buildings.tower]\nname = "Tower"\n',
        '[units.all]\nname = "All"\nbuilding = "tower"\n',
        f'[controllers.{CONTROLLER}]\nbuilding = "tower"\n',
        "[people]",
        *(f'{name} = {{ name = "{name}", unit = "all" }}' for name in RESIDENTS),
        "\n[devices]",
        *(f'{name}-phone = {{ kind = "phone", person = "{name}" }}' for name in RESIDENTS),
        *(f'{phone(number)} = {{ kind = "phone", unit = "all" }}' for number in range(phones)),
    ]
    for number in range(DOORS):
        lines.append(
            f'\n[doors.door{number}]\nname = "Door {number}"\nbuilding = "tower"\n'
            f'controller = "{CONTROLLER}"\nrelay = "r{number}"\nopen_seconds = 1\n'
        )
    for number in range(PANELS):
        lines.append(f'\n[panels.{panel(number)}]\nbuilding = "tower"\ndoors = ["door{number % DOORS}"]\n')
    members = ", ".join(f'{{ person = "{name}" }}' for name in RESIDENTS)
    lines.append(
        f'\n[groups.all]\nname = "All"\nmembers = [{members}]\n\n'
        f'[buttons.{BUTTON}]\ngroup = "all"\nlabel = "All"\nnumber = "1"\n'
    )
    doors = ", ".join(f'"door{number}"' for number in range(DOORS))
    lines.append(f'\n[rules.all]\ndoors = [{doors}]\nbuildings = ["tower"]\n')
    file.write_text("\n".join(lines))
    return file
