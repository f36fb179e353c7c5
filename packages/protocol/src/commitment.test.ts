import { createHash } from "node:crypto";
import type { Hex } from "viem";
import { expect, test } from "vitest";
import { nextCommitment } from "./commitment.js";

const [a, b, c] = ["0a", "0b", "0c"].map((byte): Hex => `0x${byte.repeat(32)}`) as [Hex, Hex, Hex];

test("default: sha256 over the parts, written out", () => {
	const bytes = Buffer.concat([
		Buffer.from("openledger/step/v1"),
		Buffer.alloc(32, 0x0a),
		Buffer.from("00000007", "hex"),
		Buffer.alloc(32, 0x0b),
		Buffer.alloc(32, 0x0c),
		Buffer.from("00000002" + "00000005" + "00000100", "hex"),
	]);
	expect(nextCommitment(a, 7, b, c, [5, 256])).toBe(`0x${createHash("sha256").update(bytes).digest("hex")}`);
});

test("behavior: everything counts, the order of the rows too", () => {
	const links = [
		nextCommitment(a, 1, b, c, [1, 2]),
		nextCommitment(b, 1, b, c, [1, 2]),
		nextCommitment(a, 2, b, c, [1, 2]),
		nextCommitment(a, 1, c, c, [1, 2]),
		nextCommitment(a, 1, b, b, [1, 2]),
		nextCommitment(a, 1, b, c, [2, 1]),
		nextCommitment(a, 1, b, c, []),
	];
	expect(new Set(links).size).toBe(links.length);
});

test("behavior: refuses a digest or a number that is none", () => {
	expect(() => nextCommitment("0x", 1, b, c, [])).toThrow(expect.objectContaining({ code: "protocol/bad-digest" }));
	expect(() => nextCommitment(a, -1, b, c, [])).toThrow(expect.objectContaining({ code: "protocol/bad-number" }));
	expect(() => nextCommitment(a, 1, b, c, [0.5])).toThrow(expect.objectContaining({ code: "protocol/bad-number" }));
});
