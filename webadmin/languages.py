"""The words of the pages in both languages, and times as people write them there.

A phrase is looked up by its English text, which is also what shows where a translation is missing.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Request

from webadmin.norwegian import (
    app,
    guests,
    house,
    privacy,
    prompts,
    rooms,
    running,
    service_mode,
    setup,
    telephones,
    way_in,
)

LANGUAGES = {"nb": "Norsk", "en": "English"}
COOKIE = "doorline_language"

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

NORWEGIAN = {
    "Overview": "Oversikt",
    "Language": "Språk",
    "Sign out": "Logg ut",
    "Skip to content": "Hopp til innholdet",
    "Menu": "Meny",
    "Who lives here": "Hvem bor her",
    "What rings": "Hva ringer",
    "What opens": "Hva åpner",
    "What happens": "Hva skjer",
    "Administration": "Administrasjon",
    "Everything is as it should be.": "Alt er som det skal være.",
    "Something needs a look.": "Noe trenger et blikk.",
    "Sites": "Anlegg",
    "Residential": "Bolig",
    "Commercial": "Næring",
    "Nothing is kept about visits.": "Ingenting lagres om besøk.",
    "Visits are kept for a limited time.": "Besøk lagres i en begrenset tid.",
    "People": "Personer",
    "Panels": "Porttelefoner",
    "Doors": "Dører",
    "Running revision": "Aktiv versjon",
    "Published": "Publisert",
    "revision {0}": "versjon {0}",
    "Up to date": "Oppdatert",
    "On its way": "På vei",
    "Revision {0} is published and will run in a moment.": (
        "Versjon {0} er publisert og tas i bruk om et øyeblikk."
    ),
    "not known just now": "ukjent akkurat nå",
    "The door server did not answer just now, so we cannot see what is running.": (
        "Dørserveren svarte ikke akkurat nå, så vi ser ikke hva som er aktivt."
    ),
    "Load this page again in a minute. If it stays so, doors may not ring: tell whoever runs the machine.": (
        "Last siden på nytt om et minutt. Varer det ved, kan det hende at det ikke ringer: "
        "si fra til den som drifter maskinen."
    ),
    "Not published yet": "Ikke publisert ennå",
    "No sites yet": "Ingen anlegg ennå",
    "A site is a house or an office with its doors. Describe it in a site file and publish it:": (
        "Et anlegg er et hus eller et kontor med dørene sine. Beskriv det i en anleggsfil og publiser den:"
    ),
    "Log in": "Logg inn",
    "You are not logged in": "Du er ikke logget inn",
    "The way in is a link that works once. Make one on the machine that runs Doorline:": (
        "Veien inn er en lenke som virker én gang. Lag den på maskinen som kjører Doorline:"
    ),
    "This link works once. It opens WebAdmin in this browser for {0} hours.": (
        "Denne lenken virker én gang. Den åpner WebAdmin i denne nettleseren i {0} timer."
    ),
    "Go in": "Gå inn",
    "This link does not work any more": "Denne lenken virker ikke lenger",
    "It was used, or it is too old. Make a new one on the machine that runs Doorline:": (
        "Den er brukt, eller den er for gammel. Lag en ny på maskinen som kjører Doorline:"
    ),
    "You are signed out": "Du er logget ut",
    "There is no such page": "Siden finnes ikke",
    "It may have moved. Nothing was changed.": "Den kan ha flyttet. Ingenting ble endret.",
    "To the overview": "Til oversikten",
    "The database is busy or away": "Databasen er opptatt eller borte",
    "Nothing was saved and nothing is lost. Try again in a minute.": (
        "Ingenting ble lagret, og ingenting er tapt. Prøv igjen om et minutt."
    ),
    "That did not work": "Det gikk ikke",
    "The request was not understood. Nothing was changed. Go back and try again.": (
        "Forespørselen ble ikke forstått. Ingenting ble endret. Gå tilbake og prøv igjen."
    ),
    "Something went wrong here": "Noe gikk galt hos oss",
    "It is in the log. Nothing was changed.": "Det står i loggen. Ingenting ble endret.",
}


for _words in (
    *(way_in.WORDS, rooms.WORDS, house.WORDS, guests.WORDS),
    *(service_mode.WORDS, running.WORDS, setup.WORDS, app.WORDS, privacy.WORDS, prompts.WORDS),
    telephones.WORDS,
):
    NORWEGIAN.update(_words)


def choose(request: Request) -> str:
    """The language of a request: as chosen before, else as the browser asks, else Norwegian."""
    for tag in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if tag in LANGUAGES:
            return str(tag)
    wanted = request.accept_languages.best_match(["nb", "no", "nn", "en"], default="nb")
    return "en" if wanted == "en" else "nb"


def query_in(request: Request, tag: str) -> str:
    """The query for the same page, with the choices of its lists, in a language: `?q=...&lang=nb`."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"?{urlencode([*asked, ('lang', tag)])}"


def translate(language: str, phrase: str, *values: object) -> str:
    """The phrase in this language, with `values` in its places."""
    text = NORWEGIAN.get(phrase, phrase) if language == "nb" and phrase else phrase
    return text.format(*values) if values else text


def moment(language: str, at: datetime, time_zone: str) -> str:
    """A moment as people write it, in the zone of the building: 22.11.2026 15:04, 22 Nov 2026 15:04."""
    try:
        local = at.astimezone(ZoneInfo(time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        local = at
    if language == "nb":
        return f"{local:%d.%m.%Y %H:%M}"
    return f"{local.day} {_MONTHS[local.month - 1]} {local:%Y %H:%M}"
