// As much of RTCPeerConnection as JsSIP asks for, over plain RTP: WebRTC itself is not this peer's subject.

import { Stream } from './rtp.mjs';

/** What `media` (a tone and a recording) sounds like to JsSIP: a stream with one audio track. */
export class Microphone {
	constructor() {
		this.track = { kind: 'audio', enabled: true, stop() {} };
	}

	getTracks() { return [this.track]; }
	getAudioTracks() { return [this.track]; }
	getVideoTracks() { return []; }
}

/** The class for `globalThis.RTCPeerConnection`. */
export function peerConnection(hertz, recording) {
	return class RTCPeerConnection extends EventTarget {
		constructor() {
			super();
			this.stream = new Stream(hertz, recording);
			this.iceGatheringState = 'complete';
			this.iceConnectionState = 'connected';
			this.signalingState = 'stable';
			this.localDescription = null;
			this.remoteDescription = null;
			this.senders = [];
			this.version = 0;
		}

		addTrack(track) { this.senders.push({ track, dtmf: null }); }
		getSenders() { return this.senders; }
		getReceivers() { return []; }

		async describe(type) {
			this.port ??= await this.stream.open();
			this.version += 1;
			const lines = [
				'v=0', `o=- 1 ${this.version} IN IP4 127.0.0.1`, 's=-', 'c=IN IP4 127.0.0.1', 't=0 0',
				`m=audio ${this.port} RTP/AVP 8 101`, 'a=rtpmap:8 PCMA/8000',
				'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15', 'a=sendrecv',
			];
			return { type, sdp: `${lines.join('\r\n')}\r\n` };
		}

		createOffer() { return this.describe('offer'); }
		createAnswer() { return this.describe('answer'); }

		async setLocalDescription(description) {
			this.localDescription = description;
			this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
		}

		async setRemoteDescription(description) {
			const host = /^c=IN IP4 (\S+)/m.exec(description.sdp);
			const port = /^m=audio (\d+) RTP\/AVP(?: \d+)* ?/m.exec(description.sdp);
			if (!host || !port) throw new Error('no plain audio in the description');
			this.remoteDescription = description;
			this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
			if (port[1] !== '0') this.stream.play(host[1], Number(port[1]));
		}

		close() {
			this.signalingState = 'closed';
			this.stream.close();
		}
	};
}
