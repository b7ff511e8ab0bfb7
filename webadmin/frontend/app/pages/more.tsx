import type { JSX } from "preact";
import type { Words } from "../../shared/language";
import type { Desk } from "../desk";

export function MorePage(_: { desk: Desk; words: Words }): JSX.Element {
  return <p />;
}
