/** The page's style: light, dark, phone and paper. Contrast of all text is at least 4.5 to 1. */
export const STYLE = `
:root{--paper:#f6f8fa;--card:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--link:#0b5cad;--good:#1a6b34;--bad:#a3150d;--unknown:#6a4b00;--code:#eef1f4;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{--paper:#0b0f14;--card:#12171d;--ink:#e6e9ee;--soft:#a6b0bb;--line:#39424d;--link:#7cc4ff;--good:#7ee2a0;--bad:#ff9a90;--unknown:#f0c674;--code:#1c232b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
header,main,footer{max-width:980px;margin:0 auto;padding:0 16px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--card);padding:8px;z-index:1}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.kicker{margin:0;padding-top:14px;color:var(--soft);font-size:14px}
h1{font-size:28px;line-height:1.2;margin:2px 0 12px}
h2{font-size:20px;margin:0 0 10px}h3{font-size:16px;margin:16px 0 6px}
.good{color:var(--good)}.bad{color:var(--bad)}.unknown{color:var(--unknown)}
.first{display:grid;grid-template-columns:1fr 1fr;gap:16px;margin-bottom:16px}.first>:only-child{grid-column:1/-1}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin-bottom:16px;min-width:0}
.first section{margin:0}
p{margin:0 0 8px}p:last-child{margin-bottom:0}
pre,code{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--code);border-radius:4px}
code{padding:1px 4px;overflow-wrap:anywhere}
pre{margin:0 0 8px;padding:8px 10px;white-space:pre-wrap;overflow-wrap:anywhere}
mark{background:var(--bad);color:var(--card);padding:0 3px;border-radius:2px}
figure{margin:0}figcaption,.note{color:var(--soft);font-size:14px;margin-top:8px}
svg{max-width:100%;height:auto;display:block}.wide svg{margin:0 auto}.narrow{display:none}
.scroll{overflow-x:auto;margin-bottom:10px}
table{border-collapse:collapse;font-size:14px;width:100%}
caption{text-align:left;color:var(--soft);padding-bottom:4px}
th,td{text-align:left;vertical-align:top;padding:4px 8px 4px 0;border-top:1px solid var(--line);font-weight:400}td:last-child{overflow-wrap:anywhere}.segments{font-size:13px}.segments th,.segments td{padding-right:10px}
thead th{font-weight:600;border-top:0}
.figures td,.figures thead th+th{text-align:right}.figures{max-width:640px}.runs tbody tr:nth-child(4){font-weight:600}
.num{color:var(--soft);font-size:14px}.num,.figures td,.segments th{font-variant-numeric:tabular-nums}.num,.segments tbody th{white-space:nowrap}.losses{min-width:680px}.losses tbody th,.losses td:not(:last-child){white-space:nowrap}
.story,.side{display:grid;grid-template-columns:1fr 1fr;gap:0 24px;align-items:start}.side{grid-template-columns:repeat(auto-fit,minmax(min(100%,280px),1fr))}
.steps{padding-left:26px;margin:0}.steps li{margin-bottom:8px}
summary{cursor:pointer;padding:4px 0}
button{font:inherit;color:var(--link);background:var(--card);border:1px solid currentColor;border-radius:6px;padding:8px 14px;margin:0 8px 8px 0;cursor:pointer;min-height:44px}
footer{color:var(--soft);font-size:14px;padding-bottom:24px}
.seq{width:100%;max-width:460px;margin:0 auto}.seq text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink);text-anchor:middle}
.seq .seq-name{font-weight:600}.seq .seq-note{fill:var(--soft)}.seq-lane{stroke:var(--soft);stroke-width:2}.seq-gap{stroke:var(--soft);stroke-width:2;stroke-dasharray:2 4}
.seq-arrow path{stroke:var(--link);stroke-width:2;fill:none}.seq-arrow circle{fill:var(--card);stroke:var(--link);stroke-width:1.5}
.seq-bad path,.seq-bad circle{stroke:var(--bad)}.seq-bad path:not(.seq-head){stroke-dasharray:7 3}
@media (max-width:820px){.story{grid-template-columns:1fr}}
@media (max-width:640px){body{font-size:15px}h1{font-size:23px;margin-bottom:8px}.kicker{padding-top:8px}header,main,footer{padding:0 10px}.first{grid-template-columns:1fr;gap:8px}section{padding:10px 12px}.first h2{font-size:17px;margin-bottom:4px}.wide{display:none}.narrow{display:block}.narrow svg{margin:0 auto}}
@media print{body{background:#fff;font-size:11pt}section{break-inside:avoid;border-color:#999}button,.skip{display:none}.scroll{overflow:visible}header,main,footer{max-width:none}}
`;
