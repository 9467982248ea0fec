import { KINDS, kindsIn } from "./kinds.ts";
import type { Picture } from "./picture.ts";
import { LETTER, px, SHAPES, SIDE, text } from "./shapes.ts";

/** Entries side by side, a new line where one does not fit. */
export function legendOf(picture: Picture, width: number, top: number): { parts: string[]; bottom: number } {
  const entries = kindsIn(picture).map((kind) => ({
    words: KINDS[kind].meaning,
    shape: (x: number, y: number) => `<path class="pic-${kind}" d="${SHAPES[kind](x, y, 4.4)}"/>`,
  }));
  if (picture.rows.some(({ aimed }) => aimed)) {
    const shape = (x: number, y: number) => `<path class="pic-aimed" d="M${px(x - 6)} ${px(y)}h12"/>`;
    entries.push({ words: "aimed at, settled before sending", shape });
  }
  let x = SIDE;
  let y = top;
  const parts = entries.map(({ words, shape }) => {
    const takes = 26 + words.length * LETTER;
    if (x > SIDE && x + takes > width - 4) {
      x = SIDE;
      y += 20;
    }
    const part = `${shape(x + 6, y - 4)}${text(x + 18, y, words)}`;
    x += takes;
    return part;
  });
  return { parts, bottom: y + 4 };
}
