"""What a bench found, as the markdown table that README shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from tests.bench import calls as c
from tests.bench.calls import Kind, Run, middle, ratios, spread
from tests.bench.faces import Waits
from tests.bench.faces import rows as faces_rows
from tests.bench.latency import Ways
from tests.bench.machine import describe
from tests.bench.media import MediaResults
from tests.bench.media import rows as media_rows
from tests.bench.overload import Overload
from tests.bench.registrations import Registered
from tests.bench.relay import Pass

KINDS = (c.CHALLENGED, c.BY_FLOW, c.UNASKED, c.DOOR)


@dataclass(slots=True)
class Results:
    """All measures of one bench."""

    runs: list[Run] = field(default_factory=list)
    highest: dict[tuple[str, str], int] = field(default_factory=dict)
    registered: list[Registered] = field(default_factory=list)
    relayed: list[Pass] = field(default_factory=list)
    media: MediaResults | None = None
    faces: Waits | None = None
    set_up: Ways | None = None
    set_up_rate: int = 0
    door: Ways | None = None
    overload: Overload | None = None
    memory: float | None = None

    def failed(self) -> int:
        """Wrong results: calls that failed though nothing came late, registrations refused.

        Where messages had to be repeated, SIPp gives up calls that are in order: that is a matter of speed.
        """
        calls = sum(run.counts.failed for run in self.runs if not run.counts.repeated)
        return calls + sum(one.refused for one in self.registered)


Row = tuple[str, str, str, str, str]


def _ms(run: Run | None) -> str:
    return f"{run.cpu * 1e3:.2f} ms" if run is not None else "-"


def _call_row(results: Results, kind: Kind, peer: str, ours: Kind) -> Row | None:
    mine, theirs = middle(results.runs, ours, "doorline"), middle(results.runs, kind, peer)
    if mine is None or theirs is None:
        return None
    pairs = (
        [
            one.cpu / other.cpu
            for one, other in zip(
                (run for run in results.runs if run.kind is ours and run.server == "doorline"),
                (run for run in results.runs if run.kind is kind and run.server == peer),
                strict=False,
            )
        ]
        if ours is not kind
        else ratios(results.runs, kind, peer)
    )
    title = f"CPU of a {ours.title}, {mine.rate}/s"
    return (title, _ms(mine), f"{_ms(theirs)} ({peer})", spread(pairs), "<= 1" if peer == "kamailio" else "")


def _calls(results: Results) -> list[Row]:
    wanted = [(kind, "kamailio", kind) for kind in (c.CHALLENGED, c.BY_FLOW, c.DOOR)]
    wanted.append((c.UNASKED, "sippy", c.BY_FLOW))
    rows = [row for one in wanted if (row := _call_row(results, *one)) is not None]
    for kind in KINDS:
        found = {server: rate for (name, server), rate in results.highest.items() if name == kind.name}
        if found:
            shown = {name: str(rate or "none clean") for name, rate in found.items()}
            peers = ", ".join(f"{rate} ({name})" for name, rate in shown.items() if name != "doorline")
            rows.append((f"highest clean rate, {kind.title}", shown.get("doorline", "-"), peers, "", ""))
    return rows


def _registrations(results: Results) -> list[Row]:
    by: dict[str, list[Registered]] = {"doorline": [], "kamailio": []}
    for one in results.registered:
        by[one.server].append(one)
    if not by["doorline"]:
        return []
    ours = 1 / median(one.cpu for one in by["doorline"])
    theirs = f"{1 / median(one.cpu for one in by['kamailio']):,.0f} (kamailio)" if by["kamailio"] else "-"
    pairs = [one.cpu / other.cpu for one, other in zip(by["doorline"], by["kamailio"], strict=False)]
    ratio = f"CPU {spread(pairs)}"
    return [("registrations per CPU second, challenged", f"{ours:,.0f}", theirs, ratio, "14,000")]


def _relay(results: Results) -> list[Row]:
    ours = [row.per_packet for row in results.relayed if row.relay == "doorline"]
    theirs = [row.per_packet for row in results.relayed if row.relay == "rtpengine"]
    if not ours:
        return []
    pairs = [one / other for one, other in zip(ours, theirs, strict=False)]
    peer = f"{median(theirs) * 1e6:.1f} us (rtpengine)" if theirs else "-"
    return [
        ("CPU per relayed packet, 100 calls", f"{median(ours) * 1e6:.1f} us", peer, spread(pairs), "<= 1")
    ]


def table(results: Results) -> str:
    """The markdown table with date and machine."""
    rows = [*_calls(results), *_registrations(results), *_relay(results)]
    if results.media is not None:
        rows += media_rows(results.media)
    if results.faces is not None:
        rows += faces_rows(results.faces)
    if results.set_up is not None:
        rows.append(
            (
                f"INVITE in to INVITE out, p50 / p99, at {results.set_up_rate} calls/s",
                str(results.set_up),
                "",
                "",
                "1 / 5 ms",
            )
        )
    if results.door is not None:
        rows.append(
            (
                "digit's first packet to door command, p50 / p99, 100 calls relayed, 50 calls/s",
                str(results.door),
                "",
                "",
                "1 / 5 ms",
            )
        )
    if (beyond := results.overload) is not None:
        share = f"{beyond.twice / beyond.peak:.2f}" if beyond.peak else "-"
        title = f"calls/s carried when {2 * beyond.rate}/s are begun, beside {beyond.rate}/s"
        rows.append((title, f"{beyond.twice:.0f}, {beyond.peak:.0f}", "", share, ">= 0.8"))
        rows.append(("digit to door command meanwhile, p50 / p99", str(beyond.door), "", "", "- / 1000 ms"))
    if results.memory is not None:
        rows.append(("memory of 10,000 bindings", f"{results.memory / 2**20:.1f} MiB", "", "", "12 MiB"))
    lines = ["| measure | Doorline | peer | ratio, median (range) | aim |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    calibration = [run.calibration for run in results.runs]
    quiet = f"; fixed loop {min(calibration):.1f}-{max(calibration):.1f} ms" if calibration else ""
    return "\n".join([*lines, "", f"{datetime.now(UTC):%Y-%m-%d}, {describe()}, server on one core{quiet}."])


def summary(runs: Sequence[Run]) -> str:
    """One line a run, as they come."""
    return "\n".join(
        f"{run.server:<9} {run.kind.name:<11} {run.rate:5d}/s  {run.cpu * 1e3:7.3f} ms/call  "
        f"core {run.busy:5.0%}  failed {run.counts.failed}  repeated {run.counts.repeated}  "
        f"calibration {run.calibration:.1f} ms"
        for run in runs
    )
