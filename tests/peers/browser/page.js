// A resident's phone, or a panel, as a page: what happens is told by tell(), what is wanted comes by window.phone.
/* global JsSIP, tell */
// A tone would be taken for noise, or for an echo.
const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const pcConfig = { iceServers: [] };
let agent, session, connection, analyser, samples, tone, http, incoming, preview;

function listen(stream) {
  const context = new AudioContext();
  analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  samples = new Float32Array(analyser.frequencyBinCount);
  context.createMediaStreamSource(stream).connect(analyser);
}

function follow(fresh) {
  connection = fresh;
  connection.addEventListener("track", (event) => {
    tell({ event: "track", kind: event.track.kind });
    const stream = event.streams[0] || new MediaStream([event.track]);
    if (event.track.kind === "audio") listen(stream);
    document.getElementById("seen").srcObject = stream;
  });
  connection.addEventListener("connectionstatechange", () =>
    tell({ event: "connection", state: connection.connectionState }));
}

// Sound: a tone of this page's own, or else the browser's microphone. Picture: the browser's camera.
async function media(video) {
  const asked = { audio: tone ? false : plain, video };
  const stream = asked.audio || video ? await navigator.mediaDevices.getUserMedia(asked) : new MediaStream();
  if (tone) {
    const context = new AudioContext();
    const [source, end] = [context.createOscillator(), context.createMediaStreamDestination()];
    source.frequency.value = tone;
    source.connect(end);
    source.start();
    stream.addTrack(end.stream.getAudioTracks()[0]);
  }
  return stream;
}

// Without the PBX's candidates for UDP only TCP is left.
function byTcpOnly(sdp) {
  return sdp.replace(/^a=candidate:\S+ \d+ udp .*\r\n/gim, "");
}

// The PBX's one UDP candidate, reached through a port of the test's own.
function through(sdp, port) {
  return byUdpOnly(sdp).replace(/^(a=candidate:\S+ \d+ udp \d+ \S+) (\d+)/gim, (_, head, theirs) => {
    tell({ event: "through", port: Number(theirs) });
    return `${head} ${port}`;
  });
}

function byUdpOnly(sdp) {
  return sdp.replace(/^a=candidate:\S+ \d+ tcp .*\r\n/gim, "");
}

async function count(of) {
  const found = { framesDecoded: 0, videoIn: 0, videoOut: 0, energy: 0, freezes: 0, lost: 0, protocol: "" };
  const all = await of.getStats();
  for (const one of all.values()) {
    if (one.type === "inbound-rtp" && one.kind === "video") {
      found.framesDecoded = one.framesDecoded || 0;
      found.videoIn = one.packetsReceived;
      found.freezes = one.freezeCount || 0;
      found.lost = one.packetsLost;
    }
    if (one.type === "outbound-rtp" && one.kind === "video") found.videoOut = one.packetsSent;
    if (one.type === "inbound-rtp" && one.kind === "audio") found.energy = one.totalAudioEnergy;
    if (one.type === "transport") {
      found.dtls = one.dtlsState;
      found.srtp = one.srtpCipher;
      const pair = all.get(one.selectedCandidatePairId);
      if (pair) found.protocol = all.get(pair.localCandidateId).protocol;
    }
  }
  return found;
}

window.phone = {
  register({ user, domain, secret, url, hertz }) {
    tone = hertz;
    http = url.replace(/^ws/, "http").replace(/\/ws$/, "");
    const socket = new JsSIP.WebSocketInterface(url);
    agent = new JsSIP.UA({ sockets: [socket], uri: `sip:${user}@${domain}`, password: secret, session_timers: false });
    agent.on("registered", () => tell({ event: "registered" }));
    agent.on("registrationFailed", (e) => tell({ event: "failed", cause: e.cause }));
    agent.on("newRTCSession", ({ session: fresh, originator, request }) => {
      session = fresh;
      analyser = undefined;
      session.on("peerconnection", ({ peerconnection }) => follow(peerconnection));
      if (session.connection) follow(session.connection);
      for (const name of ["progress", "accepted", "confirmed", "ended", "failed", "hold", "unhold"]) {
        session.on(name, (e) => tell({ event: name, cause: (e && e.cause) || "" }));
      }
      session.on("reinvite", () => tell({ event: "reinvite" }));
      session.on("sdp", (e) => tell({ event: "sdp", originator: e.originator, type: e.type, sdp: e.sdp }));
      if (originator !== "remote") return;
      incoming = { at: performance.now(), path: request.getHeader("Doorline-Preview") };
      tell({ event: "incoming", body: request.body || "", preview: incoming.path || "" });
    });
    agent.start();
  },
  // The picture before the answer: told once it moves, with the milliseconds since it rang and since it was asked for.
  async watch({ tcp = false }) {
    const asked = performance.now();
    const mine = preview = { connection: new RTCPeerConnection(pcConfig) };
    mine.connection.addTransceiver("video", { direction: "recvonly" });
    mine.connection.addEventListener("track", (event) => {
      document.getElementById("preview").srcObject = new MediaStream([event.track]);
    });
    await mine.connection.setLocalDescription();
    const response = await fetch(http + incoming.path, {
      method: "POST", headers: { "content-type": "application/sdp" }, body: mine.connection.localDescription.sdp,
    });
    mine.place = response.headers.get("location");
    tell({ event: "watching", status: response.status });
    if (response.status !== 201) return;
    const sdp = await response.text();
    await mine.connection.setRemoteDescription({ type: "answer", sdp: tcp ? byTcpOnly(sdp) : sdp });
    while ((await count(mine.connection)).framesDecoded < 1) {
      if (mine.connection.connectionState === "closed") return;
      await new Promise((done) => setTimeout(done, 10));
    }
    const now = performance.now();
    tell({ event: "picture", ring: now - incoming.at, tap: now - asked });
  },
  async watched() { tell({ event: "watched", ...(await count(preview.connection)) }); },
  async unwatch() {
    const response = await fetch(http + preview.place, { method: "DELETE" });
    preview.connection.close();
    tell({ event: "unwatched", status: response.status });
  },
  async answer({ video = false, tcp = false, hostile = false, port = 0 }) {
    session.on("sdp", (e) => {
      if (port && e.originator === "remote") e.sdp = through(e.sdp, port);
      if (tcp && e.originator === "remote") e.sdp = byTcpOnly(e.sdp);
      if (hostile && e.originator === "local") e.sdp = e.sdp.replace(/a=recvonly/g, "a=sendrecv");
    });
    session.answer({ mediaStream: await media(video), pcConfig });
  },
  // Everything this page has, offered anew: a camera too, whatever was agreed before.
  async insist() {
    for (const track of (await media(true)).getVideoTracks()) {
      const place = connection.getTransceivers().find((one) => one.receiver.track.kind === "video");
      await place.sender.replaceTrack(track);
      place.direction = "sendrecv";
    }
    tell({ event: "insisted", begun: session.renegotiate({}, () => tell({ event: "renewed" })) });
  },
  async call({ target, video = true }) {
    agent.call(target, { mediaStream: await media(video), pcConfig });
  },
  digit({ digit, way }) {
    session.sendDTMF(digit, { transportType: way === "info" ? JsSIP.C.DTMF_TRANSPORT.INFO : JsSIP.C.DTMF_TRANSPORT.RFC2833 });
  },
  hold() { session.hold(); },
  unhold() { session.unhold(); },
  hangup() { session.terminate(); },
  async stats() {
    const found = { loudest: 0, ...(await count(connection)) };
    if (analyser) {
      analyser.getFloatFrequencyData(samples);
      const bin = samples.indexOf(Math.max(...samples));
      found.loudest = (bin * analyser.context.sampleRate) / analyser.fftSize;
    }
    tell({ event: "stats", ...found });
  },
};
