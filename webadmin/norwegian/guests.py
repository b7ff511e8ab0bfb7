"""Norwegian texts about passes of guests and craftsmen."""

from __future__ import annotations

WORDS = {
    "made a pass": "laget et adgangspass",
    "Say who it is for, in at most 120 characters.": "Si hvem det er til, med høyst 120 tegn.",
    "The pass ends before it begins, or has ended already.": (
        "Passet slutter før det begynner, eller er allerede slutt."
    ),
    "A pass lasts a year at most.": "Et pass varer høyst ett år.",
    "A pass is good for 1 to 100 openings.": "Et pass gjelder for 1 til 100 åpninger.",
    "Choose at least one door.": "Velg minst én dør.",
    "There is no such door.": "Den døra finnes ikke.",
    "A pass opens only doors that its giver may open by code.": (
        "Et pass åpner bare dører som den som gir det, selv kan åpne med kode."
    ),
    "There are too many passes already. Revoke one first.": "Det er for mange pass. Trekk et tilbake først.",
    "The site has too many passes already.": "Anlegget har for mange pass.",
    "The site has nothing published yet.": "Anlegget har ikke publisert noe ennå.",
    "Come in": "Kom inn",
    "The door is open.": "Døra er åpen.",
    "The door did not open. Try once more.": "Døra åpnet seg ikke. Prøv en gang til.",
    "This door cannot be opened now.": "Denne døra kan ikke åpnes nå.",
    "The door server does not answer. Ring at the panel.": "Dørserveren svarer ikke. Ring på ved døra.",
    "Good from {0} to {1}.": "Gjelder fra {0} til {1}.",
    "Openings left: {0}.": "Åpninger igjen: {0}.",
    "It is too early: the doors open with this link when its time comes.": (
        "Det er for tidlig: dørene åpnes med denne lenken når tiden er inne."
    ),
    "Open {0}": "Åpne {0}",
    "No door can be opened with this link now. Ring at the panel.": (
        "Ingen dør kan åpnes med denne lenken nå. Ring på ved døra."
    ),
    "At the panel": "Ved porttelefonen",
    "Type this code, or hold the square before the reader:": (
        "Tast denne koden, eller hold ruten foran leseren:"
    ),
    "The link as a QR code": "Lenken som QR-kode",
    "Whoever has this link can open these doors. Do not pass it on.": (
        "Den som har lenken, kan åpne disse dørene. Ikke gi den videre."
    ),
    "Call your host": "Ring den du skal besøke",
    "Calling. Your host can see you before answering.": "Ringer. Den du skal besøke, kan se deg før svar.",
    "You are connected. Speak now.": "Du har forbindelse. Snakk nå.",
    "Nobody answers. Try again in a little while.": "Ingen svarer. Prøv igjen om litt.",
    "The call is over.": "Samtalen er over.",
    "You cannot call now. Wait a few minutes, or ring at the panel.": (
        "Du kan ikke ringe nå. Vent noen minutter, eller ring på ved døra."
    ),
    "Allow camera and microphone for this page, then call again.": (
        "Tillat kamera og mikrofon for denne siden, og ring igjen."
    ),
    "Calling needs a browser with scripts.": "For å ringe må nettleseren tillate skript.",
    "This link opens nothing": "Denne lenken åpner ingenting",
    "It has ended, was taken back, or was not copied whole. Ask whoever sent it, or ring at the panel.": (
        "Den er utløpt, trukket tilbake eller ikke kopiert i sin helhet. Spør den som sendte den, "
        "eller ring på ved døra."
    ),
}
