import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createTasks } from "./tasks.js";

test("default: one of a name at a time; others go on beside it", async () => {
	const tasks = createTasks(new AbortController().signal, () => {});
	const done: string[] = [];
	const slow = (name: string) => async () => {
		await sleep(20);
		done.push(name);
	};
	tasks.start("a", slow("a"));
	tasks.start("a", slow("a again"));
	tasks.start("b", slow("b"));
	await tasks.idle();
	expect(done.sort()).toEqual(["a", "b"]);
	tasks.start("a", slow("a later"));
	await tasks.idle();
	expect(done).toContain("a later");
});

test("behavior: a failure is told once, waited after, and forgotten by a success; a shared one is told when it stays", async () => {
	const lines: string[] = [];
	const tasks = createTasks(new AbortController().signal, (line) => lines.push(line));
	let tries = 0;
	const failing = async () => {
		tries++;
		throw new Error("the chain is away");
	};
	const begun = performance.now();
	while (tries < 2) {
		tasks.start("look", failing);
		await sleep(5);
	}
	// It waited before the second try, waits longer after it, and has told once.
	expect(performance.now() - begun).toBeGreaterThan(240);
	await tasks.idle();
	tasks.start("look", failing);
	expect(tries).toBe(2);
	expect(lines).toEqual(["look: the chain is away"]);
	tasks.start("push", () => Promise.reject(new Error("another was first")), { isShared: true });
	await tasks.idle();
	expect(lines).toHaveLength(1);
});

test("behavior: nothing begins and nothing is told after the end", async () => {
	const lines: string[] = [];
	const stop = new AbortController();
	const tasks = createTasks(stop.signal, (line) => lines.push(line));
	tasks.start("long", async () => {
		await sleep(10);
		stop.signal.throwIfAborted();
	});
	stop.abort();
	tasks.start("late", () => Promise.reject(new Error("must not begin")));
	await tasks.idle();
	expect(lines).toEqual([]);
});
