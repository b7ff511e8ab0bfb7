// A QR code as a drawing.
import type { JSX } from "preact";
import encodeQR from "qr";

export function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  const dark = encodeQR(text, "raw", { ecc: "medium", border: 0 });
  const count = dark.length;
  let path = "";
  for (let y = 0; y < count; y++) {
    for (let x = 0; x < count; x++) if (dark[y]![x]) path += `M${x} ${y}h1v1h-1z`;
  }
  return (
    <svg class="qr" viewBox={`-4 -4 ${count + 8} ${count + 8}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect x={-4} y={-4} width={count + 8} height={count + 8} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
