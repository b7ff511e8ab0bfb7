"""A provisioning file as Linphone takes it by URL, QR code or file (its remote provisioning, lpconfig)."""

from __future__ import annotations

from xml.sax.saxutils import escape

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.linphone.org/xsds/lpconfig.xsd lpconfig.xsd">\n'
)


def provisioning(
    *, domain: str, username: str, secret: str, name: str, server: str, algorithm: str = "MD5"
) -> str:
    """The file for one account.

    Args:
        server: where to register, such as "sip:192.0.2.1:5061;transport=tls".
        name: shown by the phone, and to those it calls.
    """
    quoted = name.replace("\\", "").replace('"', "")
    identity = f'"{quoted}" <sip:{username}@{domain}>' if quoted else f"<sip:{username}@{domain}>"
    sections = {
        "sip": {"default_proxy": "0", "register_only_when_network_is_up": "1"},
        "auth_info_0": {
            "username": username,
            "userid": username,
            "passwd": secret,
            "realm": domain,
            "domain": domain,
            "algorithm": algorithm,
        },
        "proxy_0": {
            "reg_proxy": f"<{server}>",
            "reg_route": f"<{server};lr>",
            "reg_identity": identity,
            "realm": domain,
            "reg_expires": "600",
            "reg_sendregister": "1",
            "publish": "0",
        },
    }
    parts = [_HEAD]
    for section, entries in sections.items():
        parts.append(f'  <section name="{section}">\n')
        parts += [
            f'    <entry name="{key}" overwrite="true">{escape(value)}</entry>\n'
            for key, value in entries.items()
        ]
        parts.append("  </section>\n")
    return "".join([*parts, "</config>\n"])
