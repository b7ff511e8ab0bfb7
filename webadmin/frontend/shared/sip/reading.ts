// Reading what others send: carefully, and never throwing.

/** A content type without its parameters. */
export function plainType(type: string | undefined): string {
  return (type ?? "").split(";")[0]!.trim().toLowerCase();
}

/** JSON, or undefined where there is none that can be read. */
export function readJson(text: string | null | undefined): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The words of a Reason header (RFC 3326): `SIP;cause=200;text="Call completed elsewhere"`. */
export function readReason(header: string | undefined): { cause: number; text: string } | undefined {
  const cause = /;\s*cause\s*=\s*(\d+)/i.exec(header ?? "")?.[1];
  const text = /;\s*text\s*=\s*"([^"]*)"/i.exec(header ?? "")?.[1] ?? "";
  return cause ? { cause: Number(cause), text } : undefined;
}
