// Markup in which every value is escaped unless it is markup itself: a stranger's text can become nothing but text.
// It must not know what is shown.

import { visibleText } from "../output/visibleText.js";

export type Markup = { readonly markup: string };
export type Inserted = string | number | Markup | undefined | false | readonly Inserted[];

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

/** The tag of markup templates: html`<p>${text}</p>`. Undefined and false insert nothing, a list its items one after the other. */
export function html(parts: TemplateStringsArray, ...values: readonly Inserted[]): Markup {
	return { markup: parts.reduce((all, part, i) => all + markupOf(values[i - 1]) + part) };
}

/** A stranger's text, isolated, so that writing from right to left turns around nothing beside it. */
export function said(text: string): Markup {
	return html`<bdi>${text}</bdi>`;
}

function markupOf(value: Inserted): string {
	if (value === undefined || value === false) return "";
	if (typeof value === "string") return visibleText(value).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
	if (typeof value === "number") return String(value);
	return "markup" in value ? value.markup : value.map(markupOf).join("");
}
