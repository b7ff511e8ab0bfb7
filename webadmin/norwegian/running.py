"""Norwegian texts of the rooms about running a house: delegation, set-up, live, alarms, settings, privacy."""

from __future__ import annotations

WORDS = {
    "Guide": "Veiledning",
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
    "Your building's admin sees to the buttons. Ask there. Nothing was changed.": (
        "Bygningens administrator tar seg av knappene. Spør der. Ingenting ble endret."
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
    "Live": "Direkte",
    "Look again": "Se igjen",
    "The door server does not answer": "Dørserveren svarer ikke",
    "Nothing can be seen or ended from here just now. Doors may ring all the same.": (
        "Herfra kan ingenting ses eller avsluttes akkurat nå. Det kan likevel ringe."
    ),
    "Calls now": "Samtaler nå",
    "Nobody rings or talks.": "Ingen ringer eller snakker.",
    "Site": "Anlegg",
    "Call": "Samtale",
    "Lasts": "Varer",
    "End": "Avslutt",
    "somebody": "noen",
    "talking": "snakker",
    "ringing": "ringer",
    "Hang up": "Legg på",
    "These are homes: who calls and who answers is not shown to anybody.": (
        "Dette er boliger: hvem som ringer og hvem som svarer, vises ikke for noen."
    ),
    "There are none yet.": "Det er ingen ennå.",
    "Software": "Programvare",
    "Telephones and apps that are logged in": "Telefoner og apper som er logget inn",
    "None just now.": "Ingen akkurat nå.",
    "That call was over already.": "Samtalen var over allerede.",
    "The door server did not answer. Nothing was ended.": "Dørserveren svarte ikke. Ingenting ble avsluttet.",
    "The call is ended.": "Samtalen er avsluttet.",
    "ended a call": "avsluttet en samtale",
    "Alarms": "Alarmer",
    "Which alarms stand is not known just now. Tell whoever runs the machine.": (
        "Det er ikke kjent akkurat nå hvilke alarmer som står. Si fra til den som drifter maskinen."
    ),
    "An alarm appears here when a panel goes away, a door fails or is forced, or the machine needs care. "
    "It goes by itself when the cause is gone.": (
        "En alarm kommer her når en porttelefon blir borte, en dør svikter eller brytes opp, eller maskinen "
        "trenger stell. Den går av seg selv når årsaken er borte."
    ),
    "Where": "Hvor",
    "Since": "Siden",
    "The server itself": "Serveren selv",
    "The panel is away": "Porttelefonen er borte",
    "Has it power and network? Visitors cannot ring there.": (
        "Har den strøm og nett? Besøkende kan ikke ringe på der."
    ),
    "The controller is away": "Styreenheten er borte",
    "Has it power and network? Its doors do not open from here.": (
        "Har den strøm og nett? Dørene dens åpnes ikke herfra."
    ),
    "The door does not open": "Døra åpner ikke",
    "Look at the lock and its controller; try it from its page.": (
        "Se på låsen og styreenheten; prøv den fra siden til døra."
    ),
    "Doors are opened very often": "Dører åpnes svært ofte",
    "An operator's program opens more than one door a second.": (
        "Et program hos en operatør åpner mer enn én dør i sekundet."
    ),
    "It cannot reach its relays": "Den når ikke releene sine",
    "The controller is there, but its doors do not open. Look at its log.":
        "Styringen er der, men dørene åpner ikke. Se i loggen dens.",
    "There is no picture from its camera": "Det kommer ikke bilde fra kameraet",
    "Visitors are heard and not seen. Look at the camera.":
        "Besøkende høres, men ses ikke. Se på kameraet.",
    "Somebody opened the case": "Noen har åpnet kabinettet",
    "Go and look. Codes do not work there until it is shut.": (
        "Gå og se. Koder virker ikke der før det er lukket."
    ),
    "Fire": "Brann",
    "Doors are released as they are wired. This clears when the fire alarm does.": (
        "Dørene frigis slik de er koblet. Dette går over når brannalarmen gjør det."
    ),
    "It runs on battery": "Den går på batteri",
    "Mains power is missing. Look before the battery is empty.": (
        "Nettstrømmen mangler. Se til den før batteriet er tomt."
    ),
    "The door was forced": "Døra ble brutt opp",
    "It opened though nobody ordered it. Go and look.": "Den åpnet uten at noen ba om det. Gå og se.",
    "The door stands open": "Døra står åpen",
    "Somebody should shut it.": "Noen bør lukke den.",
    "The certificate soon ends": "Sertifikatet går snart ut",
    "Renew it; browsers and phones refuse an old one.": (
        "Forny det; nettlesere og telefoner avviser et gammelt."
    ),
    "The disk is nearly full": "Disken er nesten full",
    "Make room, or nothing can be saved.": "Frigjør plass, ellers kan ingenting lagres.",
    "The clock jumped": "Klokka hoppet",
    "Check the machine's time; rules and passes go by it.": (
        "Sjekk tiden på maskinen; regler og gjestepass går etter den."
    ),
    "Wrong codes were tried": "Noen prøvde gale koder",
    "Five in a row at this panel; it waits a while now.": (
        "Fem på rad ved denne porttelefonen; nå venter den litt."
    ),
    "Telephones outside cannot be called": "Telefoner ute kan ikke ringes",
    "The carrier does not answer. Other devices still ring.": (
        "Teleoperatøren svarer ikke. Alt annet ringer fortsatt."
    ),
    "A call outside was refused": "En samtale ut ble avvist",
    "A limit on telephone calls was reached.": "En grense for telefonsamtaler er nådd.",
    "Something needs a look": "Noe trenger et blikk",
    "See the server's log.": "Se i serverens logg.",
}
