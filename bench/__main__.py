"""`python -m bench [--quick] [name ...]`: prints each figure, and all of them as one JSON object on the last line."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator

from app import logs
from bench import complete_http, decisions, inbox, long_instances, starting
from bench.figure import Figure
from bench.installation import Installations, installations

MEASUREMENTS: dict[str, Callable[[Installations, bool], Iterator[Figure]]] = {
    "complete_http": complete_http.measure,
    "long_instances": long_instances.measure,
    "inbox": inbox.measure,
    "decisions": decisions.measure,
    "starting": starting.measure,
}


def main() -> None:
    """Runs the chosen measurements, or all."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few rounds of each, to see that they run; no figures")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(MEASUREMENTS))
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.names) - set(MEASUREMENTS))
    if unknown:
        parser.error(f"no measurement is called {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    figures: dict[str, float] = {}
    sink = open(os.devnull, "w")  # noqa: SIM115 - logs are written as in production, and read by nobody, until the end
    logs.configure(stream=sink)
    with installations() as made:
        for name in chosen.names or MEASUREMENTS:
            begun = time.perf_counter()
            for figure in MEASUREMENTS[name](made, chosen.quick):
                print(figure.line(), flush=True)
                figures[figure.key] = figure.value
            print(f"{name} took {time.perf_counter() - begun:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
