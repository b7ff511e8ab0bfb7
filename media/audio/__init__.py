"""Sound: codecs, turning one into another, tones in it, prompts. Needed only where a call asks for it."""
