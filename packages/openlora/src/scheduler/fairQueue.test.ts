// The order of service: fairness between tenants, order within one, nobody lost, nobody for ever.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFairQueue, type Queued } from "./fairQueue.js";

interface Item extends Queued {
	readonly name: string;
}
const next = (queue: ReturnType<typeof createFairQueue<Item>>): Item => {
	const item = queue.inOrder().next().value as Item;
	queue.take(item);
	return item;
};

describe("fair queue", () => {
	test("default: tenants take turns by cost, however many requests one of them has", () => {
		const queue = createFairQueue<Item>();
		for (let i = 0; i < 6; i++) queue.push({ tenant: "many", cost: 10, name: `m${i}` });
		queue.push({ tenant: "few", cost: 10, name: "f0" });
		queue.push({ tenant: "few", cost: 10, name: "f1" });
		queue.push({ tenant: "large", cost: 25, name: "l0" });
		const order = Array.from({ length: 9 }, () => next(queue).name);
		expect(order).toEqual(["m0", "f0", "m1", "f1", "l0", "m2", "m3", "m4", "m5"]);
		expect(queue.size + queue.tenants).toBe(0);
	});

	test("default: the order shown is the order taken", () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 50 })), { maxLength: 40 }), (wanted) => {
				const queue = createFairQueue<Item>();
				wanted.forEach(([tenant, cost], i) => {
					queue.push({ tenant: String(tenant), cost, name: String(i) });
				});
				const shown = [...queue.inOrder()];
				expect(shown.length).toBe(wanted.length);
				expect(wanted.map(() => next(queue))).toEqual(shown);
				for (const tenant of new Set(shown.map((item) => item.tenant))) {
					const own = shown.filter((item) => item.tenant === tenant).map(({ name }) => Number(name));
					expect(own).toEqual([...own].sort((a, b) => a - b));
				}
			}),
		);
	});

	test("behavior: two tenants that always wait differ by at most one request each, over any stretch", () => {
		const event = fc.record({
			tenant: fc.nat(5),
			cost: fc.integer({ min: 1, max: 100 }),
			serve: fc.nat(2),
			cancel: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(event, { minLength: 20, maxLength: 150 }), (events) => {
				const queue = createFairQueue<Item>();
				const most = 100;
				const got = { a: 0, b: 0 };
				let [low, high] = [0, 0];
				let at = 0;
				const refill = () => {
					for (const tenant of ["a", "b"])
						while (queue.sizeOf(tenant) < 2)
							queue.push({ tenant, cost: 1 + ((7 * at++ + tenant.charCodeAt(0)) % most), name: "" });
				};
				refill();
				for (const { tenant, cost, serve, cancel } of events) {
					const other = { tenant: `t${tenant}`, cost, name: "" };
					queue.push(other);
					if (cancel) queue.remove(other);
					for (let i = 0; i < serve; i++) {
						const item = next(queue);
						if (item.tenant === "a" || item.tenant === "b") got[item.tenant] += item.cost;
						refill();
						[low, high] = [Math.min(low, got.a - got.b), Math.max(high, got.a - got.b)];
					}
				}
				// Over any stretch: the difference of two differences.
				expect(high - low).toBeLessThanOrEqual(2 * most);
			}),
			{ numRuns: 300 },
		);
	});

	test("behavior: newcomers cannot keep a request waiting for ever", () => {
		const queue = createFairQueue<Item>();
		queue.push({ tenant: "old", cost: 100, name: "old" });
		const most = 32;
		let served = 0;
		for (let i = 0; ; i++) {
			while (queue.size < most) queue.push({ tenant: `new ${i} ${queue.size}`, cost: 10, name: "new" });
			served++;
			if (next(queue).name === "old") break;
		}
		expect(served).toBeLessThanOrEqual(most * (100 / 10 + 1));
	});

	test("behavior: what is cancelled is not paid for; what is not there cannot be taken", () => {
		const queue = createFairQueue<Item>();
		const a = Array.from({ length: 3 }, (_, i) => ({ tenant: "a", cost: 10, name: `a${i}` }));
		for (const item of a) queue.push(item);
		queue.push({ tenant: "b", cost: 10, name: "b0" });
		expect(queue.remove(a[0]!)).toBe(true);
		expect(queue.remove(a[0]!)).toBe(false);
		expect([next(queue), next(queue), next(queue)].map(({ name }) => name)).toEqual(["a1", "b0", "a2"]);
		expect(() => queue.take(a[0]!)).toThrow(RangeError);
	});
});
