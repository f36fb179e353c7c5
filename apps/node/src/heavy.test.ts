import { expect, test } from "vitest";
import { createHeavy } from "./heavy.js";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("default: one at a time, the same once, a bound, and room again afterwards", async () => {
	const heavy = createHeavy({ waiting: 3 });
	const begun: string[] = [];
	let atOnce = 0;
	const read = (name: string) =>
		heavy(name, async () => {
			begun.push(name);
			expect(++atOnce).toBe(1);
			await pause(5);
			atOnce--;
			return name;
		});
	const asked = ["a", "b", "a", "c", "a", "d", "e", "b"].map(read);
	const ended = await Promise.allSettled(asked);
	expect(ended.map((one) => (one.status === "fulfilled" ? one.value : one.reason.code))).toEqual([
		...["a", "b", "a", "c", "a", "d", "node/busy", "b"],
	]);
	expect(begun).toEqual(["a", "b", "c", "d"]);
	expect(heavy.count()).toBe(0);
	expect(await read("e")).toBe("e");
});

test("behavior: one that fails fails for all that waited for it, and holds up nobody", async () => {
	const heavy = createHeavy();
	const failing = [1, 2].map(() => heavy("a", () => Promise.reject(new Error("no"))));
	const next = heavy("b", async () => 7);
	expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
	expect(await next).toBe(7);
	expect(await heavy("a", async () => 8)).toBe(8);
});

test("behavior: who is sent away is told for how long", async () => {
	const heavy = createHeavy({ waiting: 0 });
	const first = heavy("a", () => pause(1));
	await expect(heavy("b", () => pause(1))).rejects.toMatchObject({
		code: "node/busy",
		message: expect.stringMatching(/ask again in \d+ s$/),
		details: { retryAfterSeconds: expect.any(Number) },
	});
	await first;
});
