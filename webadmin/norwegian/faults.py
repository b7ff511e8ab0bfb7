"""Norwegian sentences for what the compiler finds wrong, by the slug of the fault (`dialplan.errors`)."""

from __future__ import annotations

FAULTS = {
    "taken": "{0} {1} er i bruk fra før, ved {2}. Velg noe annet.",
    "emergency": "{0} er et nødnummer. Velg et annet nummer.",
    "short_number": "Dette er ikke noe kortnummer. Bruk 1 til 8 sifre.",
    "address": (
        "Dette er ingen adresse. Bruk 1 til 64 små bokstaver (a-z), sifre, punktum, bindestrek eller _."
    ),
    "fallback_late": (
        "Reserven ringer aldri: det som ringer først, tar {0} s. Ring kortere først, eller øk grensa på {1} "
        "s (høyst 120)."
    ),
    "rings_no": "Knappen ringer ingen {0}. Velg en {0}.",
    "rings_other": "En slik knapp ringer en {0}, ikke en {1}. Ta bort den andre, eller velg en annen type.",
    "not_listable": "Lista ville vist en {0}. Ha bare personer og enheter i gruppa {1}.",
    "same_output": "Døra {0} har samme utgang. Velg en annen utgang.",
    "waits_for_itself": "Døra venter på seg selv. Velg andre dører.",
    "no_panel": "Denne enheten er ingen porttelefon. Velg en porttelefon.",
    "panel_unknown": "Denne porttelefonen er ikke beskrevet. Legg den til blant porttelefonene.",
    "escape_lockdown": (
        "En sperring ville låst en rømningsvei som ikke har eget utgangsutstyr. Monter vrider eller "
        "åpneknapp koblet utenom oss, eller la døra være utenfor sperring."
    ),
    "escape_interlock": (
        "En sluse kunne holdt en rømningsvei som ikke har eget utgangsutstyr. Monter vrider eller åpneknapp "
        "koblet utenom oss, eller fjern slusa."
    ),
    "escape_fail": (
        "Et strømbrudd ville låst en rømningsvei som ikke har eget utgangsutstyr. Monter vrider eller "
        "åpneknapp koblet utenom oss, eller velg en lås som åpner uten strøm."
    ),
    "drives_nothing": "En enhet av typen {0} styrer ingen dør. Velg en styreenhet eller en porttelefon.",
    "cannot_hold": (
        "Slik styring kan ikke holde døra åpen. Ta bort tidsplanen, eller styr døra med vår styreenhet."
    ),
    "only_panels": "Bare en porttelefon har et eget åpnesiffer. Velg porttelefonen.",
    "no_digits": "Dette er ingen sifre. Skriv porttelefonens egne åpnesifre, for eksempel 0#.",
    "no_url": "Dette er ingen adresse. Skriv den som http://192.0.2.10/relay/0?turn=on.",
    "no_topic": "Dette er ikke noe emne. Skriv det som cmnd/gate/POWER, uten + og #.",
    "needs_no_address": "Slik styring har ingen adresse. La adresse og innhold stå tomt.",
    "no_key": "Dette er ingen tast på en telefon. Bruk 0-9, * eller #.",
    "not_its_door": (
        "Sifferet åpner {0}, som ikke er en dør ved denne porttelefonen. Legg til døra, eller velg en annen."
    ),
    "group_empty": "Gruppa {0} er tom. Legg til noen, eller slett gruppa.",
    "group_loop": "Gruppa er del av en ring av grupper. Fjern gruppa som fører tilbake hit.",
    "group_deep": "Det er for mange grupper inni hverandre. Høyst {0}.",
    "group_large": "Gruppa ringer for mange, med gruppene i den. Høyst {0} i alt.",
    "telephone_number": "Dette er ikke noe telefonnummer. Skriv det som +4722334455.",
    "prefix": "Dette er ingen forvalgskode. Skriv den som +47.",
    "country": "Dette er ikke noe land. Skriv to store bokstaver, for eksempel NO.",
    "delay_long": "Ventetida er {0}. Velg fra 0 til {1}; trinnet eller gruppa varer ikke lenger.",
    "member_twice": "Det samme medlemmet står her to ganger. Fjern det ene, eller gi dem ulike tider.",
    "no_offset": "Tida mangler avstand fra UTC. Skriv den som 2026-12-24T18:00:00+01:00.",
    "far_year": "Året er {0}. Velg en tid snart, eller for godt.",
    "owner_building": "Dette hører til en bygning. Velg bygningen, og ingen andre.",
    "owner_person": "En app hører til én person. Velg personen, og ingen andre.",
    "owner_one": "Enheten skal høre til én. Velg én person, én enhet eller én bygning.",
    "right_no_door": "Regelen åpner ingen dør. Velg en dør.",
    "right_nobody": "Regelen gjelder ingen. Velg personer, enheter eller bygninger.",
    "right_no_method": "Regelen har ingen måte å åpne på. Velg hvordan den kan brukes.",
    "two_windows": "Det er to tidsplaner. Behold enten «bare i» eller «ikke i».",
    "time_zone": "Tidssonen {0} er ukjent. Skriv den som Europe/Oslo.",
    "no_weekday": "Det mangler ukedag. Velg ukedager.",
    "ends_before": "Unntaket slutter før det begynner. Bytt om de to dagene.",
    "time_of_day": "Dette er ikke noe klokkeslett. Skriv det som 07:30, eller 24:00 for slutten av dagen.",
    "ends_at_start": (
        "Det slutter når det begynner. Velg et annet klokkeslett, eller 00:00 til 24:00 for hele dagen."
    ),
    "domain": "Dette er ikke noe domenenavn. Skriv det som hus.example.org, med små bokstaver.",
    "language": "Dette er ingen språkkode. Skriv den som nb eller en.",
    "revision": "Versjonen er negativ. Tell fra 1.",
    "id": "Denne id-en kan ikke brukes. Bruk 1 til 64 bokstaver (a-z), sifre, punktum, bindestrek eller _.",
    "id_twice": "Id-en {0} er brukt to ganger. Bruk en annen.",
    "too_many": "Det er {0} oppføringer. Høyst {1}.",
    "name_missing": "Navnet mangler. Skriv et navn.",
    "name_long": "Navnet er for langt. Bruk høyst {0} tegn.",
    "name_hidden": "Navnet har usynlige tegn. Skriv det på nytt for hånd.",
    "name_spaces": "Navnet begynner eller slutter med mellomrom. Fjern det.",
    "bounds": "Her står {1}. Velg fra {2} til {3}.",
    "unknown": "Det finnes ingen {0} {1}. Velg en i dette anlegget.",
    "twice": "{1} står her to ganger. Ta med én.",
}

NOUNS = {
    "number": "Nummeret",
    "address": "Adressen",
    "person": "person",
    "device": "apparat",
    "group": "gruppe",
    "door": "dør",
    "building": "bygning",
    "unit": "enhet",
    "panel": "porttelefon",
    "schedule": "tidsplan",
    "calendar": "kalender",
    "telephone or app": "telefon eller app",
}
"""Values that are words."""
