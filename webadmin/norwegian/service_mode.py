"""Norwegian texts of the room about a panel's service mode."""

from __future__ import annotations

WORDS = {
    "Service mode": "Servicemodus",
    "Look through its camera": "Se gjennom kameraet",
    "To see whether the camera is clean and well aimed. The panel says so on its own screen, above "
    "everything else, as long as it lasts.": (
        "For å se om kameraet er rent og peker riktig. Porttelefonen sier fra på sin egen skjerm, over alt "
        "annet, så lenge det varer."
    ),
    "Nothing can be seen from here just now.": "Ingenting kan ses herfra akkurat nå.",
    "2 minutes": "2 minutter",
    "5 minutes": "5 minutter",
    "Begin service mode": "Start servicemodus",
    "In service mode until {0}": "I servicemodus til {0}",
    "The panel says so": "Porttelefonen sier fra",
    "The panel does not say so yet": "Porttelefonen sier ikke fra ennå",
    "Begun by {0}": "Startet av {0}",
    "What the camera of {0} sees": "Det kameraet til {0} ser",
    "Taken {0}. It is kept nowhere, and gone when service mode ends.": (
        "Tatt {0}. Bildet lagres ingen steder og er borte når servicemodus slutter."
    ),
    "No picture yet. It is taken three seconds after the panel has said so, as soon as nobody uses the "
    "panel.": (
        "Ikke noe bilde ennå. Det tas tre sekunder etter at porttelefonen har sagt fra, så snart ingen "
        "bruker den."
    ),
    "Take another picture": "Ta et bilde til",
    "End service mode": "Avslutt servicemodus",
    "What is seen, and what never is": "Hva som ses, og hva som aldri ses",
    "One picture for each that you ask for, without sound. None is taken while a visitor uses the panel.": (
        "Ett bilde for hvert du ber om, uten lyd. Det tas ingen mens en besøkende bruker porttelefonen."
    ),
    "Who began it, and each picture asked for, stands among the changes of administration. The picture "
    "itself is not kept.": (
        "Hvem som startet, og hvert bilde det ble bedt om, står blant endringene i administrasjonen. Selve "
        "bildet lagres ikke."
    ),
    "Only a panel with our own page can announce it. Any other shows nothing here.": (
        "Bare en porttelefon med vår egen side kan si fra. Fra andre vises ingenting her."
    ),
    "Choose how long it lasts.": "Velg hvor lenge den skal vare.",
    "It is not in service mode any more.": "Den er ikke i servicemodus lenger.",
    "began service mode for 2 minutes": "startet servicemodus i 2 minutter",
    "began service mode for 5 minutes": "startet servicemodus i 5 minutter",
    "began service mode for 15 minutes": "startet servicemodus i 15 minutter",
    "took a picture in service mode": "tok et bilde i servicemodus",
    "saw a picture in service mode": "så et bilde i servicemodus",
    "ended service mode": "avsluttet servicemodus",
}
