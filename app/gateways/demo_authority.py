"""The sandbox's certification authority: its keys are made once, and each signature gets a certificate of its own."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.gateways.e_signature import Signatory

# a demo moves its business date: the authority is older than every contract and outlives it
FROM, UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
CERTIFICATE_LIFE = timedelta(hours=1)
AUTHORITY, TIME_AUTHORITY = "演示电子认证机构 Demo certification authority", "演示时间戳机构 Demo time-stamp authority"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Identity:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: Key


@dataclass(frozen=True)
class Authority:
    """The root that is trusted, and the time-stamp authority under it."""

    root: Identity
    clock: Identity

    def issue(self, signatory: Signatory, at: datetime) -> Identity:
        """A certificate for one act of signing; its key lives as long as the act, so nobody else ever holds it."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, signatory.organisation[:64]),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, signatory.credit_code or "-"),
                x509.NameAttribute(NameOID.COMMON_NAME, signatory.person[:64]),
            ]
        )
        valid = (at - timedelta(minutes=5), at + CERTIFICATE_LIFE)
        usage = _usage(digital_signature=True, content_commitment=True)
        built = _built(subject, self.root.certificate.subject, key, valid).add_extension(usage, critical=True)
        return Identity(built.sign(self.root.key, hashes.SHA256()), key)


def kept_authority(folder: Path) -> Authority:
    """The authority whose keys lie in `folder` (mode 600), made on first use; two processes at once get the same."""
    path = key_file(folder)
    if not path.exists():
        draft = _draft(folder, _pem(_made()))
        try:
            os.link(draft, path)  # fails where somebody else was first, so nobody reads half a file
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return _read(path.read_bytes())


def key_file(folder: Path) -> Path:
    """Where an authority's keys lie."""
    return folder / "demo_authority.pem"


def take_over(folder: Path, pem: bytes) -> None:
    """Puts another authority's keys in the place of those in `folder`; ValueError for what is none."""
    _read(pem)
    os.replace(_draft(folder, pem), key_file(folder))


def _draft(folder: Path, content: bytes) -> str:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=folder)  # mode 600
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return draft


def _made() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(AUTHORITY)
    root = _built(name, name, key, (FROM, UNTIL)).add_extension(x509.BasicConstraints(True, None), critical=True)
    root = root.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    # pyHanko's own time stamper signs with RSA and reads the key anew each time: 35 ms, with 3072 bits 110 ms
    clock_key = rsa.generate_private_key(65537, 2048)
    clock = _built(_name(TIME_AUTHORITY), name, clock_key, (FROM, UNTIL))
    clock = clock.add_extension(_usage(digital_signature=True), critical=True)
    clock = clock.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Authority(
        Identity(root.sign(key, hashes.SHA256()), key), Identity(clock.sign(key, hashes.SHA256()), clock_key)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _built(
    subject: x509.Name, issuer: x509.Name, key: Key, valid: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
    )


def _usage(**given: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    all_names = (*names, "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**(dict.fromkeys(all_names, False) | given))


def _pem(authority: Authority) -> bytes:
    parts = []
    for identity in (authority.root, authority.clock):
        parts.append(identity.certificate.public_bytes(serialization.Encoding.PEM))
        parts.append(
            identity.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return b"".join(parts)


def _read(pem: bytes) -> Authority:
    certificates = x509.load_pem_x509_certificates(pem)
    end = b"-----END PRIVATE KEY-----\n"
    keys = [part[part.index(b"-----BEGIN PRIVATE KEY-----") :] + end for part in pem.split(end)[:-1]]
    root, clock = (serialization.load_pem_private_key(key, password=None) for key in keys)
    assert isinstance(root, ec.EllipticCurvePrivateKey) and isinstance(clock, rsa.RSAPrivateKey)
    return Authority(Identity(certificates[0], root), Identity(certificates[1], clock))
