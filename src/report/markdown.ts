/** A text that stays in its line and cell, whatever a target's name or a path holds; GitHub renders `<` as HTML. */
export const cell = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\|<`*_[\]]/g, (mark) => `\\${mark}`);
