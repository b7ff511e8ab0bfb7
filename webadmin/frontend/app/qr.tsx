// A QR code as a drawing.
import type { JSX } from "preact";
import encodeQR from "qr";

export function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  const dark = encodeQR(text, "raw", { ecc: "medium", border: 4 });
  const count = dark.length;
  let path = "";
  for (let y = 0; y < count; y++) {
    for (let x = 0; x < count; x++) if (dark[y]![x]) path += `M${x} ${y}h1v1h-1z`;
  }
  return (
    <svg class="qr" viewBox={`0 0 ${count} ${count}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={count} height={count} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
