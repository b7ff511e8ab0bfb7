// A resident's phone, or a panel, as a page: what happens is told by tell(), what is wanted comes by window.phone.
/* global JsSIP, tell */
// A tone would be taken for noise, or for an echo.
const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
let agent, session, connection, analyser, samples;

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

window.phone = {
  register({ user, domain, secret, url }) {
    const socket = new JsSIP.WebSocketInterface(url);
    agent = new JsSIP.UA({ sockets: [socket], uri: `sip:${user}@${domain}`, password: secret, session_timers: false });
    agent.on("registered", () => tell({ event: "registered" }));
    agent.on("registrationFailed", (e) => tell({ event: "failed", cause: e.cause }));
    agent.on("newRTCSession", ({ session: fresh, originator, request }) => {
      session = fresh;
      session.on("peerconnection", ({ peerconnection }) => follow(peerconnection));
      if (session.connection) follow(session.connection);
      for (const name of ["progress", "accepted", "confirmed", "ended", "failed", "hold", "unhold"]) {
        session.on(name, (e) => tell({ event: name, cause: (e && e.cause) || "" }));
      }
      session.on("sdp", (e) => tell({ event: "sdp", originator: e.originator, type: e.type, sdp: e.sdp }));
      if (originator === "remote") tell({ event: "incoming", body: request.body || "" });
    });
    agent.start();
  },
  answer({ video = false }) {
    session.answer({ mediaConstraints: { audio: plain, video }, pcConfig: { iceServers: [] } });
  },
  call({ target, video = true }) {
    agent.call(target, { mediaConstraints: { audio: plain, video }, pcConfig: { iceServers: [] } });
  },
  digit({ digit, way }) {
    session.sendDTMF(digit, { transportType: way === "info" ? JsSIP.C.DTMF_TRANSPORT.INFO : JsSIP.C.DTMF_TRANSPORT.RFC2833 });
  },
  hold() { session.hold(); },
  unhold() { session.unhold(); },
  hangup() { session.terminate(); },
  async stats() {
    const found = { framesDecoded: 0, loudest: 0, energy: 0, pair: "" };
    for (const one of (await connection.getStats()).values()) {
      if (one.type === "inbound-rtp" && one.kind === "video") found.framesDecoded = one.framesDecoded;
      if (one.type === "inbound-rtp" && one.kind === "audio") found.energy = one.totalAudioEnergy;
      if (one.type === "transport") { found.dtls = one.dtlsState; found.srtp = one.srtpCipher; }
    }
    if (analyser) {
      analyser.getFloatFrequencyData(samples);
      const bin = samples.indexOf(Math.max(...samples));
      found.loudest = (bin * analyser.context.sampleRate) / analyser.fftSize;
    }
    tell({ event: "stats", ...found });
  },
};
