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
    "Pair a device": "Koble til et apparat",
    "Pair {0}": "Koble til {0}",
    "Type this code on the device within {0} minutes. It works once.": (
        "Tast denne koden på enheten innen {0} minutter. Den virker én gang."
    ),
    "QR code for pairing": "QR-kode for tilkobling",
    "Open on the device": "Åpne på apparatet",
    "A code makes a tablet, a browser or a small computer this device. What was paired before is out as soon "
    "as the code is used.": (
        "En kode gjør et nettbrett, en nettleser eller en liten datamaskin til denne enheten. "
        "Det som var koblet til før, er ute så snart koden er brukt."
    ),
    "Paired last on {0}.": "Sist koblet til {0}.",
    "Make a code": "Lag en kode",
    "The door server has made no key yet. Start it once; the code is still good.": (
        "Dørtjeneren har ingen nøkkel ennå. Start den én gang; koden gjelder fortsatt."
    ),
    "That code does not work. It is good for ten minutes, and once. Ask for a new one.": (
        "Koden virker ikke. Den gjelder i ti minutter, og én gang. Be om en ny."
    ),
    "made a pairing code": "lagde en tilkoblingskode",
    "paired": "koblet til",
    "revoked a device": "trakk tilbake et apparat",
    "This browser's push service is not one we send to. Choose another browser, or ask the admin.": (
        "Vi sender ikke til varslingstjenesten i denne nettleseren. Velg en annen, eller spør administrator."
    ),
    "The admin of this house sees to passes. Ask there.": (
        "Administrator for huset tar seg av gjestepass. Spør der."
    ),
    "A pass lasts {0} days at most in this house.": "Et gjestepass varer høyst {0} dager i dette huset.",
    "That password is not right.": "Passordet er ikke riktig.",
    "erased an account": "slettet en konto",
    "The door server did not answer just now. Try again in a minute.": (
        "Dørserveren svarte ikke akkurat nå. Prøv igjen om et minutt."
    ),
    "There is a second factor already. An admin can take it away.": (
        "Det finnes allerede en ekstra sikring. Administrator kan ta den bort."
    ),
}
