// A code from WebAdmin makes this browser a panel or a station.

export interface Paired {
  site: string;
  device: string;
  username: string;
  secret: string;
  server: string;
  token?: string;
  directory?: string;
  name?: string;
}

export class PairingRefused extends Error {}

/** Trade a pairing code for a log-in. Throws PairingRefused when the code is no good. */
export async function pair(code: string, kind: "panel" | "station"): Promise<Paired> {
  const plain = code.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const answer = await fetch("/api/v1/pair", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code: plain, kind }),
  });
  if (!answer.ok) throw new PairingRefused(`pair: ${answer.status}`);
  const given = (await answer.json()) as Paired & { wss?: string };
  return { ...given, server: given.wss ?? given.server };
}
