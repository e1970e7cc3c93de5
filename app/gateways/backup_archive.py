"""The file of a backup: a compressed tar whose last member is the manifest, and the sealing of keys in it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import orjson
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import ProductError

MANIFEST = "manifest.json"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_LEVEL = 6
SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}
CHUNK = 1 << 20


class ArchiveRefused(ProductError):
    """The file is no whole and unchanged backup, or cannot be written or opened."""


@dataclass
class ArchiveWriter:
    """Adds members and remembers each one's size and SHA-256 for the manifest."""

    tar: tarfile.TarFile
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add_bytes(self, name: str, content: bytes) -> None:
        """Adds a member with this content."""
        self._add(name, len(content), hashlib.sha256(content).hexdigest(), BytesIO(content))

    def add_file(self, name: str, path: Path) -> None:
        """Adds a file from disk."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            file.seek(0)
            self._add(name, size, digest, file)

    def add_lines(self, name: str, lines: Iterable[bytes]) -> int:
        """Adds lines without holding them all in memory; how many."""
        count, digest = 0, hashlib.sha256()
        with tempfile.TemporaryFile() as file:
            for line in lines:
                file.write(line)
                digest.update(line)
                count += 1
            size = file.tell()
            file.seek(0)
            self._add(name, size, digest.hexdigest(), file)
        return count

    def _add(self, name: str, size: int, sha256: str, content: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self.tar.addfile(member, content)
        self.members[name] = {"size": size, "sha256": sha256}


@contextmanager
def writing(target: Path, manifest: dict[str, Any]) -> Iterator[ArchiveWriter]:
    """Writes a backup of mode 600 that gets its name only when it is whole; gzip for names in .gz, else zstd.

    `manifest` is written last, with the members added to it. Raises ArchiveRefused where the file exists already or
    its folder cannot be written.
    """
    if target.exists():
        raise ArchiveRefused(f"文件 {target} 已经存在。", f"The file {target} exists already.")
    try:
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # mode 600
    except OSError as error:
        raise ArchiveRefused(
            f"不能在 {target.parent} 里写文件：{error.strerror}。",
            f"Nothing can be written to {target.parent}: {error.strerror}.",
        ) from error
    try:
        with os.fdopen(handle, "wb") as raw, _compressed(target, raw) as out, tarfile.open(None, "w|", out) as tar:
            writer = ArchiveWriter(tar)
            yield writer
            writer.add_bytes(MANIFEST, json.dumps(manifest | {"members": dict(writer.members)}).encode())
        os.replace(draft, target)
    finally:
        if os.path.exists(draft):
            os.unlink(draft)


@contextmanager
def _compressed(target: Path, raw: IO[bytes]) -> Iterator[Any]:
    if target.suffix == ".gz":
        with gzip.GzipFile(fileobj=raw, mode="wb") as out:
            yield out
    else:
        with zstandard.ZstdCompressor(ZSTD_LEVEL).stream_writer(raw, closefd=False) as compressed:
            yield compressed


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpacks a backup into an empty folder; its manifest. Raises ArchiveRefused unless every hash is right."""
    try:
        with source.open("rb") as raw, _expanded(raw) as plain, tarfile.open(None, "r|", plain) as tar:
            for member in tar:
                if not member.isreg():
                    raise _broken(source, member.name)
                tar.extract(member, folder, filter="data")
        manifest: dict[str, Any] = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, EOFError, ValueError, tarfile.TarError, zstandard.ZstdError) as error:
        raise _broken(source, str(error)) from error
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    del found[MANIFEST]
    for name in sorted(found.keys() ^ manifest["members"].keys()):
        raise _broken(source, name)
    for name, path in found.items():
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != manifest["members"][name]["sha256"]:
                raise _broken(source, name)
    return manifest


@contextmanager
def _expanded(raw: IO[bytes]) -> Iterator[Any]:
    magic = raw.read(4)
    raw.seek(0)
    if magic == ZSTD_MAGIC:
        with zstandard.ZstdDecompressor().stream_reader(raw) as plain:
            yield plain
    elif magic[:2] == GZIP_MAGIC:
        with gzip.GzipFile(fileobj=raw) as unzipped:
            yield unzipped
    else:
        raise ValueError("neither zstd nor gzip")


def _broken(source: Path, what: str) -> ArchiveRefused:
    return ArchiveRefused(
        f"{source.name} 不是完整无损的备份：{what}。没有恢复任何内容。",
        f"{source.name} is no whole and unchanged backup ({what}); nothing was restored.",
    )


def seal(secret: str, passphrase: str | None) -> bytes:
    """A key as it stands in the backup: sealed by the passphrase (scrypt, AES-GCM), or in clear without one."""
    if not passphrase:
        return orjson.dumps({"sealed": False, "key": secret})
    salt, nonce = os.urandom(16), os.urandom(12)
    cipher = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, secret.encode(), None)
    parts = {"salt": salt, "nonce": nonce, "cipher": cipher}
    return orjson.dumps({"sealed": True} | {name: base64.b64encode(part).decode() for name, part in parts.items()})


def unseal(content: bytes, passphrase: str | None) -> str:
    """The key; raises ArchiveRefused where the passphrase is missing or wrong."""
    given = orjson.loads(content)
    if not given["sealed"]:
        return str(given["key"])
    salt, nonce, cipher = (base64.b64decode(given[name]) for name in ("salt", "nonce", "cipher"))
    try:
        return AESGCM(_stretched(passphrase or "", salt)).decrypt(nonce, cipher, None).decode()
    except InvalidTag as error:
        raise ArchiveRefused(
            "备份里的密钥已加密：BACKUP_PASSPHRASE 缺少或不正确。",
            "The keys in this backup are sealed: BACKUP_PASSPHRASE is missing or wrong.",
        ) from error


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, dklen=32, **SCRYPT)
