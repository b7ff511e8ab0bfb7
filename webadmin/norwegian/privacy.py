"""Norwegian texts about privacy."""

from __future__ import annotations

WORDS = {
    "Privacy": "Personvern",
    "What {0} keeps about people and visits, for how long, and who sees it.": (
        "Hva {0} lagrer om folk og besøk, hvor lenge, og hvem som ser det."
    ),
    "Visits": "Besøk",
    "These are homes. Nothing is kept about visits.": "Dette er boliger. Ingenting lagres om besøk.",
    "No list of who rang whom, who answered or when a door was opened: not in the database, not in a log, "
    "not for operators.": (
        "Ingen liste over hvem som ringte hvem, hvem som svarte eller når en dør ble åpnet: ikke "
        "i databasen, "
        "ikke i en logg, ikke for operatører."
    ),
    "Why a phone did not ring is kept in memory for a day, for its owner only, without answer and opening.": (
        "Hvorfor en telefon ikke ringte, huskes i ett døgn, bare for eieren, uten svar og åpning."
    ),
    "No picture or sound outside a call, and nothing answers by itself.": (
        "Verken bilde eller lyd utenom en samtale, og ingenting svarer av seg selv."
    ),
    "Passes count down without a time.": "Gjestepass telles ned uten tidspunkt.",
    "These are offices or shops. Visits are kept for {0} days, then deleted by themselves.": (
        "Dette er kontorer eller butikker. Besøk lagres i {0} dager og slettes så av seg selv."
    ),
    "Kept: when, at which panel, which button, whether somebody answered, and which doors opened.": (
        "Lagres: når, ved hvilken porttelefon, hvilken knapp, om noen svarte, og hvilke dører som åpnet."
    ),
    "Only admins of the organisation read the log, and that they read it is written down.": (
        "Bare organisasjonens administratorer leser loggen, og at de leste den, blir skrevet ned."
    ),
    "The log of visits": "Besøksloggen",
    "Which of the two it is, was chosen when the site was made and cannot be changed.": (
        "Hva av de to det er, ble valgt da anlegget ble laget, og kan ikke endres."
    ),
    "Name, what visitors see instead, unit, short number, telephone, what rings, own button, groups and "
    "rights. Log-ins are kept as hashes only.": (
        "Navn, det besøkende ser i stedet, enhet, kortnummer, telefon, det som ringer, egen "
        "knapp, grupper og "
        "rettigheter. Innlogginger lagres bare som hasher."
    ),
    "Who moves out is gone from the panels at once. To take out everything about somebody, or to erase it "
    "from the history too, open the person.": (
        "Den som flytter ut, er borte fra porttelefonene med en gang. Vil du ta ut alt om noen, eller slette "
        "det fra historikken også, åpne personen."
    ),
    "Admins": "Administratorer",
    "Accounts with name and e-mail address, where they are logged in, and what they changed. That list "
    "cannot be altered by anybody.": (
        "Kontoer med navn og e-postadresse, hvor de er logget inn, og hva de endret. Den lista "
        "kan ingen endre."
    ),
    "Notice for the entrance": "Oppslag ved inngangen",
    "This panel has a camera. It sends picture and sound only to the person you ring, only while you ring or "
    "talk. Nothing is recorded. Responsible: {0}.": (
        "Denne porttelefonen har kamera. Den sender bilde og lyd bare til den du ringer, og bare "
        "mens du ringer "
        "eller snakker. Ingenting tas opp. Ansvarlig: {0}."
    ),
    "There is none": "Det finnes ingen",
    "Nobody has rung in the last days.": "Ingen har ringt de siste dagene.",
    "Kept for 14 days. That you read this is written down.": (
        "Lagres i 14 dager. At du leser dette, blir skrevet ned."
    ),
    "Answered by": "Svart av",
    "nobody": "ingen",
    "Erase {0}": "Slett {0}",
    "The person moves out, log-ins end, and name, devices and button are taken from the history too. "
    "This cannot be undone.": (
        "Personen flytter ut, innlogginger tar slutt, og navn, det som ringer og knappen tas ut "
        "av historikken "
        "også. Dette kan ikke angres."
    ),
    "The list of what admins changed stays as it is: it may name the person, and it is needed to see "
    "misuse.": (
        "Lista over hva administratorer endret, står som den er: den kan nevne personen, og trengs for å se "
        "misbruk."
    ),
    "Erase for good": "Slett for godt",
    "Take out everything kept about {0}": "Ta ut alt som er lagret om {0}",
    "Nothing is kept about this person any more.": "Ingenting er lagret om denne personen lenger.",
    "A person was erased.": "En person ble slettet.",
    "read the log of visits": "leste besøksloggen",
    "took out a person's data": "tok ut en persons data",
    "erased a person": "slettet en person",
    "made a site": "laget et anlegg",
}
