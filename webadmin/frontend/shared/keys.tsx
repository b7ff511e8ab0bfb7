// A keyboard on the screen.
import type { JSX } from "preact";
import { Delete, Icon } from "./icons";
import type { Words } from "./language";

export const LETTER_ROWS = ["1234567890", "qwertyuiopå", "asdfghjkløæ", "zxcvbnm-"] as const;
export const CODE_ROWS = ["1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"] as const;
export const DIGIT_ROWS = ["123", "456", "789", "0"] as const;

interface Given {
  words: Words;
  rows: readonly string[];
  typed: string;
  type: (text: string) => void;
  space?: boolean;
}

export function Keys({ words, rows, typed, type, space = false }: Given): JSX.Element {
  return (
    <div class="keys">
      {rows.map((row, at) => (
        <div class="keyrow" key={row}>
          {[...row].map((sign) => (
            <button type="button" key={sign} onClick={() => type(typed + sign)}>{sign.toUpperCase()}</button>
          ))}
          {at === rows.length - 1 && (
            <>
              {space && <button type="button" class="wide" aria-label={words("space")} onClick={() => type(typed + " ")}>␣</button>}
              <button type="button" class="wide" aria-label={words("erase")} onClick={() => type(typed.slice(0, -1))}>
                <Icon of={Delete} size={32} />
              </button>
            </>
          )}
        </div>
      ))}
    </div>
  );
}
