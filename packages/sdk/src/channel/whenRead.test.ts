import { expect, test } from "vitest";
import { whenRead } from "./whenRead.js";

const pieces = (count: number, after: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
	new Response(
		new ReadableStream<Uint8Array>({
			start(controller) {
				for (let i = 0; i < count; i++) controller.enqueue(Uint8Array.of(48 + i));
				after(controller);
			},
		}),
		{ status: 201, headers: { "x-kept": "yes" } },
	);

test("default: pieces pass through, and the end is told before the reader learns of it", async () => {
	const order: string[] = [];
	const response = whenRead(
		pieces(3, (c) => c.close()),
		async (whole) => {
			await new Promise((resolve) => setTimeout(resolve, 10));
			order.push(whole ? "ended" : "left");
		},
	);
	expect([response.status, response.headers.get("x-kept")]).toEqual([201, "yes"]);
	expect(await response.text()).toBe("012");
	order.push("read");
	expect(order).toEqual(["ended", "read"]);
});

test("behavior: told once, also when it is cancelled, breaks, or is aborted and never read", async () => {
	for (const leave of ["cancel", "break", "abort"] as const) {
		const told: boolean[] = [];
		let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
		const response = whenRead(
			pieces(2, (c) => {
				controller = c;
			}),
			async (whole) => {
				told.push(whole);
			},
		);
		if (leave === "cancel") await response.body!.cancel();
		else controller!.error(new Error("gone"));
		if (leave === "break") await expect(response.text()).rejects.toThrow("gone");
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect([leave, told]).toEqual([leave, [false]]);
	}
});
