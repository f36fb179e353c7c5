// Events in words: every one that the node tells of has a sentence and a page, and names stay harmless.

import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { sayActivity } from "./sayActivity.js";
import type { Said } from "./useActivity.js";

const said = (event: string, args: Said["args"]): Said => ({
	...{ kind: "event", at: 1, event, args, block: "5", logIndex: 0, transactionHash: `0x${"77".repeat(32)}` },
});
const datanetId = `0x${"Aa".repeat(32)}`;
const contributor = `0x${"bB".repeat(20)}`;
const textOf = (html: string) => html.replace(/<[^>]*>/g, "");

test("default: a contribution names who and what, and leads to its datanet", () => {
	const names = { [datanetId.toLowerCase()]: "world", [contributor.toLowerCase()]: "ada" };
	const args = { datanetId, contributor, acceptedRows: 12 };
	const { text, href, label } = sayActivity(said("datanetRegistry.ContributionAccepted", args), names);
	expect([label, textOf(renderToStaticMarkup(text)), href]).toEqual([
		"Contribution",
		"12 rows of ada are taken into world",
		`/datanets/${datanetId}`,
	]);
});

test("behavior: names are strangers' texts: markup stays text, hidden characters are shown, long ones are cut", () => {
	const names = { [contributor.toLowerCase()]: `<img src=x onerror=alert(1)>\u202e${"x".repeat(100_000)}` };
	const html = renderToStaticMarkup(
		sayActivity(said("openGovernor.VoteCast", { proposalId: "7", voter: contributor }), names).text,
	);
	expect(html).not.toContain("<img");
	expect(html).toContain("&lt;img");
	expect(html).toContain("‹U+202E›");
	expect(html.length).toBeLessThan(300);
});

test("behavior: what it has no words for leads to its transaction; ids cannot leave their path", () => {
	expect(sayActivity(said("some.Other", {}), {}).href).toBe(`/network/transactions/0x${"77".repeat(32)}`);
	const evil = said("modelRegistry.ModelPublished", { modelId: "../../x?y#z", owner: contributor });
	expect(sayActivity(evil, {}).href).toBe("/models/..%2F..%2Fx%3Fy%23z");
});
