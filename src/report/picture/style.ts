const light = `.pic-paper{fill:#fff}.pic-text{fill:#1b1f24;stroke:#fff}.pic-small{fill:#57606a}.pic-red,.pic-text.pic-red{fill:#a3150d}
.pic-line{stroke:#d0d7de}.pic-axis,.pic-edge{stroke:#57606a}.pic-aimed{stroke:#1b1f24}
.pic-band{fill:#a3150d;fill-opacity:.13;stroke:#a3150d}.pic-frame{stroke:#57606a}
.pic-lost{stroke:#a3150d}.pic-own{fill:#0b5cad}.pic-fresh{stroke:#57606a}.pic-answered{fill:#0b5cad}.pic-other{stroke:#57606a}`;

const dark = `.pic-paper{fill:#12171d}.pic-text{fill:#e6e9ee;stroke:#12171d}.pic-small{fill:#a6b0bb}.pic-red,.pic-text.pic-red{fill:#ff9a90}
.pic-line{stroke:#39424d}.pic-axis,.pic-edge{stroke:#a6b0bb}.pic-aimed{stroke:#e6e9ee}
.pic-band{fill:#ff9a90;fill-opacity:.18;stroke:#ff9a90}.pic-frame{stroke:#a6b0bb}
.pic-lost{stroke:#ff9a90}.pic-own{fill:#7cc4ff}.pic-fresh{stroke:#c0c8d0}.pic-answered{fill:#7cc4ff}.pic-other{stroke:#c0c8d0}`;

/** In every picture, so that it stands alone as a file; a page's own style has none of these names. Paper is white. */
export const PICTURE_STYLE = `
.pic-text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;paint-order:stroke;stroke-width:4px;stroke-linejoin:round}.pic-small{font-size:12px}
.pic-bold,.pic-red{font-weight:600}.pic-mid{text-anchor:middle}.pic-end{text-anchor:end}
.pic-line,.pic-axis,.pic-edge,.pic-aimed,.pic-frame,.pic-lost,.pic-fresh,.pic-other{fill:none}
.pic-edge,.pic-frame{stroke-dasharray:3 3}.pic-aimed{stroke-width:4}.pic-lost{stroke-width:2}.pic-fresh,.pic-other{stroke-width:1.5}
${light}
@media screen and (prefers-color-scheme:dark){${dark}}
`;
