import fc from "fast-check";
import { expect, test } from "vitest";
import { visibleText } from "../output/visibleText.js";
import { html, said } from "./html.js";
import { HOSTILE } from "./testing/exampleReceipt.js";

test("default: values are text, markup stays markup, nothing inserts nothing", () => {
	const name = '<b> & "c"';
	expect(html`<p title="${name}">${name}</p>`.markup).toBe(
		'<p title="&lt;b&gt; &amp; &quot;c&quot;">&lt;b&gt; &amp; &quot;c&quot;</p>',
	);
	expect(html`${[1, "<", html`<br>`]}${undefined}${false}${0}`.markup).toBe("1&lt;<br>0");
	expect(said("it's").markup).toBe("<bdi>it&#39;s</bdi>");
});

test("behavior: of any text and of all that matters nothing is left that opens a tag, ends an attribute or begins an entity", () => {
	fc.assert(
		fc.property(
			fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.string({ unit: fc.constantFrom(...HOSTILE.join("")) })),
			(text) => {
				const { markup } = html`${text}`;
				expect(markup.replace(/&(?:lt|gt|quot|amp|#39);/g, "")).not.toMatch(/[<>"'&]/);
			},
		),
	);
});

test("behavior: what cannot be seen is shown, what can be is left alone", () => {
	expect(visibleText("tab\tline\n東京 שלום 🦋 e\u0301")).toBe("tab\tline\n東京 שלום 🦋 e\u0301");
	expect(visibleText("\u001b[2J\u0000\u007f")).toBe("⟨U+001B⟩[2J⟨U+0000⟩⟨U+007F⟩");
	expect(visibleText("a\u202eb\u2066c\u200bd\ud800e\u009bf")).toBe("a⟨U+202E⟩b⟨U+2066⟩c⟨U+200B⟩d⟨U+D800⟩e⟨U+009B⟩f");
	expect(visibleText("one\r\ntwo\rthree")).toBe("one\ntwo\nthree");
});

test("behavior: no character that steers a terminal, turns a line around or hides is left as it is", () => {
	// By Unicode's own classes, one by one: controls, formats, halves of pairs, separators of lines.
	const left: string[] = [];
	for (let code = 0; code <= 0x10ffff; code++) {
		const character = String.fromCodePoint(code);
		if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(visibleText(character))) left.push(code.toString(16));
	}
	expect(left).toEqual(["9", "a", "d", "200c", "200d"]);
	expect(visibleText("\r")).toBe("\n");
});
