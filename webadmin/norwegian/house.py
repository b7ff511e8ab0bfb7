"""Norwegian texts of the rooms about doors, panels, devices, rights and time."""

from __future__ import annotations

WORDS = {
    "Draw it": "Tegn det",
    "None yet.": "Ingen ennå.",
    "Choose from the list.": "Velg fra lista.",
    "New door": "Ny dør",
    "First a controller or a panel": "Først en styreenhet eller en porttelefon",
    "A door is opened by a controller in its wall, or by the panel beside it. Add that first.": (
        "En dør åpnes av en styreenhet i veggen eller av porttelefonen ved siden av. Legg den til først."
    ),
    "Add a panel or controller": "Legg til porttelefon eller styreenhet",
    "As people here call it: Gate, Lobby, Lift.": "Slik folk her kaller den: Port, Gang, Heis.",
    "Opened by": "Åpnes av",
    "Our own controller": "Vår egen styreenhet",
    "The panel, by its own open digit": "Porttelefonen, med sitt eget åpnesiffer",
    "A relay on the network (HTTP)": "Et relé på nettet (HTTP)",
    "A relay on the network (MQTT)": "Et relé på nettet (MQTT)",
    "Controller or panel": "Styreenhet eller porttelefon",
    "The box that the lock's wires end in, or the panel beside the door.": (
        "Boksen som ledningene fra låsen ender i, eller porttelefonen ved døra."
    ),
    "Output": "Utgang",
    "The relay's name at the controller, such as front; for a panel its own open digits: 0#.": (
        "Reléets navn ved styreenheten, for eksempel front; for en porttelefon dens egne åpnesifre: 0#."
    ),
    "Address on the network": "Adresse på nettet",
    "HTTP: a URL. MQTT: a topic. {seconds} and {ms} in it become the open time.": (
        "HTTP: en URL. MQTT: et emne. {seconds} og {ms} blir til åpnetida."
    ),
    "What is sent there": "Det som sendes dit",
    "Empty with HTTP: a plain request.": "Tomt ved HTTP: en vanlig forespørsel.",
    "Opens for, seconds": "Åpner i, sekunder",
    "Choose between 1 and 60 seconds.": "Velg mellom 1 og 60 sekunder.",
    "Without power it": "Uten strøm",
    "stays locked": "forblir låst",
    "opens": "åpner",
    "At rest it is": "I ro er den",
    "locked": "låst",
    "unlocked": "ulåst",
    "It is an escape route": "Den er rømningsvei",
    "People must get out this way.": "Folk må komme ut denne veien.",
    "A handle or button lets people out, wired past us": (
        "En vrider eller knapp slipper folk ut, koblet utenom oss"
    ),
    "It works without power and without us.": "Den virker uten strøm og uten oss.",
    "A lockdown locks it": "En sperring låser den",
    "where that is safe": "der det er trygt",
    "Held open during": "Holdes åpen i",
    "While the schedule says so, the door stands unlocked.": "Så lenge tidsplanen sier det, står døra ulåst.",
    "No schedule": "Ingen tidsplan",
    "Door contact": "Dørkontakt",
    "The controller's input that tells whether it is shut.": (
        "Styreenhetens inngang som sier om den er lukket."
    ),
    "May stand open for, seconds": "Kan stå åpen i, sekunder",
    "Choose between 5 and 3600 seconds.": "Velg mellom 5 og 3600 sekunder.",
    "After that there is an alarm, where a contact is fitted.": (
        "Deretter blir det alarm, der en kontakt er montert."
    ),
    "Alarm when it opens though nobody opened it": "Alarm når den går opp uten at noen åpnet",
    "Opens only while these are shut": "Åpner bare mens disse er lukket",
    "An air lock: never both at once.": "En sluse: aldri begge samtidig.",
    "Everybody of the building may open it": "Alle i bygningen kan åpne den",
    "Panels that stand at it": "Porttelefoner ved den",
    "A visitor's call from there can open it.": "En besøkssamtale derfra kan åpne den.",
    "A relay on the network": "Et relé på nettet",
    "Passwords of relays stand in the settings of the machine, never here.": (
        "Passord til reléer står i maskinens innstillinger, aldri her."
    ),
    "What opens after it": "Det som åpner etterpå",
    "Gate, lobby, lift: one tap opens them one after the other. Seconds count from the door before.": (
        "Port, gang, heis: ett trykk åpner dem etter tur. Sekundene telles fra døra foran."
    ),
    "Seconds after the one before": "Sekunder etter den forrige",
    "Safety": "Sikkerhet",
    "Ways out never depend on us. Fire beats lockdown, lockdown beats held open.": (
        "Veier ut er aldri avhengige av oss. Brann går foran sperring, sperring foran holdt åpen."
    ),
    "Watching it": "Overvåking",
    "Remove the door": "Fjern døra",
    "The way in": "Veien inn",
    "{0} s": "{0} s",
    "when {0} is shut": "når {0} er lukket",
    "Opens": "Åpner",
    "Waits for": "Venter på",
    "{0} to be shut": "at {0} er lukket",
    "Panels and controllers": "Porttelefoner og styreenheter",
    "New panel": "Ny porttelefon",
    "No panels yet": "Ingen porttelefoner ennå",
    "A panel stands at the entrance: visitors find a name on it and ring. A controller only opens doors.": (
        "En porttelefon står ved inngangen: besøkende finner et navn og ringer. En styreenhet åpner bare "
        "dører."
    ),
    "is there": "på plass",
    "away": "borte",
    "New panel or controller": "Ny porttelefon eller styreenhet",
    "After saving you get its log-in, once. Our own panels are paired by a code instead.": (
        "Etter lagring får du innloggingen, én gang. Våre egne porttelefoner pares heller med en kode."
    ),
    "A panel: visitors ring from it": "En porttelefon: besøkende ringer fra den",
    "A controller: it only opens doors": "En styreenhet: den åpner bare dører",
    "Where it stands: Main entrance, Back yard.": "Der den står: Hovedinngang, Bakgård.",
    "To call the panel itself. Empty: none.": "For å ringe selve porttelefonen. Tomt: ikke noe.",
    "Talk at most, seconds": "Samtale høyst, sekunder",
    "Choose between 30 and 3600 seconds.": "Velg mellom 30 og 3600 sekunder.",
    "Seconds without a touch until the next visitor's screen": (
        "Sekunder uten berøring til skjermen er klar for neste besøkende"
    ),
    "Choose between 5 and 300 seconds.": "Velg mellom 5 og 300 sekunder.",
    "Longer where people need more time. Language and contrast start anew then.": (
        "Lenger der folk trenger mer tid. Da begynner språk og kontrast på nytt."
    ),
    "Words about the camera": "Teksten om kameraet",
    "Shown beneath the names. Empty: that the camera is on while one rings, and nothing is kept.": (
        "Vises under navnene. Tomt: at kameraet er på mens man ringer, og at ingenting lagres."
    ),
    "Answer the panel at once": "Svar porttelefonen straks",
    "For panels that send no picture before they are answered. It hears a ringing tone meanwhile.": (
        "For porttelefoner som ikke sender bilde før de er besvart. De hører ringetone imens."
    ),
    "Restart": "Start på nytt",
    "Version": "Versjon",
    "Drives": "Styrer",
    "Doors at this panel": "Dører ved denne porttelefonen",
    "The first is the door that 5 opens. Others need a digit of their own.": (
        "Den første åpnes med 5. Andre trenger et eget siffer."
    ),
    "Opens by digit": "Åpnes med siffer",
    "What visitors see": "Det besøkende ser",
    "Nobody yet. Buttons appear here as soon as people have moved in.": (
        "Ingen ennå. Knapper dukker opp her så snart folk har flyttet inn."
    ),
    "A tap": "Et trykk",
    "opens a list: {0}": "åpner en liste: {0}",
    "rings": "ringer",
    "{0} restarts.": "{0} starter på nytt.",
    "It was not restarted: {0}": "Den ble ikke startet på nytt: {0}",
    "The door server did not answer. Nothing was changed.": "Dørserveren svarte ikke. Ingenting ble endret.",
    "New device": "Nytt apparat",
    "No devices": "Ingen apparater",
    "An app, a station on the wall or a telephone: whatever rings when a visitor taps a name.": (
        "En app, et svarapparat på veggen eller en telefon: det som ringer når en besøkende trykker på et "
        "navn."
    ),
    "Belongs to": "Hører til",
    "A SIP phone, or Linphone on a computer": "En SIP-telefon, eller Linphone på en datamaskin",
    "An apartment station on the wall": "Et svarapparat på veggen",
    "An app belongs to a person. A station or phone may belong to a unit or a building too.": (
        "En app hører til en person. Svarapparat og telefon kan også høre til en enhet eller bygning."
    ),
    "Set it up": "Sett den opp",
    "Each way makes a new log-in, shown or fetched once. What logged in before is out.": (
        "Hver måte lager en ny innlogging, som vises eller hentes én gang. Det som var inne, er ute."
    ),
    "QR code for Linphone": "QR-kode for Linphone",
    "File for Linphone": "Fil for Linphone",
    "Sheet with the log-in": "Ark med innloggingen",
    "In Linphone choose to fetch a remote configuration, and scan. It works once, for fifteen minutes.": (
        "Velg i Linphone å hente fjernkonfigurasjon, og skann. Den virker én gang, i femten minutter."
    ),
    "Port": "Port",
    "Numbers to put on its buttons": "Numre til knappene på den",
    "Set the panel's open tones to RFC 4733 or SIP INFO, and let it accept the digits above.": (
        "Still porttelefonens toner på RFC 4733 eller SIP INFO, og la den godta sifrene over."
    ),
    "The device": "Apparatet",
    "made a new log-in": "laget en ny innlogging",
    "Lockdown": "Sperring",
    "The door server did not answer just now, so we cannot see what is locked.": (
        "Dørserveren svarte ikke akkurat nå, så vi ser ikke hva som er sperret."
    ),
    "Locked down": "Sperret",
    "Until": "Til",
    "Set by": "Satt av",
    "Nobody opens these doors from outside, whatever right they have. It ends by itself at the time shown.": (
        "Ingen åpner disse dørene utenfra, uansett rett. Det slutter av seg selv ved tida som vises."
    ),
    "End the lockdown": "Opphev sperringen",
    "Lock every door now": "Sperr alle dører nå",
    "Lock longer": "Sperr lenger",
    "These {0} doors stop opening for everybody at once: apps, calls, codes and cards.": (
        "Disse {0} dørene slutter straks å åpne for alle: apper, samtaler, koder og kort."
    ),
    "Lock down": "Sperr",
    "No door here can be locked down.": "Ingen dør her kan sperres.",
    "These stay as they are": "Disse blir som de er",
    "An escape route without a handle or button of its own is never locked.": (
        "En rømningsvei uten egen vrider eller knapp blir aldri sperret."
    ),
    "It ends by itself after": "Den slutter av seg selv etter",
    "15 minutes": "15 minutter",
    "1 hour": "1 time",
    "4 hours": "4 timer",
    "12 hours": "12 timer",
    "1 day": "1 døgn",
    "7 days": "7 døgn",
    "Choose how long the lockdown lasts.": "Velg hvor lenge sperringen varer.",
    "{0} doors are locked down.": "{0} dører er sperret.",
    "The lockdown is over: {0} doors open as usual.": "Sperringen er over: {0} dører åpner som vanlig.",
    "The door server did not answer. Nothing may have changed: look again, or lock by hand.": (
        "Dørserveren svarte ikke. Kanskje er ingenting endret: se igjen, eller lås for hånd."
    ),
    "Not done for: {0}": "Ikke gjort for: {0}",
    "locked down until {0}": "sperret til {0}",
    "lifted a lockdown": "opphevet en sperring",
    "locked down for 15 minutes": "sperret i 15 minutter",
    "locked down for 1 hour": "sperret i 1 time",
    "locked down for 4 hours": "sperret i 4 timer",
    "locked down for 12 hours": "sperret i 12 timer",
    "locked down for 1 day": "sperret i 1 døgn",
    "locked down for 7 days": "sperret i 7 døgn",
    "Access rules": "Adgangsregler",
    "Who opens what": "Hvem åpner hva",
    "Schedules": "Tidsplaner",
    "New access rule": "Ny adgangsregel",
    "No access rules yet": "Ingen adgangsregler ennå",
    "A rule says who may open which doors, how and when. Without one nobody opens anything.": (
        "En regel sier hvem som kan åpne hvilke dører, hvordan og når. Uten regel åpner ingen noe."
    ),
    "everybody in": "alle i",
    "in every way": "på alle måter",
    "Which doors": "Hvilke dører",
    "Everybody in a building": "Alle i en bygning",
    "Everybody in a unit": "Alle i en enhet",
    "Single people": "Enkeltpersoner",
    "In which way": "På hvilken måte",
    "A right that is taken away ends at once, also in a call that goes on.": (
        "En rett som tas bort, er slutt straks, også i en samtale som pågår."
    ),
    "Remove the access rule": "Fjern adgangsregelen",
    "The access rule is removed.": "Adgangsregelen er fjernet.",
    "The access rule is saved.": "Adgangsregelen er lagret.",
    "at times, or in some ways": "til visse tider eller på visse måter",
    "Who lives here, who opens what": "Hvem bor her, hvem åpner hva",
    "By person": "Etter person",
    "By door": "Etter dør",
    "Nothing to show": "Ingenting å vise",
    "Here stands a table as soon as there are people and doors.": (
        "Her kommer en tabell så snart det finnes personer og dører."
    ),
    "{0} of {1}": "{0} av {1}",
    "Nobody.": "Ingen.",
    "Together": "I alt",
    "The week": "Uka",
    "closed": "stengt",
    "Monday": "Mandag",
    "Tuesday": "Tirsdag",
    "Wednesday": "Onsdag",
    "Thursday": "Torsdag",
    "Friday": "Fredag",
    "Saturday": "Lørdag",
    "Sunday": "Søndag",
    "New schedule": "Ny tidsplan",
    "No schedules yet": "Ingen tidsplaner ennå",
    "A schedule says when something counts: office hours, nights, when the door stands open.": (
        "En tidsplan sier når noe gjelder: kontortid, netter, når døra står åpen."
    ),
    "Holidays": "Helligdager",
    "New calendar": "Ny kalender",
    "Norway's public holidays of every year": "Norges helligdager hvert år",
    "From": "Fra",
    "To": "Til",
    "Days": "Dager",
    "An end before the beginning lies on the next day. 00:00 as the end is midnight.": (
        "En slutt før begynnelsen ligger på neste dag. 00:00 som slutt er midnatt."
    ),
    "Exceptions": "Unntak",
    "Days on which only these hours count. No hours: closed.": (
        "Dager da bare disse timene gjelder. Ingen timer: stengt."
    ),
    "First day": "Første dag",
    "Last day": "Siste dag",
    "Hours": "Timer",
    "Remove the schedule": "Fjern tidsplanen",
    "Remove the calendar": "Fjern kalenderen",
    "Office hours, Nights, Cleaning.": "Kontortid, netter, renhold.",
    "Holidays it follows": "Helligdager den følger",
    "On these days only the hours below count.": "Disse dagene gjelder bare timene nedenfor.",
    "Hours on holidays": "Timer på helligdager",
    "Such as 10:00-14:00. Empty: closed.": "For eksempel 10:00-14:00. Tomt: stengt.",
    "Own days": "Egne dager",
    "One on each line, such as 2026-12-24.": "Én på hver linje, for eksempel 24.12.2026.",
    "Write times like 08:00-16:00, with commas between.": "Skriv tider som 08:00-16:00, med komma mellom.",
    "Write days like 2026-12-24, one on each line.": "Skriv dager som 24.12.2026, én på hver linje.",
    "Buildings": "Bygninger",
    "New building": "Ny bygning",
    "Time zone": "Tidssone",
    "Language of the house": "Husets språk",
    "A new person's button shows when they first log in to the app": (
        "Knappen til en ny person vises ved første innlogging i appen"
    ),
    "Off: at once. With a telephone, a desk phone or a station it always shows at once.": (
        "Av: med en gang. Med telefon, bordtelefon eller svarapparat vises den alltid med en gang."
    ),
    "Privacy": "Personvern",
    "Change the site": "Endre anlegget",
    "No buildings yet": "Ingen bygninger ennå",
    "A building is a house with an address. Units, doors and panels stand in it.": (
        "En bygning er et hus med en adresse. Enheter, dører og porttelefoner hører til den."
    ),
    "Address": "Adresse",
    "Where the house stands.": "Der huset står.",
    "Such as Europe/Oslo. Schedules follow it.": "For eksempel Europe/Oslo. Tidsplaner følger den.",
    "What panels and spoken prompts begin with.": "Det porttelefoner og opplest tale begynner med.",
    "People live here, so nothing is kept about who visits whom: no call log, no log of openings by name, no "
    "picture. Receipts of ringing live for a day in memory, for the owner of the device only.": (
        "Her bor folk, så ingenting lagres om hvem som besøker hvem: ingen anropslogg, ingen logg over "
        "åpninger med navn, ingen bilder. Kvitteringer for ringing finnes et døgn i minnet, bare for eieren "
        "av enheten."
    ),
    "People work here. Visits are logged with their time, panel and button, and go by themselves after a "
    "limited time. Reading the log is itself noted.": (
        "Her jobber folk. Besøk logges med tid, porttelefon og knapp, og slettes av seg selv etter en "
        "begrenset tid. At loggen leses, blir også notert."
    ),
    "This and the domain {0} were fixed when the site was made.": (
        "Dette og domenet {0} ble fastsatt da anlegget ble laget."
    ),
    "Guests and craftsmen": "Gjester og håndverkere",
    "New pass": "Nytt pass",
    "No guests yet": "Ingen gjester ennå",
    "A pass lets a craftsman in from Tuesday to Thursday, by a link, a picture or a PIN, without an app.": (
        "Et pass slipper en håndverker inn fra tirsdag til torsdag, med lenke, bilde eller PIN, uten app."
    ),
    "Who it is for": "Hvem det er for",
    "Such as the plumber, or a company.": "For eksempel rørleggeren, eller et firma.",
    "Used": "Brukt",
    "A resident's guest": "En beboers gjest",
    "not yet": "ikke ennå",
    "lets in now": "slipper inn nå",
    "over": "over",
    "used up": "brukt opp",
    "revoked": "trukket tilbake",
    "Revoke": "Trekk tilbake",
    "Openings at most": "Åpninger høyst",
    "Empty: as often as needed.": "Tomt: så ofte det trengs.",
    "Choose a day and a time.": "Velg dag og klokkeslett.",
    "Pass": "Pass",
    "Share this now: it is shown this once and kept nowhere.": (
        "Del dette nå: det vises bare denne ene gangen og lagres ikke."
    ),
    "QR code with the pass": "QR-kode med passet",
    "Link": "Lenke",
    "PIN at the panel": "PIN ved porttelefonen",
    "The link shows doors and codes on the guest's telephone. The PIN works at the panel.": (
        "Lenken viser dørene og kodene på gjestens telefon. PIN virker ved porttelefonen."
    ),
    "The pass is revoked: it opens nothing any more.": (
        "Passet er trukket tilbake: det åpner ingenting lenger."
    ),
}
