import type { Attribution, Attributor } from "@openledger/attribution";
import { expect, test } from "vitest";
import { reopening } from "./reopening.js";

test("default: opened once at the first use; put away, every use opens it and gives it back", () => {
	const log: string[] = [];
	const open = (): Attributor => {
		log.push("open");
		return {
			query: () => {
				log.push("query");
				return Int8Array.of(1);
			},
			attribute: () => {
				log.push("attribute");
				return {} as Attribution;
			},
			close: () => log.push("close"),
		};
	};
	const answer = { promptTokens: [1], responseTokens: [2] };
	const attributor = reopening(open);
	expect(log).toEqual([]);
	attributor.query(answer);
	attributor.attribute(answer);
	attributor.close();
	attributor.close();
	expect(log.splice(0)).toEqual(["open", "query", "attribute", "close"]);
	attributor.attribute(answer);
	expect(log.splice(0)).toEqual(["open", "attribute", "close"]);
	const failing = reopening(() => ({
		...open(),
		attribute: () => {
			throw new Error("no memory");
		},
	}));
	failing.close();
	expect(() => failing.attribute(answer)).toThrow("no memory");
	expect(log.splice(0)).toEqual(["open", "close"]);
});
