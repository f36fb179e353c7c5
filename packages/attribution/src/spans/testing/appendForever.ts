// Appends three rows at a time to the span index in the folder that is named, and says after each append that it is durable; is killed.

import type { Row } from "@openledger/protocol";
import { openSpanIndex } from "../store.js";

const rows: Row[] = Array.from({ length: 80 }, (_, k) => ({
	prompt: `What is said in row number ${k}?`,
	response: `Row number ${k} says that ${k} times seven is ${k * 7}.`,
}));
const store = await openSpanIndex(process.argv[2]!, { unit: 256, largest: 4 });
for (;;) {
	const at = store.index.rows;
	const { rows: now } = await store.append([0, 1, 2].map((k) => rows[(at + k) % rows.length]!));
	process.stdout.write(`${now}\n`);
}
