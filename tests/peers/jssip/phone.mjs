// A resident's app in Node: JsSIP over a WebSocket, steered by JSON lines like tests/peers/pjsua_phone.py.
//
//     node phone.mjs --record heard.wav --tone 800 [--ca ca.pem] [--origin https://door.example] [--refresh MS]
//
// Commands on stdin, `do` names them: register, call, answer, refuse, hangup, info, lose, quit. Events on
// stdout, `event` names them: ready, connected, refused, closed, registration, incoming, state, digit, message
// (each SIP message whole, `way` in or out). Times are monotonic nanoseconds.
//
// --refresh: JsSIP refreshes a session at half its interval, never under 45 s; that one timer is shortened.
// What is said and asked on the wire stays as JsSIP makes it.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import JsSIP from 'jssip';
import { WebSocket as Socket } from 'ws';
import { Microphone, peerConnection } from './peer_connection.mjs';
import { Recording } from './rtp.mjs';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values: options } = parseArgs({
	options: { record: text('/dev/null'), tone: text('440'), ca: text(''), origin: text(''), refresh: text('0') },
});

function say(event, more = {}) {
	process.stdout.write(`${JSON.stringify({ event, ns: Number(process.hrtime.bigint()), ...more })}\n`);
}

/** The browser's WebSocket, as far as JsSIP knows it. */
class WebSocket extends Socket {
	constructor(url, protocols) {
		const ca = options.ca ? readFileSync(options.ca) : undefined;
		super(url, protocols, { origin: options.origin || undefined, ca });
		this.on('open', () => say('connected', { protocol: this.protocol }));
		this.on('unexpected-response', (_, response) => {
			say('refused', { code: response.statusCode });
			this.emit('close', 1006, Buffer.alloc(0));
		});
		this.on('error', (fault) => say('fault', { text: fault.message }));
		this.on('close', (code) => say('closed', { code }));
		this.on('message', (data) => say('message', { way: 'in', text: data.toString() }));
		phone.socket = this;
	}

	send(data) {
		say('message', { way: 'out', text: data.toString() });
		super.send(data);
	}
}

if (Number(options.refresh)) {
	const set = globalThis.setTimeout;
	globalThis.setTimeout = (what, delay, ...more) =>
		set(what, delay === 45_000 ? Number(options.refresh) : delay, ...more);
}
Object.assign(globalThis, {
	window: globalThis,
	WebSocket,
	RTCPeerConnection: peerConnection(Number(options.tone), new Recording(options.record)),
	RTCSessionDescription: class { constructor(description) { Object.assign(this, description); } },
});

/** A call that came or is made; `cause` is JsSIP's own word, `missed` what an app would show of it. */
function follow({ originator, session, request }) {
	phone.session = session;
	const incoming = originator === 'remote';
	if (incoming) say('incoming', { remote: request.from.uri.toString(), text: request.data });
	session.on('progress', () => say('state', { state: 'EARLY' }));
	session.on('confirmed', () => say('state', { state: 'CONFIRMED' }));
	session.on('newDTMF', ({ originator: who, dtmf }) => who === 'remote' && say('digit', { digit: dtmf.tone }));
	for (const end of ['failed', 'ended']) {
		session.on(end, ({ originator: who, message, cause }) => {
			const reason = message?.getHeader?.('Reason') ?? '';
			const elsewhere = /^SIP\s*;.*cause=200\b/i.test(reason);
			const missed = end === 'failed' && incoming && who === 'remote' && !elsewhere;
			say('state', { state: 'DISCONNECTED', code: message?.status_code ?? 0, cause, reason, elsewhere, missed });
		});
	}
}

const media = { mediaStream: new Microphone(), mediaConstraints: { audio: true, video: false } };

const phone = {
	session: null,
	socket: null,
	agent: null,

	/** `server` is the URL of the WebSocket. A lost connection is tried again after `recovery` seconds. */
	register({ user, domain, secret, server, aor = user, recovery = 3 }) {
		this.agent = new JsSIP.UA({
			sockets: [new JsSIP.WebSocketInterface(server)],
			uri: `sip:${aor}@${domain}`,
			authorization_user: user,
			password: secret,
			connection_recovery_min_interval: recovery,
			connection_recovery_max_interval: recovery,
		});
		this.agent.on('registered', ({ response }) => say('registration', { code: response.status_code }));
		this.agent.on('registrationFailed', ({ response, cause }) =>
			say('registration', { code: response?.status_code ?? 0, cause }));
		this.agent.on('newRTCSession', follow);
		this.agent.start();
	},
	call({ to }) { this.agent.call(to, media); },
	answer() { this.session.answer(media); },
	refuse({ code = 603 }) { this.session.terminate({ status_code: code }); },
	hangup() { this.session.terminate(); },
	info({ digits }) { this.session.sendDTMF(digits, { duration: 160, interToneGap: 200 }); },
	/** The connection breaks without a word, as when a phone leaves its network. */
	lose() { this.socket.terminate(); },
	quit() {
		this.agent?.stop();
		setTimeout(() => process.exit(0), 300);
	},
};

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
	const { do: verb, ...more } = JSON.parse(line);
	try {
		phone[verb](more);
	} catch (fault) {
		say('fault', { do: verb, text: String(fault) });
	}
});
lines.on('close', () => phone.quit());
say('ready');
