"""Norwegian texts of trunks, limits of telephony and settings."""

from __future__ import annotations

WORDS = {
    "Telephones": "Telefoner",
    "Telephones outside": "Telefoner ute",
    "New trunk": "Ny linje",
    "Trunk": "Linje",
    "Trunks of this server": "Linjene til denne serveren",
    "No trunks yet. A trunk is the way to a telephone company, so that a visitor's "
    "ring also reaches ordinary telephones.": (
        "Ingen linjer ennå. En linje er veien til et teleselskap, slik at det også kan ringe i vanlige "
        "telefoner når noen ringer på."
    ),
    "How the trunks do is not known just now.": "Hvordan det står til med linjene, er ikke kjent akkurat nå.",
    "Calls": "Samtaler",
    "We log in": "Vi logger inn",
    "By address": "Etter adresse",
    "Try earlier": "Prøv tidligere",
    "Tried first": "Prøves først",
    "logged in": "logget inn",
    "not logged in yet": "ikke logget inn ennå",
    "log-in refused": "innlogging avvist",
    "What {0} may do": "Hva {0} kan gjøre",
    "No call goes outside until calls, minutes, money, countries and prices are set.": (
        "Ingen samtale går ut før samtaler, minutter, penger, land og priser er satt."
    ),
    "Calls at once": "Samtaler samtidig",
    "Minutes a day": "Minutter per dag",
    "Money a day": "Penger per dag",
    "Countries": "Land",
    "Emergency numbers go to the trunk {0}.": "Nødnumre går til linja {0}.",
    "Emergency numbers are refused; callers are told so.": (
        "Nødnumre avvises, og den som ringer får vite det."
    ),
    "Change numbers and limits": "Endre numre og grenser",
    "Numbers and limits": "Numre og grenser",
    "A password is set.": "Et passord er satt.",
    "Take the password away": "Ta bort passordet",
    "Only for a trunk that the carrier knows by its address.": (
        "Bare for en linje som operatøren kjenner på adressen."
    ),
    "No password is set.": "Ikke noe passord er satt.",
    "More": "Mer",
    "Remove the trunk": "Fjern linja",
    "A limit that is reached refuses the next call and raises an alarm. Calls that go on are left alone.": (
        "En grense som er nådd, avviser neste samtale og gir en alarm. Samtaler som pågår, får være i fred."
    ),
    "What a minute costs": "Hva et minutt koster",
    "By how a number begins, such as +47. A number without a price is not called.": (
        "Etter hvordan et nummer begynner, for eksempel +47. Et nummer uten pris blir ikke ringt."
    ),
    "Number begins with": "Nummeret begynner med",
    "Price a minute": "Pris per minutt",
    "Number shown, by building": "Nummer som vises, per bygning",
    "Empty: the site's number.": "Tomt: anleggets nummer.",
    "We log in at the carrier": "Vi logger inn hos teleselskapet",
    "The carrier knows our address": "Teleselskapet kjenner adressen vår",
    "As its DNS says": "Som DNS sier",
    "22334455 at home, 00 abroad": "22334455 innenlands, 00 til utlandet",
    "Fixed lines": "Fasttelefon",
    "Mobile telephones": "Mobiltelefon",
    "Internet telephones": "Internettelefon",
    "Free numbers": "Grønne numre",
    "Shared cost": "Delt kostnad",
    "Premium rate": "Teletorg",
    "Other special numbers": "Andre spesialnumre",
    "Write a whole number, such as 20.": "Skriv et helt tall, for eksempel 20.",
    "Such as the carrier's name.": "For eksempel navnet på teleselskapet.",
    "In use": "I bruk",
    "How we are known": "Hvordan vi er kjent",
    "Such as sip.example.com.": "For eksempel sip.example.com.",
    "0: as its DNS says, or the usual one.": "0: som DNS sier, eller den vanlige.",
    "Transport": "Transport",
    "Encrypt sound (SRTP, needs TLS)": "Krypter lyden (SRTP, krever TLS)",
    "Sealed when saved and never shown again. Empty: the one there is stays.": (
        "Forsegles når det lagres og vises aldri igjen. Tomt: det som er der, blir værende."
    ),
    "Realm": "Realm",
    "Empty: the server's name.": "Tomt: navnet på serveren.",
    "Domain in From": "Domene i From",
    "Addresses that the carrier calls from": "Adresser som teleselskapet ringer fra",
    "Such as 192.0.2.0/28, with commas between.": "For eksempel 192.0.2.0/28, med komma mellom.",
    "Port that we listen on": "Port vi lytter på",
    "By address only. 0: any.": "Bare etter adresse. 0: hvilken som helst.",
    "How numbers are written": "Hvordan numre skrives",
    "Number shown": "Nummer som vises",
    "Where a site shows none of its own.": "Der et anlegg ikke viser noe eget.",
    "Log in again after (seconds)": "Logg inn igjen etter (sekunder)",
    "Ask whether it is there every (seconds)": "Spør om den er der hvert (sekunder)",
    "0: no call goes outside.": "0: ingen samtale går ut.",
    "Calls at once for each person": "Samtaler samtidig for hver person",
    "Calls an hour for each person": "Samtaler i timen for hver person",
    "Such as 200 or 49,50. 0: no call goes outside.": (
        "For eksempel 200 eller 49,50. 0: ingen samtale går ut."
    ),
    "Two letters each, with commas between: NO, SE, DK.": (
        "To bokstaver for hvert, med komma mellom: NO, SE, DK."
    ),
    "Country of numbers without +": "Land for numre uten +",
    "Such as NO.": "For eksempel NO.",
    "Kinds of numbers": "Slags numre",
    "Like +4722334455.": "Som +4722334455.",
    "Only these trunks": "Bare disse linjene",
    "None ticked: all, in the order of the server.": "Ingen krysset av: alle, i serverens rekkefølge.",
    "Emergency numbers go to": "Nødnumre går til",
    "Panels never call them. Refused: the caller is told so.": (
        "Porttelefoner ringer dem aldri. Avvist: den som ringer får vite det."
    ),
    "Refused": "Avvist",
    "No": "Nei",
    "Residents' telephones may call numbers outside themselves": (
        "Beboernes telefoner kan selv ringe numre ute"
    ),
    "Telephones outside may call in and open": "Telefoner ute kan ringe inn og åpne",
    "The doors of this panel, with the PIN of a pass their owner gave.": (
        "Dørene til denne porttelefonen, med PIN-koden til et pass eieren har gitt."
    ),
    "Write an amount, such as 200 or 49,50.": "Skriv et beløp, for eksempel 200 eller 49,50.",
    "Write two letters, such as NO.": "Skriv to bokstaver, for eksempel NO.",
    "The limits of telephony are saved.": "Grensene for telefoni er lagret.",
    "The trunk is saved.": "Linja er lagret.",
    "The trunk is removed. Calls on it go on to their end.": (
        "Linja er fjernet. Samtaler på den går til de er ferdige."
    ),
    "made a trunk": "laget en linje",
    "changed a trunk": "endret en linje",
    "removed a trunk": "fjernet en linje",
    "changed the order of trunks": "endret rekkefølgen på linjer",
    "A trunk that registers needs a password.": "En linje som logger inn, trenger et passord.",
    "Use 1 to 64 letters, digits, dots, hyphens or underscores, a letter or digit first.": (
        "Bruk 1 til 64 bokstaver, sifre, punktum, bindestreker eller understreker, med bokstav "
        "eller siffer først."
    ),
    "Write a name of at most 120 characters.": "Skriv et navn på høyst 120 tegn.",
    "Choose one of the list.": "Velg fra lista.",
    "A trunk that registers needs a user name.": "En linje som logger inn, trenger et brukernavn.",
    "Use letters, digits and signs, without spaces.": "Bruk bokstaver, sifre og tegn, uten mellomrom.",
    "SRTP needs TLS, or its keys could be read on the way.": (
        "SRTP krever TLS, ellers kan nøklene leses underveis."
    ),
    "Write the number like +4722334455.": "Skriv nummeret som +4722334455.",
    "Choose from 60 to 3600 seconds.": "Velg fra 60 til 3600 sekunder.",
    "Choose from 10 to 600 seconds.": "Velg fra 10 til 600 sekunder.",
    "Write the carrier's name or address, such as sip.example.com.": (
        "Skriv navnet eller adressen til teleselskapet, for eksempel sip.example.com."
    ),
    "Choose from 0 to 65535.": "Velg fra 0 til 65535.",
    "Write the addresses that the carrier calls from, such as 192.0.2.0/28.": (
        "Skriv adressene teleselskapet ringer fra, for eksempel 192.0.2.0/28."
    ),
    "No network larger than /16 can be one carrier's.": (
        "Ikke noe nett større enn /16 kan tilhøre ett teleselskap."
    ),
    "Write addresses like 192.0.2.1 or 192.0.2.0/28.": "Skriv adresser som 192.0.2.1 eller 192.0.2.0/28.",
    "Write at most 100 addresses.": "Skriv høyst 100 adresser.",
    "Settings": "Innstillinger",
    "What holds for every site on this server. It is set in the server's "
    "configuration file and holds from its next start.": (
        "Det som gjelder for alle anlegg på denne serveren. Det settes i serverens "
        "konfigurasjonsfil og gjelder fra neste start."
    ),
    "Logging in": "Innlogging",
    "Role": "Rolle",
    "Second factor": "Ekstra trinn",
    "needed": "påkrevd",
    "by choice": "valgfri",
    "One logs in again after {0} hours.": "Man logger inn igjen etter {0} timer.",
    "Mail server": "E-postserver",
    "none: e-mails stay in the directory outbox": "ingen: e-post blir liggende i katalogen outbox",
    "Sender": "Avsender",
    "Encrypted": "Kryptert",
    "Send a test e-mail to myself": "Send en prøve-e-post til meg selv",
    "Addresses": "Adresser",
    "This administration": "Denne administrasjonen",
    "as the browser calls it": "slik nettleseren kaller den",
    "Apps and panels": "Apper og porttelefoner",
    "Owner of the system": "Systemeier",
    "Admin of an organisation": "Administrator for en organisasjon",
    "Admin of a building": "Administrator for en bygning",
    "Owner of a unit": "Eier av en enhet",
    "Resident": "Beboer",
    "Guest": "Gjest",
    "A test from Doorline": "En prøve fra Doorline",
    "E-mails of this server reach you. Nothing else is to be done.": (
        "E-post fra denne serveren når deg. Du trenger ikke gjøre noe mer."
    ),
    "The e-mail did not leave: {0}. See the section mail of the configuration.": (
        "E-posten ble ikke sendt: {0}. Se delen mail i konfigurasjonen."
    ),
    "No mail server is set: the e-mail lies in the directory outbox of this machine.": (
        "Ingen e-postserver er satt: e-posten ligger i katalogen outbox på denne maskinen."
    ),
    "The mail server took the e-mail to {0}. Look whether it arrives.": (
        "E-postserveren tok imot e-posten til {0}. Se om den kommer fram."
    ),
    "sent a test e-mail": "sendte en prøve-e-post",
}
