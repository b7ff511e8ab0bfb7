// A log-in of this browser at the PBX, as pairing or the API hands it out.

export interface Account {
  /** The site: a SIP domain. */
  site: string;
  device: string;
  username: string;
  secret: string;
  /** Where SIP over WebSocket is: ws://host:port/ws or wss://… */
  server: string;
}

/** The web origin of the PBX's HTTP side, where previews and the panel's directory are. */
export function originOf(account: Account): string {
  const url = new URL(account.server);
  return `${url.protocol === "wss:" ? "https:" : "http:"}//${url.host}`;
}
