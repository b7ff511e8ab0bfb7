"""Norwegian texts of the room about spoken prompts."""

from __future__ import annotations

WORDS = {
    "Prompts": "Talebeskjeder",
    "What panels and telephones say, in every house on this machine. A recording of your own may last "
    "30 seconds and fill 5 MB, as WAV or MP3. It is heard from the next call on.": (
        "Det porttelefoner og telefoner sier, i alle hus på denne maskinen. Et eget opptak kan vare i "
        "30 sekunder og fylle 5 MB, som WAV eller MP3. Det høres fra neste anrop."
    ),
    "What is said": "Det som sies",
    "Listen": "Lytt",
    "Listen to {0}": "Lytt til {0}",
    "Your own": "Eget opptak",
    "your own": "eget opptak",
    "ours": "vårt",
    "A recording for {0}": "Et opptak for {0}",
    "Use this recording": "Bruk dette opptaket",
    "Go back to ours": "Gå tilbake til vårt",
    "No prompts here": "Ingen talebeskjeder her",
    "The folder that [media] prompts names in the configuration holds no recordings.": (
        "Mappa som [media] prompts peker på i konfigurasjonen, har ingen opptak."
    ),
    "Your recording is heard from the next call on.": "Opptaket ditt høres fra neste anrop.",
    "Our recording is heard again from the next call on.": "Vårt opptak høres igjen fra neste anrop.",
    "replaced a prompt": "byttet ut en talebeskjed",
    "went back to our prompt": "gikk tilbake til vår talebeskjed",
    "This is no recording we can read. Save it as WAV or MP3 and choose it again.": (
        "Dette er ikke et opptak vi kan lese. Lagre det som WAV eller MP3, og velg det på nytt."
    ),
    "This file is larger than 5 MB. Shorten it, or save it as MP3.": (
        "Denne fila er større enn 5 MB. Kort den ned, eller lagre den som MP3."
    ),
    "A prompt lasts from a moment to 30 seconds. Shorten the recording.": (
        "En talebeskjed varer fra et øyeblikk til 30 sekunder. Kort ned opptaket."
    ),
    "This kind of WAV is not read. Save it with one or two channels at 8,000 to 48,000 Hz.": (
        "Denne typen WAV leses ikke. Lagre den med én eller to kanaler på 8 000 til 48 000 Hz."
    ),
    "The file ends before its sound does. Save it again and choose it once more.": (
        "Fila slutter før lyden gjør det. Lagre den på nytt, og velg den en gang til."
    ),
    "There is no such prompt any more. Load this page again.": (
        "Denne talebeskjeden finnes ikke lenger. Last siden på nytt."
    ),
    "It could not be kept: the machine's disk is full or closed. Tell whoever runs the machine.": (
        "Det kunne ikke lagres: maskinens disk er full eller stengt. Si fra til den som drifter maskinen."
    ),
    "Choose a WAV or MP3 file first.": "Velg en WAV- eller MP3-fil først.",
    "It could not be made ready, and nothing was changed. Try another file.": (
        "Det kunne ikke gjøres klart, og ingenting ble endret. Prøv en annen fil."
    ),
    "This is too large": "Dette er for stort",
    "Nothing was saved. Go back and choose a smaller file.": (
        "Ingenting ble lagret. Gå tilbake og velg en mindre fil."
    ),
}
