// How the page looks: paper by day, ink by night, and on paper. It must not know what stands on it.

/** Six hues that stay apart in both lights and for eyes that see fewer colours; the seventh is for all others. */
export const HUES = 6;

export const styleSheet = `
:root { color-scheme: light dark;
	--paper: #fbf9f5; --card: #ffffff; --ink: #23211d; --soft: #6b665d; --line: #e5e0d6; --mark: #fbe9b7; --mark-ink: #6d5310; --accent: #22665a;
	--hue-0: #2b7a6b; --hue-1: #d19a3d; --hue-2: #5a78b5; --hue-3: #bd6a4d; --hue-4: #8a6a9e; --hue-5: #8b9750; --hue-rest: #cfc8bb; }
@media (prefers-color-scheme: dark) { :root {
	--paper: #171719; --card: #1e1e21; --ink: #e9e5dc; --soft: #a29d92; --line: #34343a; --mark: #4b3f1c; --mark-ink: #efd48a; --accent: #7cc7b5;
	--hue-0: #58ab99; --hue-1: #dcb062; --hue-2: #88a4dd; --hue-3: #d98f74; --hue-4: #b597c9; --hue-5: #aeb973; --hue-rest: #4d4c50; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; overflow-wrap: anywhere; }
h1, h2, p, ol, ul, dl, dd, table, figure { margin: 0; padding: 0; }
a { color: inherit; text-underline-offset: .15em; text-decoration-color: var(--soft); }
a:hover { text-decoration-color: currentColor; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.serif, .reply, .response, blockquote { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", "URW Palladio L", P052, Georgia, serif; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.text { white-space: pre-wrap; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre { font-family: ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .8125rem; }

.top { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1.5rem; padding-bottom: 1rem; border-bottom: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
.top strong { color: var(--accent); font-weight: 650; letter-spacing: .01em; }
.asked { padding: 2.75rem 0 2.25rem; }
.asked h1 { font-size: 1.125rem; font-weight: 450; line-height: 1.45; color: var(--soft); }
.earlier { margin-bottom: 1rem; }
.earlier p { margin-bottom: .5rem; }
.reply { margin-top: .75rem; font-size: 2.125rem; line-height: 1.3; }
.reply.long { font-size: 1.375rem; line-height: 1.5; }
.reply.longest { font-size: 1.125rem; line-height: 1.6; }
.asked .note { margin-top: 1rem; }
mark { background: var(--mark); color: inherit; border-radius: .2em; padding: .05em .12em; margin: 0 -.04em; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.number { color: var(--mark-ink); font: 600 .75rem/1 ui-sans-serif, system-ui, sans-serif; vertical-align: super; text-decoration: none; padding: .2em .3em; }
.number:hover { text-decoration: underline; }

.facts { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
.facts div { background: var(--card); padding: .875rem 1rem 1rem; }
.facts dt { color: var(--soft); font-size: .8125rem; }
.facts dd { font-size: 1.125rem; font-weight: 550; }
.facts dd small { display: block; white-space: normal; color: var(--soft); font-weight: 400; font-size: .8125rem; }

section { margin-top: 3.25rem; }
h2 { font-size: 1.1875rem; font-weight: 620; line-height: 1.35; letter-spacing: -.005em; }
.lead { margin-top: .375rem; color: var(--soft); max-width: 40rem; }
.tag { display: inline-block; margin-left: .375rem; padding: .1rem .5rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .6875rem; font-weight: 600; letter-spacing: .01em; vertical-align: .15em; white-space: nowrap; }
.pays { color: var(--accent); }
.none { color: var(--soft); }
.empty { margin-top: 1.25rem; padding: 1rem 1.125rem; border: 1px dashed var(--line); border-radius: .625rem; color: var(--soft); }
.why { margin-top: 1rem; padding: .25rem 0 .25rem 1rem; border-left: 3px solid var(--hue-rest); color: var(--soft); }

.chart { display: block; width: 100%; height: 1rem; margin-top: 1.25rem; border-radius: .3rem; overflow: hidden; background: var(--line); }
.bar { display: block; width: 100%; height: .3125rem; margin-bottom: .875rem; border-radius: .2rem; overflow: hidden; background: var(--line); }
.dot { width: .75rem; height: .75rem; flex: none; border-radius: .2rem; }
${[...Array(HUES).keys()].map((hue) => `.hue-${hue} { fill: var(--hue-${hue}); }`).join(" ")} .hue-rest { fill: var(--hue-rest); }
table { width: 100%; border-collapse: collapse; margin-top: .875rem; }
th { text-align: left; font-weight: 400; color: var(--soft); font-size: .8125rem; padding: .25rem .75rem .25rem 0; }
td { padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
.right { text-align: right; }
.who { display: flex; align-items: baseline; gap: .625rem; }
.who .dot { align-self: center; }

.rows { list-style: none; margin-top: 1.25rem; display: grid; gap: .75rem; }
.rows > li, .spans > li { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.125rem 1.125rem; scroll-margin-top: 1rem; }
.rows > li:target, .spans > li:target { border-color: var(--accent); }
.by { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem 1rem; margin-bottom: .625rem; }
.by .who { font-weight: 600; }
.by .who .soft { font-weight: 400; }
.by b { font-size: 1.0625rem; font-weight: 620; }
.prompt { color: var(--soft); }
.response { font-size: 1.1875rem; line-height: 1.5; }
.turn { color: var(--soft); font-size: .875rem; margin-top: .5rem; }
.more { margin-top: 1rem; color: var(--soft); }
.spans { list-style: none; margin-top: 1.25rem; display: grid; gap: .75rem; }
blockquote { margin: 0; font-size: 1.1875rem; line-height: 1.5; }
.places { list-style: none; margin-top: .75rem; }
.places li { padding: .5rem 0; border-top: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .125rem .875rem; align-items: baseline; }
.places li:last-child { padding-bottom: 0; }
.further { margin-top: .625rem; }
.around { flex: 1 1 18rem; }

.apart { margin-top: 1.25rem; }
.steps { margin: 1rem 0 0 1.25rem; }
.steps li { margin-top: .625rem; padding-left: .25rem; }
pre { margin: .375rem 0 0; padding: .625rem .875rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.record th { font-size: .875rem; white-space: nowrap; vertical-align: baseline; padding: .4375rem 1.25rem .4375rem 0; border-top: 1px solid var(--line); }
.record td { padding: .4375rem 0; }
.record code { font-size: .75rem; }
details { margin-top: 1.25rem; }
summary { cursor: pointer; color: var(--soft); }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .8125rem; }

@media (max-width: 34rem) {
	main { padding: 1.25rem 1rem 3rem; }
	.asked { padding: 1.75rem 0 1.5rem; }
	.reply { font-size: 1.75rem; }
	.facts { grid-template-columns: 1fr; }
	.facts div { padding: .625rem .875rem .75rem; }
	.facts dd { font-size: 1rem; }
	section { margin-top: 2.5rem; }
	.record, .record tbody, .record tr, .record th, .record td { display: block; }
	.record tr { padding: .5rem 0; border-top: 1px solid var(--line); }
	.record th, .record td { border: 0; padding: 0; }
}
@media print {
	:root { --paper: #fff; --card: #fff; --ink: #000; --soft: #555; --line: #ccc; --mark: #f3e3ac; --mark-ink: #5a4408; --accent: #1d594e; }
	body { font-size: 10.5pt; }
	main { max-width: none; padding: 0; }
	.chart, .bar, .dot, mark { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
	.rows > li, .spans > li, tr, .facts { break-inside: avoid; }
	h2, .lead { break-after: avoid; }
	section { margin-top: 2rem; }
	.asked { padding: 1.5rem 0; }
	details { display: none; }
	@page { margin: 18mm 16mm; }
}
`;
