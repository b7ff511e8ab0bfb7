"""Norwegian texts of the guided set-up."""

from __future__ import annotations

WORDS = {
    "Set up a house": "Sett opp et hus",
    "Set up the first house: six short steps, and at the end a phone rings.": (
        "Sett opp det første huset: seks korte steg, og til slutt ringer en telefon."
    ),
    "Steps": "Steg",
    "done": "ferdig",
    "The house": "Huset",
    "Test ring": "Prøveringing",
    "Go on": "Gå videre",
    "Skip: this is done": "Hopp over: dette er ferdig",
    "Six short steps, about ten minutes. At the end a phone rings. You can stop and come back at any time.": (
        "Seks korte steg, omtrent ti minutter. Til slutt ringer en telefon. "
        "Du kan stoppe og komme tilbake når som helst."
    ),
    "Which flats or offices are in the house? You can add more later.": (
        "Hvilke leiligheter eller kontorer er i huset? Du kan legge til flere senere."
    ),
    "Write who lives where; commas between the names. Empty fields are skipped.": (
        "Skriv hvem som bor hvor, med komma mellom navnene. Tomme felt hoppes over."
    ),
    "What a visitor stands in front of. It shows a button for everybody you just wrote.": (
        "Det en besøkende står foran. Den viser en ringeknapp for alle du nettopp skrev."
    ),
    "The door that the panel stands at. Whoever answers opens it with 5.": (
        "Døra som porttelefonen står ved. Den som svarer, åpner den med 5."
    ),
    "Name of the house": "Navn på huset",
    "As people say it, such as Fjordgata 12.": "Slik folk sier det, for eksempel Fjordgata 12.",
    "What is it?": "Hva er det?",
    "Homes: nothing is kept about visits": "Boliger: ingenting lagres om besøk",
    "Offices or shops: visits are kept for a limited time": (
        "Kontorer eller butikker: besøk lagres i en begrenset tid"
    ),
    "This cannot be changed later.": "Dette kan ikke endres senere.",
    "Own domain name": "Eget domenenavn",
    "Leave this empty if you do not know what it is. It cannot be changed later.": (
        "La feltet stå tomt hvis du ikke vet hva det er. Det kan ikke endres senere."
    ),
    "Write small letters, digits and dots, such as fjordgata12.home.arpa.": (
        "Skriv små bokstaver, sifre og punktum, for eksempel fjordgata12.home.arpa."
    ),
    "There is a house by that domain name. Choose another.": "Et hus har det domenenavnet. Velg et annet.",
    "Flats or offices": "Leiligheter eller kontorer",
    "One a line, as it says on the door: H0101, H0102 ...": (
        "Én per linje, slik det står på døra: H0101, H0102 ..."
    ),
    "Write 1 to 500 names, one a line, each of at most 60 letters.": (
        "Skriv 1 til 500 navn, ett per linje, hvert på høyst 60 bokstaver."
    ),
    "You can give each person more and other things later.": "Du kan gi hver person mer og annet senere.",
    "Write at least one name, in any unit.": "Skriv minst ett navn, i en av enhetene.",
    "Name of the panel": "Navn på porttelefonen",
    "Where it hangs: Main entrance.": "Der den henger: Hovedinngangen.",
    "Name of the door": "Navn på døra",
    "What opens it?": "Hva åpner den?",
    "A controller of ours, with a relay": "En styreenhet fra oss, med relé",
    "The panel itself, by its own digits": "Porttelefonen selv, med egne sifre",
    "The panel's own digits": "Porttelefonens egne sifre",
    "Only if the panel opens it: such as 5 or 0#.": "Bare hvis porttelefonen åpner: for eksempel 5 eller 0#.",
    "Seconds it stays open": "Sekunder den står åpen",
    "Write a whole number from 1 to 60.": "Skriv et helt tall fra 1 til 60.",
    "People get out this way in a fire": "Folk kommer seg ut her ved brann",
    "A handle or button inside opens it without us": "En vrider eller knapp innenfor åpner den uten oss",
    "Controller of {0}": "Styring av {0}",
    "Try it": "Prøv",
    "Show a log-in": "Vis en innlogging",
    "Ring {0}": "Ring {0}",
    "Done: to the overview": "Ferdig: til oversikten",
    "Let a phone log in, then ring it. It rings as if somebody stood at the panel.": (
        "La en telefon logge inn, og ring den. Den ringer som om noen sto ved porttelefonen."
    ),
    "{0} units are there.": "{0} enheter er på plass.",
    "The people are in.": "Personene er på plass.",
    "There is no panel yet. Go one step back.": "Det er ingen porttelefon ennå. Gå ett steg tilbake.",
    "The door server does not answer. Is it running? Nothing rang.": (
        "Dørserveren svarer ikke. Er den i gang? Ingenting ringte."
    ),
    "It rings now. Answer: you are connected with the panel.": (
        "Det ringer nå. Svar: da er du koblet til porttelefonen."
    ),
    "This device has not logged in yet. Show its log-in, enter it there, then ring again.": (
        "Denne har ikke logget inn ennå. Vis innloggingen, skriv den inn der, og ring igjen."
    ),
    "It could not be rung. Try again in a moment; if it stays so, look at Live.": (
        "Den kunne ikke ringes. Prøv igjen om litt; varer det ved, se på Direkte."
    ),
}
