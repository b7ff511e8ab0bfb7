"""Site files: what is right is read, what is wrong is named with its line, whatever it is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.compile import compile as compile_plan
from dialplan.plan import DialPlan
from tests.webadmin.conftest import HOUSE, OFFICE
from webadmin.site_file.errors import SiteFileError
from webadmin.site_file.reader import SIZE_LIMIT, plan_faults, read

HEAD = '[organisation]\nid = "o"\nname = "O"\n[site]\ndomain = "a.example"\nname = "A"\nkind = "commercial"\n'


def faults(text: str | bytes) -> list[str]:
    try:
        declared = read(text.encode() if isinstance(text, str) else text)
    except SiteFileError as error:
        return str(error).splitlines()
    plan = compile_plan(declared.rows)
    return [] if isinstance(plan, DialPlan) else [str(each) for each in plan_faults(plan, declared.lines)]


@pytest.mark.parametrize("path", [HOUSE, OFFICE])
def test_the_demonstration_sites_are_right(path: object) -> None:
    assert faults(HOUSE.read_bytes()) == faults(OFFICE.read_bytes()) == []


def test_the_smallest_site() -> None:
    assert faults(HEAD) == []


def test_windows_line_ends_and_a_byte_order_mark_are_no_fault() -> None:
    assert faults(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode()) == []


BOTTOM = len(HEAD.splitlines())


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        ('[peple.kari]\nname = "K"', 1, 'peple: unknown key; did you mean "people"?'),
        ('[people.kari]\nname = "K"\nnumbr = "1"', 3, 'kari.numbr: unknown key; did you mean "number"?'),
        ('[people.kari]\nname = "K"\nxyz = 1', 3, "people.kari.xyz: unknown key; known here: name, user"),
        ("[people.kari]", 1, "people.kari.name: is missing"),
        ('[people.kari]\nname = ""', 2, "people.kari.name: must not be empty"),
        (f'[people.kari]\nname = "{"K" * 121}"', 2, "must have at most 120 characters"),
        ('[people.kari]\nname = "K\\u0007"', 2, "must be one line without control characters"),
        ('[people.kari]\nname = "K\\nL"', 2, "must be one line"),
        ("[people.kari]\nname = 5", 2, 'must be text in quotes, such as "101"'),
        ('[people.kari]\nname = "K"\nnumber = 101', 3, "must be text in quotes"),
        ('[people.kari]\nname = "K"\nhidden = "yes"', 3, "must be true, false, or a time with its offset"),
        ('[people.kari]\nname = "K"\nhidden = 2026-12-24T18:00:00', 3, "with its offset such as"),
        ('[people.kari]\nname = "K"\nring_station = 1', 3, "must be true or false"),
        ('[people."k k"]\nname = "K"', 1, "must begin with a letter or digit"),
        ('[people.kari]\nname = "K"\nunit = "h1"', 3, "people.kari.unit: there is no"),
        ('people = "nobody"', 1, "people: unknown key"),
        ('[people]\nkari = "K"', 2, "people.kari: must be a table"),
        ('[devices.d]\nkind = "fridge"', 2, "must be one of: 'app', 'station' or 'phone'"),
        ('[devices.d]\nkind = "phone"', 1, "the device belongs to nobody"),
        ('[groups.g]\nname = "G"\nmembers = [{}]', 3, "groups.g.members[1]: needs exactly one of person"),
        ('[groups.g]\nname = "G"\nmembers = [\n{ person = "x" },\n]', 4, "groups.g.members[1]"),
        ('[groups.g]\nname = "G"\nmembers = [\n{ person = "p", delay = -1 },\n]', 4, "must be at least 0"),
        ('[groups.g]\nname = "G"\nmembers = { person = "x" }', 3, "must be a list in [ ]"),
        ('[buttons.b]\nlabel = "B"', 1, "buttons.b: needs either person or group"),
        ('[buttons.b]\nkind = "individual"\ngroup = "g"', 1, "kind individual goes with person"),
        ('[schedules.s]\nname = "S"\nperiods = [{ start = "8", end = "9" }]', 3, "a time such as 08:30"),
        ('[schedules.s]\nname = "S"\nexceptions = [{ first = "2026" }]', 3, "must be a date such as"),
        ('[calendars.c]\nname = "C"\ndates = [2026-01-01T00:00:00Z]', 3, "must be a date such as"),
        ('[rules.r]\ndoors = []', 2, "must have at least 1 entry"),
        ("[people.kari]\n[people.kari]", 2, "not TOML: "),
        ("[people.kari", 1, "not TOML: "),
    ],
)  # fmt: skip
def test_faults_are_named_where_they_are(more: str, line: int, words: str) -> None:
    found = faults(f"{HEAD}\n{more}\n")
    assert found, "no fault"
    prefix = f"line {BOTTOM + 1 + line}: "
    assert any(each.startswith(prefix) and words in each for each in found) or (
        more.startswith("people =") and any("site.people: unknown key" in each for each in found)
    ), found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "organisation: is missing"),
        (b"\xff\xfe\x00", "line 1: the file is not UTF-8 text"),
        (b"a = 1\nb = '\xe6'", "line 2: the file is not UTF-8 text"),
        (b"#" * (SIZE_LIMIT + 1), "the file is larger than 8 MiB"),
        ("a = " + "[" * 50_000, "nested too deep"),
        ("a = " + "{a=" * 50_000, "nested too deep"),
        ("x = 1" + "0" * 100_000, "not TOML"),
        ("x = 0x" + "f" * 100_000, "x: unknown key"),
        ("x = 9999-99-99", "not TOML"),
        ("format = 2\n" + HEAD, "format: must be one of: 1"),
        (HEAD.replace("a.example", "A.example"), "must be a domain name in lower case"),
        (HEAD.replace("a.example", "a..example"), "must be a domain name"),
        (HEAD.replace("a.example", "../../etc"), "must be a domain name"),
        (HEAD.replace("a.example", "a.example\\n"), "must be a domain name"),
        (HEAD.replace("commercial", "private"), "site.kind: must be one of: 'residential' or 'commercial'"),
        (HEAD + 'time_zone = "Mars/Olympus"', "site.time_zone: "),
    ],
)
def test_whole_files_that_are_wrong(text: str | bytes, words: str) -> None:
    assert any(words in line for line in faults(text)), faults(text)


def test_faults_of_a_compiled_panel_or_controller_are_at_its_own_table() -> None:
    text = HEAD + '[buildings.b]\nname = "B"\n[panels.p]\nbuilding = "b"\nusername = "P P"\n'
    assert faults(text) == [
        f"line {BOTTOM + 5}: panels.p.username: this is no address; use 1 to 64 lower-case letters (a-z), "
        "digits, dots, hyphens or underscores"
    ]
    text = HEAD + '[panels.p]\nbuilding = "b"\ndoors = []\nkeys = { 5 = "front" }\n'
    assert all(
        line.startswith(f"line {BOTTOM + number}: panels.p")
        for line, number in zip(faults(text), (2, 4), strict=False)
    )


def test_one_id_for_two_devices_is_refused() -> None:
    text = HEAD + '[buildings.b]\nname = "B"\n[panels.p]\nbuilding = "b"\n[controllers.p]\nbuilding = "b"\n'
    assert faults(text) == [f"line {BOTTOM + 5}: controllers.p: another device has this id already"]


def test_a_thousand_faults_are_fifty_lines_and_a_count() -> None:
    text = HEAD + "".join(f"[people.p{number}]\n" for number in range(1000))
    found = faults(text)
    assert len(found) == 51
    assert found[-1] == "and 950 more faults"


def test_no_value_of_the_file_is_repeated_in_a_fault() -> None:
    text = HEAD + '[people.kari]\nname = 5\nnumber = ["hemmelig"]\nuser = { a = "hemmelig" }\n'
    assert len(faults(text)) == 3
    assert "hemmelig" not in "".join(faults(text))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    faults(content)


@given(st.text("[]{}=\"'.,#\n abkiprsu019-:T", max_size=200))
def test_any_toml_like_text_is_read_or_refused(text: str) -> None:
    assert all("\n" not in line for line in faults(HEAD + text))


@pytest.mark.parametrize("seed", range(20))
def test_a_mutated_site_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    lines = HOUSE.read_text().splitlines()
    for _ in range(25):
        mutant = list(lines)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(mutant))
            kind = chance.randrange(5)
            if kind == 0:
                del mutant[place]
            elif kind == 1:
                mutant.insert(place, chance.choice(lines))
            elif kind == 2:
                cut = chance.randrange(len(mutant[place]) + 1)
                mutant[place] = (
                    mutant[place][:cut] + chance.choice('"[]{}=.,\0\u2028é1-') + mutant[place][cut:]
                )
            elif kind == 3:
                mutant[place] = mutant[place].replace("=", "= 99999999999999999999 #", 1)
            else:
                mutant[place] = mutant[place].replace('"', "", 1)
        faults("\n".join(mutant))
