"""By which names browsers reach this server, and its certificate (ARCHITECTURE decision 16)."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from webadmin.settings import Settings


def certificate_files(settings: Settings) -> tuple[Path, Path]:
    """The PEM files of chain and key: those of the settings, or those the PBX makes at its first start."""
    paths = settings.paths
    if paths.tls_certificate is not None and paths.tls_key is not None:
        return paths.tls_certificate, paths.tls_key
    return paths.var / "tls" / "server.pem", paths.var / "tls" / "server.key"


def certified_names(settings: Settings) -> list[str]:
    """The names and addresses the certificate is for, none while there is no certificate."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_files(settings)[0].read_bytes())
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (OSError, ValueError, x509.ExtensionNotFound):
        return []
    return [str(name.value) for name in found.value if isinstance(name, x509.DNSName | x509.IPAddress)]


def hosts(settings: Settings) -> list[str]:
    """Names this server answers to: a foreign page cannot reach it by a name of its own (DNS rebinding)."""
    web = settings.webadmin
    own = ["127.0.0.1", "localhost", web.host]
    if web.tls_host:
        own += [name[1:] if name.startswith("*.") else name for name in certified_names(settings)]
    public = urlsplit(web.public_url).hostname
    return list(dict.fromkeys([*own, public] if public else own))


def secure_address(settings: Settings) -> str:
    """Where other machines reach WebAdmin by HTTPS, "" if nowhere: as the settings say, or by an address
    of this machine in its network, or by a name of its certificate.
    """
    web = settings.webadmin
    if web.public_url.startswith("https://"):
        return web.public_url
    if not web.tls_host:
        return ""
    names = sorted(certified_names(settings), key=_rank)
    if not names or names[0].startswith("*"):
        return ""
    name = f"[{names[0]}]" if ":" in names[0] else names[0]
    return f"https://{name}" if web.tls_port == 443 else f"https://{name}:{web.tls_port}"


def plain_address(settings: Settings) -> str:
    """Where browsers on this machine reach WebAdmin."""
    return f"http://{settings.webadmin.host}:{settings.webadmin.port}"


def _rank(name: str) -> tuple[int, str]:
    """Names with a dot first, then addresses of the network, then names of this machine alone."""
    try:
        address = ip_address(name)
    except ValueError:
        return (0 if "." in name and not name.startswith("*") else 3, name)
    return (2 if address.is_loopback else 1, name)
