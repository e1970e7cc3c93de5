"""Uploaded files on disk, stored once under the SHA-256 of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

SHA256_HEX = 64
_roots: list[Path] = []


def use(root: Path) -> None:
    """Sets the folder that holds the files; created if it is not there."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _roots[:] = [root]


def root() -> Path:
    """The folder in use."""
    assert _roots, "create_app sets the folder for files"
    return _roots[0]


def path_of(sha256: str) -> Path:
    """Where a file of this hash lies."""
    return root() / sha256[:2] / sha256


def put(content: bytes) -> str:
    """Stores the content once, synced to disk before it gets its name, and gives its SHA-256 (hex)."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(sha256)
    if target.exists():
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, target)
    return sha256


def stored() -> list[Path]:
    """Every stored file, without drafts that are still being written."""
    return [path for path in sorted(root().glob("??/*")) if len(path.name) == SHA256_HEX]


def get(sha256: str) -> bytes:
    """The content; raises FileNotFoundError, or ValueError when what lies there is not what was stored."""
    content = path_of(sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"the file {sha256} was changed on disk")
    return content
