"""`make mission`: plays both loans against the product at MISSION_URL, or against one that it starts for itself."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.mission.person import Person, Stuck
from tests.mission.stage import Stage
from tests.mission.story import bad, good
from tests.product import START_SECONDS, Product, until


def main() -> int:
    """0 when both loans came to their end and every trial balance was 0.00."""
    given = os.environ.get("MISSION_URL", "")
    if given:
        return play(given)
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), DEMO_PEOPLE_ONLY="1")  # the year of other firms would only take time
        process = product.start()
        try:
            until(product.answers, START_SECONDS)
            return play(f"http://127.0.0.1:{product.port}") or audited(product)
        finally:
            process.terminate()
            product.clean_up()


def audited(product: Product) -> int:
    """What `flask ledger check` says of the product's books; 1 where an invariant does not hold."""
    checked = product.flask("ledger", "check", "--language", "en")
    print(checked.stdout if checked.returncode else checked.stdout.splitlines()[-1], checked.stderr[-2000:], sep="\n")
    return checked.returncode


def play(address: str) -> int:
    """Both stories, a line for each stage; 1 where one got stuck or a balance was off."""
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    began = time.monotonic()
    try:
        stage = Stage(address, lambda part: Person(address, part.login, part.organisation))
        good(stage, say)
        bad(stage, say)
    except Stuck as stuck:
        print(f"STUCK: {stuck}", file=sys.stderr)
        return 1
    off = [line for line in lines if not line.endswith("trial balance 0.00")]
    print(f"{len(lines)} lines, {len(off)} trial balances off, {time.monotonic() - began:.0f} s")
    return 1 if off else 0


if __name__ == "__main__":
    raise SystemExit(main())
