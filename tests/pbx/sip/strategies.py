"""What hypothesis draws for the tests of the codec: tokens, parameters, and bytes that look like SIP."""

from __future__ import annotations

from hypothesis import strategies as st

_TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"

tokens = st.text(_TOKEN, min_size=1, max_size=20)
hosts = st.one_of(
    st.from_regex(r"[a-z0-9]([a-z0-9\-]{0,10}[a-z0-9])?(\.[a-z]{2,5}){0,2}", fullmatch=True),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda ip: f"[{ip}]"),
)
ports = st.none() | st.integers(1, 65535)
texts = st.text(
    st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]),
    max_size=30,
)
"""What a quoted string may hold: anything but line ends and NUL."""

quoted = texts.map(lambda text: '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"')
params = st.dictionaries(
    tokens.map(str.lower),
    st.none() | tokens | hosts | quoted,
    max_size=4,
)

_SCRAPS = (
    b"INVITE sip:a@b SIP/2.0\r\n",
    b"SIP/2.0 200 OK\r\n",
    b"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n",
    b"From: <sip:a@b>;tag=1\r\n",
    b"To: <sip:c@d>\r\n",
    b"Call-ID: x\r\n",
    b"CSeq: 1 INVITE\r\n",
    b"Content-Length: 0\r\n",
    b"l: 3\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b" folded\r\n",
    b"\n",
    b"\0",
    b'"',
    b"\\",
    b"<",
    b">",
    b";",
    b",",
    b"@",
    b":",
    b"%",
    b"\xff",
)
hostile_bytes = st.binary(max_size=200) | st.lists(
    st.sampled_from(_SCRAPS) | st.binary(max_size=6), max_size=14
).map(b"".join)
hostile_text = hostile_bytes.map(lambda data: data.decode("utf-8", "surrogateescape"))
