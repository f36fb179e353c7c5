import { expect, test } from "vitest";
import { createLanes } from "./lanes.js";

test("default: the lowest free lane; when all are taken, who waits first is served first", async () => {
	const lanes = createLanes(2);
	const [a, b] = [await lanes.take(), await lanes.take()];
	expect([a.number, b.number]).toEqual([0, 1]);
	const order: string[] = [];
	const first = lanes.take().then((lane) => order.push(`first ${lane.number}`) && lane);
	const second = lanes.take().then((lane) => order.push(`second ${lane.number}`) && lane);
	b.free();
	b.free();
	await first;
	a.free();
	await second;
	expect(order).toEqual(["first 1", "second 0"]);
});

test("behavior: a lane that is wanted by its number is waited for, and others pass by", async () => {
	const lanes = createLanes(2);
	const zero = await lanes.take(0);
	let got = false;
	const again = lanes.take(0).then((lane) => {
		got = true;
		return lane;
	});
	expect((await lanes.take()).number).toBe(1);
	expect(got).toBe(false);
	zero.free();
	expect((await again).number).toBe(0);
});

test("behavior: no new lane is begun while one that was used is ending", async () => {
	const lanes = createLanes(3);
	const zero = await lanes.take();
	zero.ending();
	const next = lanes.take();
	await new Promise((resolve) => setTimeout(resolve, 20));
	zero.free();
	expect((await next).number).toBe(0);
	expect((await lanes.take()).number).toBe(1);
});
