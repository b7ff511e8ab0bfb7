// The visitor's picture before answering: a receive-only WebRTC session by token (after WHEP).

export interface Preview {
  stream: MediaStream;
  stop(): void;
}

/** Ask for the picture at `url`. Resolves once the session is made; pictures follow by themselves.
 *
 * The server is ICE-lite and learns our address from our checks: no candidate need be waited for.
 */
export async function watch(url: string): Promise<Preview> {
  const connection = new RTCPeerConnection({ iceServers: [] });
  const stream = new MediaStream();
  let place: string | null = null;
  let over = false;
  const stop = (): void => {
    over = true;
    connection.close();
    if (place) void fetch(place, { method: "DELETE", keepalive: true }).catch(() => undefined);
    place = null;
  };
  connection.addTransceiver("video", { direction: "recvonly" });
  connection.addEventListener("track", ({ track }) => stream.addTrack(track));
  try {
    await connection.setLocalDescription();
    const offer = connection.localDescription!.sdp;
    const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: offer });
    if (answer.status !== 201) throw new Error(`preview: ${answer.status}`);
    const location = answer.headers.get("Location");
    place = location ? new URL(location, url).href : null;
    await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  } catch (error) {
    stop();
    throw error;
  }
  if (over) throw new Error("preview: over");
  return { stream, stop };
}
