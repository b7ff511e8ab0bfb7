"""Speech by espeak-ng in many voices and languages, as 8 kHz samples: nobody presses a key in it."""

from __future__ import annotations

import io
import subprocess
import wave
from collections.abc import Iterator
from itertools import count, product

import numpy as np

from media.audio.g711 import Samples

RATE = 8000
TEXTS = {
    "nb": "Hei, det er Kari fra tredje etasje. Kan du åpne døren for meg? Jeg har glemt nøkkelen hjemme, og "
          "det regner så fælt. Pakken skal til leilighet femtifem, to trapper opp, første dør til høyre.",
    "en": "Good morning, this is the postman with a parcel for flat twenty-two. Could you please let me in? "
          "No, I have no key; nobody answered below. We will meet at nine or eleven, I think it was.",
    "de": "Guten Tag, hier ist die Firma Müller. Wir sollen die Heizung im dritten Stock überprüfen. Würden "
          "Sie bitte die Tür öffnen? Das dauert höchstens fünfundzwanzig Minuten, vielleicht auch weniger.",
    "fr": "Bonjour, c'est le plombier. Vous pouvez ouvrir la porte, s'il vous plaît? Je suis au "
          "rez-de-chaussée depuis cinq minutes et il fait froid. Le numéro est quatre-vingt-dix-huit.",
    "es": "Buenas tardes, traigo la compra del supermercado. Es para la señora García, del quinto piso. "
          "Ábrame la puerta, por favor, que llevo ocho bolsas y está lloviendo muchísimo.",
    "pl": "Dzień dobry, przyszedłem naprawić windę. Czy może pan otworzyć drzwi? Mieszkanie numer "
          "dziewięćdziesiąt dziewięć, szóste piętro, po lewej stronie.",
    "fi": "Hyvää huomenta, olen huoltoyhtiöstä. Voisitteko avata oven? Kolmannessa kerroksessa on vesivuoto, "
          "ja meidän täytyy päästä sisään heti kahdeksan jälkeen.",
    "it": "Buongiorno, sono il corriere. Ho un pacco per l'interno ventidue, mi può aprire il portone? "
          "Grazie mille, lo lascio davanti all'ascensore al secondo piano.",
}
VOICES = ("", "+f2", "+m3", "+f4", "+m7", "+f5", "+whisper", "+croak")
PITCHES = (50, 20, 80, 99, 5)
SPEEDS = (160, 120, 210)


def speech(espeak: str, seconds: float) -> Iterator[Samples]:
    """Pieces of speech until they are so long together; the same ones every time."""
    left = seconds
    variants = [(p, s, v) for s, v, p in product(SPEEDS, VOICES, PITCHES)]
    for turn in count():
        pitch, speed, voice = variants[turn % len(variants)]
        for language, text in TEXTS.items():
            piece = say(espeak, text, language + voice, pitch=pitch, speed=speed)
            yield piece
            left -= len(piece) / RATE
            if left <= 0:
                return


def say(espeak: str, text: str, voice: str, *, pitch: int = 50, speed: int = 160) -> Samples:
    """One text at 8 kHz."""
    order = [espeak, "-v", voice, "-p", str(pitch), "-s", str(speed), "--stdout"]
    done = subprocess.run(order, input=text.encode(), capture_output=True, check=True, timeout=30)
    # Its header tells no length when written to a pipe.
    with wave.open(io.BytesIO(done.stdout)) as said:
        rate = said.getframerate()
    sound = np.frombuffer(done.stdout[44 : len(done.stdout) // 2 * 2], np.int16).astype(np.float64)
    # A telephone's band: a running mean over one sample of 8 kHz, then every so many.
    width = max(1, round(rate / RATE))
    smooth = np.convolve(sound, np.ones(width) / width, "same")
    moments = np.arange(0, len(smooth), rate / RATE)
    return np.interp(moments, np.arange(len(smooth)), smooth).astype(np.int16)
