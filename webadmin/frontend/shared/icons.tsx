// Outlined icons (Lucide), drawn into the page; a label always stands beside them.
import { h, type JSX } from "preact";
import type { IconNode } from "lucide";

export {
  Accessibility, Bell, BellOff, BellRing, BookOpen, Check, CircleAlert, ChevronLeft, Clock, Delete, DoorClosed, DoorOpen,
  Download, Keyboard, LogOut, MessageSquare, Mic, MicOff, Moon, MoreHorizontal, Phone, PhoneCall, PhoneOff, Plus, QrCode,
  Camera, Search, Smartphone, Ticket, Trash2, User, Users, Video, Wrench, X, Contrast, ListOrdered, Share2,
} from "lucide";

/** An icon as an SVG in the colour of its text. */
export function Icon({ of, size = 24 }: { of: IconNode; size?: number }): JSX.Element {
  return (
    <svg
      width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"
      stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"
    >
      {of.map(([tag, attributes]) => h(tag, attributes as Record<string, string>))}
    </svg>
  );
}
