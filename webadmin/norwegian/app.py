"""Norwegian texts of what the resident app's API answers, and of pairing."""

from __future__ import annotations

WORDS = {
    "There is nothing of yours by that name.": "Det finnes ikke noe av ditt med det navnet.",
    "This value is not right. Nothing was changed.": "Denne verdien er ikke riktig. Ingenting ble endret.",
    "A station belongs to a flat, and you have none here.": (
        "Et svarapparat hører til en leilighet, og du har ingen her."
    ),
    "You have too many devices. Remove one you no longer use.": (
        "Du har for mange enheter. Fjern en du ikke bruker lenger."
    ),
    "That would not work: {0}": "Det ville ikke virke: {0}",
    "The admin of this house sees to the buttons. You can hide yours.": (
        "Administrator for huset tar seg av ringeknappene. Du kan skjule din."
    ),
    "Only your household and your own devices can ring here.": (
        "Bare husstanden din og dine egne enheter kan ringe her."
    ),
    "Somebody is in the order twice.": "Noen står to ganger i rekkefølgen.",
}
