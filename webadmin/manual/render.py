"""Renders the guide: headings, paragraphs, lists, **bold**, `code`, pictures. A small part of Markdown, for
our own texts; everything else is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

_PICTURE = re.compile(r"!\[([^\]]*)\]\(([a-z0-9-]+\.png)\)")


def render(text: str, picture: Callable[[str], str]) -> Markup:
    """HTML of a text. `picture`: the address of a picture by its file name."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("\n").join(_block(block.strip(), picture) for block in blocks if block.strip())


def _block(block: str, picture: Callable[[str], str]) -> Markup:
    heading = re.match(r"(#{1,3}) +(.+)$", block)
    if heading and "\n" not in block:
        level = len(heading[1])
        return Markup("<h{0}>{1}</h{0}>").format(level, _line(heading[2]))
    if found := _PICTURE.fullmatch(block):
        return Markup('<img src="{}" alt="{}" loading="lazy">').format(picture(found[2]), found[1])
    lines = block.split("\n")
    for sign, tag in (("- ", "ul"), ("1. ", "ol")):
        if lines[0].startswith(sign):
            items = _items(lines, tag)
            inside = Markup("").join(Markup("<li>{}</li>").format(_line(item)) for item in items)
            return Markup("<{0}>{1}</{0}>").format(Markup(tag), inside)
    return Markup("<p>{}</p>").format(_line(" ".join(line.strip() for line in lines)))


def _items(lines: list[str], tag: str) -> list[str]:
    begins = re.compile(r"- " if tag == "ul" else r"\d+\. ")
    items: list[str] = []
    for line in lines:
        if found := begins.match(line):
            items.append(line[found.end() :])
        else:
            items[-1] += " " + line.strip()
    return items


def _line(text: str) -> Markup:
    plain = str(escape(text))
    plain = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", plain)
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", plain))  # all of it was escaped above
