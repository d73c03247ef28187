"""The certificate with which `make run` serves https on this machine: a small authority of its own and what it issues.

The authority is kept, so that a browser which trusts it once goes on trusting; it may speak for loopback alone.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from thor.launch.paths import private

AUTHORITY_LIFE = timedelta(days=3650)
SERVER_LIFE = timedelta(days=397)  # what browsers take at most
RENEW_BEFORE = timedelta(days=30)
CLOCK_DIFFERENCE = timedelta(hours=1)  # a browser on another clock may look at a certificate made just now
NAMES = (x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1")))
PERMITTED = (x509.DNSName("localhost"), x509.IPAddress(ip_network("127.0.0.0/8")))


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, each in a file of its own."""

    certificate: Path
    key: Path

    def read(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None:
        """Return both, None when one is missing, cannot be read, or does not belong to the other."""
        try:
            certificate = x509.load_pem_x509_certificate(self.certificate.read_bytes())
            key = serialization.load_pem_private_key(self.key.read_bytes(), None)
        except (OSError, ValueError, TypeError):
            return None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.public_key() != key.public_key():
            return None
        return certificate, key

    def write(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        """Put both in place; killed in between, it leaves a pair that does not match and is made anew."""
        form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        _replace(self.key, key.private_bytes(serialization.Encoding.PEM, *form))
        _replace(self.certificate, certificate.public_bytes(serialization.Encoding.PEM))


@dataclass(frozen=True)
class Tls:
    """The files of a checkout's certificates, and whether the server's one was just made."""

    authority: Path
    server: Pair
    renewed: bool


def ensure(folder: Path, now: datetime | None = None) -> Tls:
    """Return certificates that are good for 30 more days at least, making what is missing, odd or too old."""
    now = now or datetime.now(UTC)
    private(folder)
    authority = Pair(folder / "ca.pem", folder / "ca.key")
    server = Pair(folder / "server.pem", folder / "server.key")
    kept = authority.read()
    if kept is None or kept[0].not_valid_after_utc - now < RENEW_BEFORE:
        kept = _make_authority(now)
        authority.write(*kept)
    served = server.read()
    renewed = served is None or not _is_good(served[0], kept[0], now)
    if renewed:
        server.write(*_make_server(*kept, now))
    return Tls(authority.certificate, server, renewed)


def _is_good(server: x509.Certificate, authority: x509.Certificate, now: datetime) -> bool:
    """Tell whether the authority issued this one and it lasts long enough."""
    try:
        server.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return server.not_valid_before_utc <= now and server.not_valid_after_utc - now >= RENEW_BEFORE


def _make_authority(now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Make an authority that may issue for loopback and for nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Thor on this machine ({now:%Y-%m-%d})")
    begun = now - CLOCK_DIFFERENCE
    draft = _draft(name, name, key, begun, begun + AUTHORITY_LIFE)
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    draft = draft.add_extension(_usage(signs_certificates=True), critical=True)
    draft = draft.add_extension(x509.NameConstraints(PERMITTED, None), critical=True)
    return draft.sign(key, hashes.SHA256()), key


def _make_server(
    authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey, now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Issue a certificate for 127.0.0.1 and localhost that ends no later than its authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    begun = now - CLOCK_DIFFERENCE
    ends = min(begun + SERVER_LIFE, authority.not_valid_after_utc)
    draft = _draft(_name("Thor"), authority.subject, key, begun, ends)
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_usage(signs_certificates=False), critical=True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    draft = draft.add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    draft = draft.add_extension(issuer, critical=False)
    return draft.sign(authority_key, hashes.SHA256()), key


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Thor"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    """Return what both kinds have in common."""
    draft = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
    draft = draft.serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(end)
    return draft.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _replace(path: Path, content: bytes) -> None:
    """Put a private file in place in one step."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def advice(folder: Path) -> str:
    """Say in two lines how a browser comes to trust the certificate, and what happens when it does not."""
    return f"""To trust it, import {folder / "ca.pem"} as a certificate authority; it vouches for loopback alone.
      Until then the browser warns: choose to go on, at the first visit and when Schwab sends you back."""
