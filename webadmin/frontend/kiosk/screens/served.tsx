// Above every screen, as long as somebody of the house may look through this camera.
import type { JSX } from "preact";
import { Camera, Icon } from "../../shared/icons";
import { type Language, type Words, clock } from "../../shared/language";

export function Served({ words, language, until }: { words: Words; language: Language; until: Date }): JSX.Element {
  return (
    <div class="serving" role="status">
      <Icon of={Camera} size={56} />
      <p>{words("serviceUntil", clock(language, until).time)}</p>
    </div>
  );
}
