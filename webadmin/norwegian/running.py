"""Norwegian texts of the rooms about running a house: delegation, set-up, live, alarms, settings, privacy."""

from __future__ import annotations

WORDS = {
    "Unit owners": "Seksjonseiere",
    "What unit owners may do": "Hva seksjonseiere kan gjøre",
    "You decide how far unit owners look after themselves. Whatever they may not do, they ask you for.": (
        "Du bestemmer hvor mye seksjonseiere ordner selv. Resten spør de deg om."
    ),
    "Guests": "Gjester",
    "up to {0} in a unit": "inntil {0} i en enhet",
    "up to {0}, {1} days": "inntil {0}, {1} dager",
    "Unit owners here may:": "Seksjonseiere her kan:",
    "Move their own people in and out": "Flytte egne folk inn og ut",
    "With devices and invitations to the app.": "Med det som ringer, og invitasjoner til appen.",
    "People in a unit at most": "Høyst så mange i en enhet",
    "Set up their own buttons": "Stille inn egne ringeknapper",
    "What a button says, whether it shows, who rings first.": (
        "Hva knappen sier, om den vises, hvem som ringes først."
    ),
    "Let guests and craftsmen in": "Slippe inn gjester og håndverkere",
    "By passes that end by themselves.": "Med gjestepass som går ut av seg selv.",
    "Passes of a unit at the same time": "Gjestepass per enhet samtidig",
    "Days a pass lasts at most": "Dager et gjestepass varer på det meste",
    "Your building's admin looks after who lives here. Ask there. Nothing was changed.": (
        "Bygningens administrator holder oversikt over hvem som bor her. Spør der. Ingenting ble endret."
    ),
    "Your unit has as many people as its admin allows. Ask there for more. Nothing was changed.": (
        "Enheten har så mange personer som administratoren tillater. Spør der om flere. Ingenting ble endret."
    ),
    "App": "App",
    "Let into the app": "Slipp inn i appen",
    "Looks after the unit": "Ordner for enheten",
    "May do what you leave to unit owners.": "Kan gjøre det du overlater til seksjonseiere.",
    "unit owner": "seksjonseier",
    "resident": "beboer",
    "Take the log-in away": "Ta bort innloggingen",
    "Nobody logs in as {0} yet.": "Ingen logger inn som {0} ennå.",
    "{0} can no longer log in as {1}.": "{0} kan ikke lenger logge inn som {1}.",
    "To the person": "Til personen",
    "set what unit owners may do": "bestemte hva seksjonseiere kan gjøre",
}
