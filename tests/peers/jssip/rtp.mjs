// Plain RTP in the place of WebRTC: a tone goes out as PCMA, what comes in is written down as samples.

import { createSocket } from 'node:dgram';
import { openSync, writeSync } from 'node:fs';

const RATE = 8000;
const PCMA = 8;
const FRAME = 160; // 20 ms

/** One 16-bit sample as A-law (ITU-T G.711). */
function toAlaw(sample) {
	const magnitude = (sample >= 0 ? sample : -sample - 1) >> 3;
	const segment = magnitude < 32 ? 0 : Math.floor(Math.log2(magnitude)) - 4;
	const step = (magnitude >> Math.max(segment, 1)) & 0x0f;
	return ((sample >= 0 ? 0x80 : 0) | (segment << 4) | step) ^ 0x55;
}

/** One byte of A-law as a 16-bit sample. */
function fromAlaw(byte) {
	const code = byte ^ 0x55;
	const exponent = (code >> 4) & 7;
	let magnitude = ((code & 0x0f) << 4) | 8;
	if (exponent > 0) magnitude = (magnitude | 0x100) << (exponent - 1);
	return code & 0x80 ? magnitude : -magnitude;
}

const DECODED = Int16Array.from({ length: 256 }, (_, byte) => fromAlaw(byte));

/** One second of a tone; whole hertz come round without a click. */
function second(hertz) {
	const samples = Array.from({ length: RATE }, (_, n) => Math.round(9000 * Math.sin((2 * Math.PI * hertz * n) / RATE)));
	return Buffer.from(samples.map(toAlaw));
}

/** Samples after the 44 bytes a WAV header takes, for whoever listens to recordings. */
export class Recording {
	constructor(path) {
		this.file = openSync(path, 'w');
		writeSync(this.file, Buffer.alloc(44));
	}

	add(payload) {
		writeSync(this.file, Buffer.from(Int16Array.from(payload, (byte) => DECODED[byte]).buffer));
	}
}

/** A UDP port of 127.0.0.1 with a stream each way. */
export class Stream {
	constructor(hertz, recording) {
		this.payload = second(hertz);
		this.recording = recording;
		this.socket = createSocket('udp4');
		this.socket.on('message', (packet) => this.received(packet));
		this.packets = 0;
		this.closed = false;
	}

	open() {
		return new Promise((resolve, reject) => {
			this.socket.once('error', reject);
			this.socket.bind(0, '127.0.0.1', () => resolve(this.socket.address().port));
		});
	}

	/** Play to this place from now on; asked again, only the place changes. */
	play(host, port) {
		this.place = [port, host];
		if (this.timer || this.closed) return;
		this.begun = Date.now();
		this.sent = 0;
		this.timer = setInterval(() => this.send(), 20);
	}

	send() {
		for (const due = (Date.now() - this.begun) / 20; this.sent < due; this.sent += 1) {
			const packet = Buffer.alloc(12 + FRAME);
			packet[0] = 0x80;
			packet[1] = PCMA | (this.sent ? 0 : 0x80);
			packet.writeUInt16BE(this.sent & 0xffff, 2);
			packet.writeUInt32BE((this.sent * FRAME) >>> 0, 4);
			packet.writeUInt32BE(0x0d00811e, 8);
			const from = (this.sent * FRAME) % RATE;
			this.payload.copy(packet, 12, from, from + FRAME);
			this.socket.send(packet, ...this.place, () => {});
		}
	}

	received(packet) {
		if (packet.length > 12 && (packet[1] & 0x7f) === PCMA) {
			this.packets += 1;
			this.recording.add(packet.subarray(12));
		}
	}

	close() {
		if (this.closed) return;
		this.closed = true;
		clearInterval(this.timer);
		this.socket.close();
	}
}
