"""The sandbox's own certificate authority, and the TLS proxy that answers for the tenants' link hosts.

Belongs here: making certificates, and forwarding HTTPS requests to the platform's gateway. Does not: any meaning of those
requests.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALID = timedelta(days=365)
# Headers that belong to one connection, not to the request (RFC 9110, 7.6.1).
_HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authorization"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """The sandbox's TLS.

    Attributes:
        ca_file: PEM of the authority that clients verify against.
        server: context of every server here.
        client: context that trusts only this authority.
    """

    ca_file: Path
    server: ssl.SSLContext
    client: ssl.SSLContext


def make_tls(folder: Path, *, hosts: Iterable[str]) -> Tls:
    """Make (or read) ``ca.pem`` in ``folder`` and issue a new server certificate for loopback and ``hosts``."""
    ca_file, ca_key_file, server_file = folder / "ca.pem", folder / "ca-key.pem", folder / "server.pem"
    if ca_file.exists() and ca_key_file.exists():
        authority = x509.load_pem_x509_certificate(ca_file.read_bytes())
        authority_key = serialization.load_pem_private_key(ca_key_file.read_bytes(), password=None)
        if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{ca_key_file} is no elliptic-curve key; remove the folder's *.pem files.")
    else:
        authority_key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sandbox Mail World CA")])
        authority = (
            _builder(subject=name, issuer=name, key=authority_key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(authority_key, hashes.SHA256())
        )
        _write_private(ca_key_file, _pem(authority_key))
        ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in dict.fromkeys(["localhost", *hosts])]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        _builder(subject=subject, issuer=authority.subject, key=key)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write_private(server_file, _pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(server_file)
    return Tls(ca_file=ca_file, server=server, client=ssl.create_default_context(cafile=str(ca_file)))


async def serve_proxy(stack: AsyncExitStack, *, port: int, gateway_url: str | None, tls: ssl.SSLContext) -> int:
    """Forward every HTTPS request on loopback to the gateway, keeping Host; returns the port in use.

    A gateway that cannot be reached is answered with 502, and no gateway at all with 503.
    """
    client = await stack.enter_async_context(
        aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=10), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )
    )

    async def forward(request: web.BaseRequest) -> web.Response:
        if gateway_url is None:
            return web.Response(status=503, text="The sandbox was given no gateway_url.\n")
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": request.remote or "127.0.0.1"}
        try:
            async with client.request(
                request.method,
                gateway_url.rstrip("/") + request.raw_path,
                data=await request.read(),
                headers=headers,
                allow_redirects=False,
            ) as answer:
                body = await answer.read()
                kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}
                kept.pop("Content-Length", None)
                return web.Response(status=answer.status, body=body, headers=kept)
        except (aiohttp.ClientError, TimeoutError) as error:
            return web.Response(status=502, text=f"The gateway at {gateway_url} did not answer: {error}\n")

    runner = web.ServerRunner(web.Server(forward))
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls, shutdown_timeout=1)
    await site.start()
    return int(runner.addresses[0][1])


def _builder(*, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
