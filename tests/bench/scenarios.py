"""The calls of the bench as SIPp scenarios: callers challenged or not, telephones that answer or ring."""

from __future__ import annotations

SDP = """v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 8 101
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
"""
HEAD = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="bench">\n'
VIA = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch{}]"


def _send(text: str, *, repeats: bool = False, more: str = "") -> str:
    again = ' retrans="500"' if repeats else ""
    return f"<send{again}{more}><![CDATA[\n{text}\n]]></send>\n"


def _invite(site: str, cseq: int, answer: str) -> str:
    return _send(
        f"INVITE sip:[field2]@{site} SIP/2.0\n{VIA.format('')}\n"
        f"From: <sip:[field0]@{site}>;tag=[pid]t[call_number]\nTo: <sip:[field2]@{site}>\n"
        f"Call-ID: [call_id]\nCSeq: {cseq} INVITE\n"
        f"Contact: <sip:[field0]@[local_ip]:[local_port]>\n{answer}"
        f"Max-Forwards: 70\nContent-Type: application/sdp\nContent-Length: [len]\n\n{SDP}",
        repeats=True,
    )


def _ack_refusal(site: str, *, back: int = 3, cseq: int = 1) -> str:
    """The ACK to a refusal, with the branch of the INVITE so many steps before."""
    return _send(
        f"ACK sip:[field2]@{site} SIP/2.0\n{VIA.format(-back)}\n"
        f"From: <sip:[field0]@{site}>;tag=[pid]t[call_number]\nTo: <sip:[field2]@{site}>[peer_tag_param]\n"
        f"Call-ID: [call_id]\nCSeq: {cseq} ACK\nMax-Forwards: 70\nContent-Length: 0\n"
    )


def _inside(site: str, method: str, cseq: int) -> str:
    return _send(
        f"{method} [next_url] SIP/2.0\n{VIA.format('')}\n[routes]\n"
        f"From: <sip:[field0]@{site}>;tag=[pid]t[call_number]\nTo: <sip:[field2]@{site}>[peer_tag_param]\n"
        f"Call-ID: [call_id]\nCSeq: {cseq} {method}\nMax-Forwards: 70\nContent-Length: 0\n",
        repeats=method == "BYE",
    )


_TRYING = '<recv response="100" optional="true"/>\n'
_FINAL = (
    _TRYING + '<recv response="180" optional="true"/>\n'
    '<recv response="183" optional="true"/>\n<recv response="200" rrs="true" rtd="true"/>\n'
)


def caller(site: str, *, challenged: bool) -> str:
    """INVITE (401, again with digest), 180, 200, ACK, BYE, 200. Fields: user, [authentication], called.

    Unchallenged callers meet a challenge too (`next`), as the first of a connection does.
    """
    second = _ack_refusal(site) + _invite(site, 2, "[field1]\n") + _FINAL + _inside(site, "ACK", 2)
    if challenged:
        calls = _invite(site, 1, "") + _TRYING + '<recv response="401" auth="true"/>\n' + second
    else:
        calls = (
            _invite(site, 1, "")
            + _TRYING
            + '<recv response="401" auth="true" optional="true" next="asked"/>\n'
            + _FINAL.removeprefix(_TRYING)
            + _inside(site, "ACK", 1)
            + '<nop next="talking"/>\n<label id="asked"/>\n'
            + second
            + '<label id="talking"/>\n'
        )
    return HEAD + calls + _inside(site, "BYE", 3) + '<recv response="200"/>\n</scenario>\n'


def gives_up(site: str, milliseconds: int) -> str:
    """A challenged caller who hears it ring and hangs up, at once or within so many milliseconds."""
    cancel = _send(
        f"CANCEL sip:[field2]@{site} SIP/2.0\n{VIA.format('-4')}\n"
        f"From: <sip:[field0]@{site}>;tag=[pid]t[call_number]\nTo: <sip:[field2]@{site}>\n"
        "Call-ID: [call_id]\nCSeq: 2 CANCEL\nMax-Forwards: 70\nContent-Length: 0\n",
        repeats=True,
    )
    return (
        _challenged(site)
        + _TRYING
        + '<recv response="180"/>\n'
        + f'<pause distribution="uniform" min="0" max="{milliseconds}"/>\n'
        + cancel
        + '<recv response="180" optional="true"/>\n<recv response="200"/>\n<recv response="487"/>\n'
        + _ack_refusal(site, back=8, cseq=2)
        + "</scenario>\n"
    )


def is_refused(site: str, status: int) -> str:
    """A challenged caller whom nobody answers."""
    return (
        _challenged(site)
        + _TRYING
        + f'<recv response="180" optional="true"/>\n<recv response="{status}"/>\n'
        + _ack_refusal(site, back=4, cseq=2)
        + "</scenario>\n"
    )


def _challenged(site: str) -> str:
    """INVITE, 401, ACK, INVITE with the answer."""
    return (
        HEAD
        + _invite(site, 1, "")
        + _TRYING
        + '<recv response="401" auth="true"/>\n'
        + _ack_refusal(site)
        + _invite(site, 2, "[field1]\n")
    )


_ANSWER = "[last_Via:]\n[last_Record-Route:]\n[last_From:]\n[last_To:]{}\n[last_Call-ID:]\n[last_CSeq:]\n{}"
_CONTACT = "Contact: <sip:[local_ip]:[local_port]>\n"
_TAG = ";tag=[pid]u[call_number]"


def answers(milliseconds: int = 0) -> str:
    """A telephone: 180, after a while 200, then it is hung up on."""
    pause = f'<pause milliseconds="{milliseconds}"/>\n' if milliseconds else ""
    return (
        HEAD
        + '<recv request="INVITE"/>\n'
        + _send("SIP/2.0 180 Ringing\n" + _ANSWER.format(_TAG, _CONTACT + "Content-Length: 0\n"))
        + pause
        + _send(
            "SIP/2.0 200 OK\n"
            + _ANSWER.format(
                _TAG, _CONTACT + f"Content-Type: application/sdp\nContent-Length: [len]\n\n{SDP}"
            ),
            repeats=True,
        )
        + '<recv request="ACK"/>\n<recv request="BYE"/>\n'
        + _send("SIP/2.0 200 OK\n" + _ANSWER.format("", "Content-Length: 0\n"))
        + '<timewait milliseconds="1000"/>\n</scenario>\n'
    )


def only_rings() -> str:
    """A telephone that rings until the call was answered elsewhere."""
    refusal = (
        "SIP/2.0 487 Request Terminated\n[last_Via:]\n[last_From:]\n[last_To:]"
        + _TAG
        + "\n[last_Call-ID:]\nCSeq:[$cseq]\nContent-Length: 0\n"
    )
    return (
        HEAD + '<recv request="INVITE"><action><ereg regexp=".*" search_in="hdr" header="CSeq:" '
        'assign_to="cseq"/></action></recv>\n'
        + _send("SIP/2.0 180 Ringing\n" + _ANSWER.format(_TAG, _CONTACT + "Content-Length: 0\n"))
        + '<recv request="CANCEL"/>\n'
        + _send("SIP/2.0 200 OK\n" + _ANSWER.format(_TAG, "Content-Length: 0\n"))
        + _send(refusal, repeats=True)
        + '<recv request="ACK"/>\n<timewait milliseconds="1000"/>\n</scenario>\n'
    )


def refuses(status: str = "603 Decline") -> str:
    """A telephone that rings and is then told to say no."""
    return (
        HEAD
        + '<recv request="INVITE"/>\n'
        + _send("SIP/2.0 180 Ringing\n" + _ANSWER.format(_TAG, _CONTACT + "Content-Length: 0\n"))
        + _send(f"SIP/2.0 {status}\n" + _ANSWER.format(_TAG, "Content-Length: 0\n"), repeats=True)
        + '<recv request="ACK"/>\n<timewait milliseconds="1000"/>\n</scenario>\n'
    )
