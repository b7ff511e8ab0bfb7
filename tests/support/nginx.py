"""nginx with the configuration that we ship, on free ports, under names that lead to this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.peers import need
from tests.support.ports import free_port
from tests.support.system import ROOT

SHIPPED = ROOT / "config/nginx/doorline.conf"
PAGES, SIP = "door.localhost", "sip.door.localhost"

_AROUND = """
daemon off;
pid {0}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {0}/body;
    proxy_temp_path {0}/proxy;
    fastcgi_temp_path {0}/fastcgi;
    uwsgi_temp_path {0}/uwsgi;
    scgi_temp_path {0}/scgi;
    include {0}/doorline.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Proxy:
    """Origins by which browsers come: `pages` is WebAdmin, `sip` the PBX."""

    tls_port: int
    plain_port: int

    @property
    def pages(self) -> str:
        """WebAdmin's origin."""
        return f"https://{PAGES}:{self.tls_port}"

    @property
    def sip(self) -> str:
        """The PBX's."""
        return f"https://{SIP}:{self.tls_port}"


def proxy_ports() -> Proxy:
    """Free ports for a proxy that is started later."""
    return Proxy(free_port(), free_port())


@asynccontextmanager
async def nginx(
    scratch: Path, proxy: Proxy, web: int, pbx: int, certificate: Path, key: Path
) -> AsyncIterator[None]:
    """Run it in front of WebAdmin's port and the PBX's; fails the test where it does not take the file."""
    program = need("nginx")
    scratch.mkdir()
    text = SHIPPED.read_text()
    for shipped, here in {
        "door.example": PAGES,  # and with it sip.door.example
        "443 ssl": f"{proxy.tls_port} ssl",
        "listen 80": f"listen 127.0.0.1:{proxy.plain_port}",
        "listen [::]:80": f"listen [::1]:{proxy.plain_port}",
        "127.0.0.1:8080": f"127.0.0.1:{web}",
        "127.0.0.1:8088": f"127.0.0.1:{pbx}",
        f"/etc/letsencrypt/live/{PAGES}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{PAGES}/privkey.pem": str(key),
        "/var/www/acme": str(scratch / "acme"),
    }.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    (scratch / "doorline.conf").write_text(text)
    (scratch / "nginx.conf").write_text(_AROUND.format(scratch))
    arguments = [program, "-e", "stderr", "-p", str(scratch), "-c", str(scratch / "nginx.conf")]
    process = await asyncio.create_subprocess_exec(*arguments)
    try:
        async with asyncio.timeout(20):
            while not await _answers(proxy.tls_port):
                assert process.returncode is None, "nginx does not take the configuration"
                await asyncio.sleep(0.05)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
