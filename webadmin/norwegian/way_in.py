"""Norwegian texts of the way in and of accounts."""

from __future__ import annotations

WORDS = {
    "Your account": "Din konto",
    "You will own this system: you see every site and let others in. A second factor comes next.": (
        "Du blir eier av systemet: du ser alle anlegg og slipper andre inn. Deretter kommer et ekstra trinn."
    ),
    "Your name": "Navnet ditt",
    "Name": "Navn",
    "E-mail": "E-post",
    "Password": "Passord",
    "New password": "Nytt passord",
    "Password now": "Passordet nå",
    "At least 12 characters. A sentence is easier to remember than a word.": (
        "Minst 12 tegn. En setning er lettere å huske enn et ord."
    ),
    "Use at least 12 characters. A sentence is easier to remember than a word.": (
        "Bruk minst 12 tegn. En setning er lettere å huske enn et ord."
    ),
    "Use at most 200 characters.": "Bruk høyst 200 tegn.",
    "That password is too easy to guess. Try a sentence of your own.": (
        "Det passordet er for lett å gjette. Prøv en egen setning."
    ),
    "Go on": "Gå videre",
    "Forgotten password?": "Glemt passord?",
    "Forgotten password": "Glemt passord",
    "Second step": "Ekstra trinn",
    "Set up the second step": "Sett opp ekstra trinn",
    "Set up a new phone": "Sett opp ny telefon",
    "Code": "Kode",
    "Write the six digits that your authenticator app shows, or one of your recovery codes.": (
        "Skriv de seks sifrene som kodeappen viser, eller en av reservekodene dine."
    ),
    "New phone? Use a recovery code, or ask another admin to take your second factor away.": (
        "Ny telefon? Bruk en reservekode, eller be en annen administrator fjerne det ekstra trinnet ditt."
    ),
    "A password alone can be stolen. Scan this with an authenticator app, then write the six digits it "
    "shows.": (
        "Et passord alene kan stjeles. Skann dette med en kodeapp, og skriv de seks sifrene den viser."
    ),
    "QR code for the authenticator app": "QR-kode til kodeappen",
    "No camera? Type this key into the app:": "Uten kamera? Skriv denne nøkkelen i appen:",
    "Recovery codes": "Reservekoder",
    "Keep these where you keep papers. Each lets you in once if your phone is lost. They are shown this "
    "once.": (
        "Legg disse der du har papirene dine. Hver kode slipper deg inn én gang om telefonen er borte. "
        "De vises bare nå."
    ),
    "I have kept them": "Jeg har tatt vare på dem",
    "That code is not right. It changes every 30 seconds.": (
        "Koden stemmer ikke. Den byttes hvert 30. sekund."
    ),
    "The e-mail address or the password is not right.": "E-postadressen eller passordet stemmer ikke.",
    "Too many tries. Wait a quarter of an hour, then try again.": (
        "For mange forsøk. Vent et kvarter og prøv igjen."
    ),
    "If there is an account with this address, a link is on its way. It works for an hour.": (
        "Finnes det en konto med denne adressen, er en lenke på vei. Den virker i en time."
    ),
    "Send a link": "Send en lenke",
    "To the log-in": "Til innloggingen",
    "Choose a password": "Velg et passord",
    "Save and log in": "Lagre og logg inn",
    "It was used, or it is too old. Ask for a new one:": "Den er brukt, eller for gammel. Be om en ny:",
    "No account yet? The first way in is a link that works once. Make one on the machine that runs "
    "Doorline:": (
        "Ingen konto ennå? Den første veien inn er en lenke som virker én gang. "
        "Lag den på maskinen som kjører Doorline:"
    ),
    "You are invited to Doorline": "Du er invitert til Doorline",
    "You are invited to Doorline. Choose a password here within 7 days; the link works once:": (
        "Du er invitert til Doorline. Velg et passord her innen 7 dager; lenken virker én gang:"
    ),
    "A new password for Doorline": "Nytt passord til Doorline",
    "Somebody asked for a new password for this address. The link works once, within an hour. "
    "If it was not you, do nothing:": (
        "Noen ba om nytt passord for denne adressen. Lenken virker én gang, innen en time. "
        "Var det ikke deg, trenger du ikke gjøre noe:"
    ),
    "Accounts": "Kontoer",
    "Account": "Konto",
    "My account": "Min konto",
    "Invite somebody": "Inviter noen",
    "Invite": "Inviter",
    "Invited": "Invitert",
    "Who helps to run the doors.": "De som hjelper med dørene.",
    "What was changed": "Hva som er endret",
    "May run": "Får styre",
    "State": "Tilstand",
    "With second factor": "Med ekstra trinn",
    "Without second factor": "Uten ekstra trinn",
    "Password only": "Bare passord",
    "The whole system": "Hele systemet",
    "Organisation: {0}": "Organisasjon: {0}",
    "Building: {0}": "Bygning: {0}",
    "They get an e-mail with a link that works once, for 7 days.": (
        "De får en e-post med en lenke som virker én gang, i 7 dager."
    ),
    "Everything inside it: people, dial groups, doors.": "Alt i den: personer, ringegrupper, dører.",
    "Cancel": "Avbryt",
    "{0} is invited": "{0} er invitert",
    "No mail server is set, so the e-mail lies in the outbox of this machine. Hand over this link "
    "yourself; it works once, for 7 days:": (
        "Ingen e-posttjener er satt opp, så e-posten ligger i utboksen på denne maskinen. "
        "Gi lenken videre selv; den virker én gang, i 7 dager:"
    ),
    "The mail server did not take the e-mail. Hand over this link yourself; it works once, for 7 days:": (
        "E-posttjeneren tok ikke imot e-posten. Gi lenken videre selv; den virker én gang, i 7 dager:"
    ),
    "The e-mail is on its way.": "E-posten er på vei.",
    "To the accounts": "Til kontoene",
    "{0} has an account already and can log in.": "{0} har konto fra før og kan logge inn.",
    "Take the roles away": "Fjern rollene",
    "New phone: forget the second factor": "Ny telefon: glem det ekstra trinnet",
    "Somebody must own the system. Invite another owner first.": (
        "Noen må eie systemet. Inviter en annen eier først."
    ),
    "{0} can no longer log in here.": "{0} kan ikke lenger logge inn her.",
    "At the next log-in a new second factor is set up.": (
        "Ved neste innlogging settes ekstra trinn opp på nytt."
    ),
    "Save the password": "Lagre passordet",
    "That is not the password you have now.": "Det er ikke passordet du har nå.",
    "The new password holds. Other browsers are logged out.": (
        "Det nye passordet gjelder. Andre nettlesere er logget ut."
    ),
    "Other browsers are logged out.": "Andre nettlesere er logget ut.",
    "Where you are logged in": "Her er du logget inn",
    "this browser": "denne nettleseren",
    "{0} on {1}": "{0} på {1}",
    "Log the others out": "Logg ut de andre",
    "When": "Når",
    "Who": "Hvem",
    "What": "Hva",
    "Nothing yet.": "Ingenting ennå.",
    "made the first account": "laget den første kontoen",
    "came in by a link of the machine": "kom inn med en lenke fra maskinen",
    "chose a password": "valgte passord",
    "set up a second factor": "satte opp ekstra trinn",
    "invited": "inviterte",
    "took away the roles": "fjernet rollene",
    "took away the second factor": "fjernet ekstra trinn",
    "Fill this in.": "Fyll ut dette.",
    "This is too long. Shorten it.": "Dette er for langt. Kort det ned.",
    "Use one line of ordinary letters.": "Bruk én linje med vanlige bokstaver.",
    "Write an e-mail address such as kari@example.no.": "Skriv en e-postadresse som kari@example.no.",
    "Search": "Søk",
    "Search over everything": "Søk i alt",
    "Write a name, a flat or a number. The key / brings you here from every page.": (
        "Skriv et navn, en leilighet eller et nummer. Tasten / bringer deg hit fra alle sider."
    ),
    "Nothing has that name. Try fewer letters.": "Ingenting heter det. Prøv færre bokstaver.",
    "Site": "Anlegg",
    "Rooms": "Rom",
    "Units": "Enheter",
    "Dial groups": "Ringegrupper",
    "Buttons": "Ringeknapper",
    "History": "Historikk",
    "Undo": "Angre",
    "This is not yours to change": "Dette kan du ikke endre",
    "Ask an admin of the organisation. Nothing was changed.": (
        "Spør en administrator i organisasjonen. Ingenting ble endret."
    ),
}
