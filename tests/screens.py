"""`python -m tests.screens [DIRECTORY [PATH ...]]`: pictures of all pages of WebAdmin, or these, to look at.

In both languages, light and dark, on a phone and a desktop; by default in var/screenshots. Not in the
repository, except those that the manual shows.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.support.admin_pages import OUTSIDE, Pages, served
from tests.support.faces import Chromium, chromium

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")
LANGUAGES = ("nb", "en")
TALL = "() => document.documentElement.scrollHeight"


def name_of(path: str) -> str:
    """A file name for a page."""
    return path.strip("/").replace("/", "-") or "overview"


async def shoot(browser: Chromium, pages: Pages, target: Path, only: list[str]) -> int:
    """Take all pictures; how many."""
    page = await browser.open("a", f"{pages.url}/sign-in")
    count = 0
    for inside, paths in ((False, OUTSIDE), (True, pages.paths)):
        if inside:
            await page.do("goto", url=pages.link)
            await page.click("main button")
            await page.see("aside.side")
        for language in LANGUAGES:
            for path in [each for each in only if (each not in OUTSIDE) is inside] if only else paths:
                await page.do("goto", url=f"{pages.url}{path}?lang={language}")
                for size, (width, height) in SIZES.items():
                    for scheme in SCHEMES:
                        await page.do("look", width=width, height=height, scheme=scheme)
                        tall = await page.do("run", script=TALL)
                        await page.do("look", width=width, height=max(height, tall), scheme=scheme)
                        file = target / f"{name_of(path)}.{language}.{size}.{scheme}.png"
                        await page.do("shot", path=str(file), whole=True)
                        count += 1
    return count


async def run(target: Path, only: list[str]) -> int:
    """Take them all into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, served(Path(scratch)) as pages:
        async with chromium(builds=()) as browser:
            return await shoot(browser, pages, target, only)


def main() -> None:
    """Take them and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("target", type=Path, nargs="?", default=Path("var/screenshots"))
    parser.add_argument("only", nargs="*", help="paths of pages; without any, every page")
    chosen = parser.parse_args()
    target = chosen.target.absolute()
    count = asyncio.run(run(target, chosen.only))
    sys.stdout.write(f"{count} pictures in {target}\n")


if __name__ == "__main__":
    main()
