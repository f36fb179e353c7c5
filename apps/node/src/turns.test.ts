import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createTurns } from "./turns.js";

test("default: one thing's work goes in order, things go side by side, and idle waits for all of its kind", async () => {
	const turns = createTurns();
	const log: string[] = [];
	const work = (thing: string, ms: number, more?: () => void) =>
		turns(thing, async () => {
			log.push(`${thing} begins`);
			await sleep(ms);
			log.push(`${thing} ends`);
			more?.();
		});
	void work("answer a", 30, () => void work("answer c", 20));
	void turns("answer a", () => Promise.reject(new Error("failed"))).catch(() => log.push("a failed"));
	void work("answer b", 10);
	const other = work("epoch", 400);
	await turns.idle("answer ");
	expect(log).toEqual([
		...["answer a begins", "answer b begins", "epoch begins", "answer b ends", "answer a ends"],
		...["answer c begins", "a failed", "answer c ends"],
	]);
	await turns.idle("answer ");
	await other;
	await turns.idle("");
	expect(log.at(-1)).toBe("epoch ends");
});
