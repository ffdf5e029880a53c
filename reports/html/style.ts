/** The page's whole style sheet; its hash is in the page's policy. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--panel:#f6f8fa;--line:#d0d7de;--link:#0a58ca;
--pass:#0b6b4f;--fail:#b03a00;--inconclusive:#7a5600;
--chart-ink:#333332;--chart-faint:#e2e5e9;--chart-gap:#fff;--chart-blue:#0072b2;--chart-sky:#56b4e9;--chart-green:#009e73;--chart-orange:#e69f00;--chart-vermillion:#d55e00;--chart-purple:#b8608f;--chart-grey:#7f7f7f}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa7b4;--paper:#0f1419;--panel:#171d24;--line:#323b45;--link:#79b8ff;
--pass:#3fc99b;--fail:#ff8a4d;--inconclusive:#f2c14e;
--chart-ink:#cdd6df;--chart-faint:#2c343d;--chart-gap:#0f1419;--chart-blue:#4aa8e0;--chart-sky:#7cc7f2;--chart-green:#2dc197;--chart-vermillion:#f0803c;--chart-purple:#d99abb;--chart-grey:#9a9a9a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,body>header,footer{max-width:60rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.05rem;font-weight:600;color:var(--soft);margin:1.5rem 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:.5rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .25rem}
p{margin:.4rem 0;overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
.verdict{border-left:.5rem solid var(--tone);background:var(--panel);padding:.75rem 1rem;border-radius:.3rem}
.verdict p{font-size:1.2rem}
.verdict ul{margin:.4rem 0 0;padding-left:1.2rem}
.word{color:var(--tone);font-weight:700;white-space:nowrap}
.pass{--tone:var(--pass)}.fail{--tone:var(--fail)}.inconclusive{--tone:var(--inconclusive)}
.question{color:var(--soft);font-style:italic}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0;padding:0}
.figures div{background:var(--panel);border:1px solid var(--line);border-radius:.3rem;padding:.5rem .75rem}
.figures dt{color:var(--soft);font-size:.85rem}
.figures dd{margin:0;font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums}
nav ul{columns:3 11rem;padding-left:1.2rem;margin:.5rem 0}
.box{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;min-width:50%}
th,td{text-align:left;vertical-align:top;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word;max-width:26rem}
thead th{white-space:nowrap}
td{min-width:5rem}
th{color:var(--soft);font-weight:600}
tbody th{color:var(--ink)}
.number,.numbers td,.numbers th+th{text-align:right;white-space:nowrap}.short{white-space:nowrap}.wide{min-width:42rem}
td:last-child,th:last-child{padding-right:.2rem}
figure{margin:.5rem 0 0}
figure svg{display:block;height:auto;min-width:46rem;width:100%}
figure svg text{font-family:inherit}
figcaption,.note,.none{color:var(--soft);font-size:.9rem}
details{margin:.4rem 0}summary{cursor:pointer;color:var(--link);font-size:.9rem}
details .box{max-height:22rem;overflow:auto}
pre,code{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88rem}
pre{background:var(--panel);border:1px solid var(--line);border-radius:.3rem;padding:.6rem .8rem;overflow:auto;margin:.5rem 0;max-height:22rem}
.tip{position:fixed;z-index:1;pointer-events:none;white-space:pre;background:var(--panel);color:var(--ink);border:1px solid var(--line);border-radius:.3rem;padding:.3rem .5rem;font-size:.8rem}
.tools{display:flex;flex-wrap:wrap;gap:.5rem;margin:.4rem 0}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
button[aria-pressed=true]{color:var(--paper);background:var(--link)}
button{font:inherit;font-size:.9rem;color:var(--link);background:none;border:1px solid var(--line);border-radius:.3rem;padding:.1rem .6rem;cursor:pointer}
.doubts{border-left:.5rem solid var(--inconclusive);background:var(--panel);padding:.5rem 1rem .5rem 2rem;margin:.5rem 0;border-radius:.3rem}
footer{color:var(--soft);font-size:.85rem;margin:3rem auto 2rem}
@media print{:root{color-scheme:light}nav,button,.skip,.hint,.tip,.section details,.section pre{display:none}figure,.section,tr,.figures div{break-inside:avoid}h2,h3{break-after:avoid}figure svg,.wide{min-width:0}.box{overflow:visible}body,table,.note,figcaption{font-size:10px}p{font-size:11px}.figures{grid-template-columns:repeat(4,1fr)}.figures dd{font-size:13px}h1,.verdict p{font-size:14px}h2{margin-top:1.2rem}thead th,.number,.short,.numbers td,.numbers th+th{white-space:normal}}
`
