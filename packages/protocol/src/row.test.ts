import fc from "fast-check";
import { encodePacked, type Hex, keccak256 as viemKeccak256 } from "viem";
import { expect, test } from "vitest";
import { bytesToHex, sha256, utf8 } from "./bytes.js";
import { deriveSalt, rowBytes, rowCommitment, rowDigest, rowsRoot } from "./row.js";

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const salt: Hex = `0x${"5a".repeat(32)}`;

test("default: tag, then length and UTF-8 of each field", () => {
	const bytes = rowBytes({ prompt: "é?", response: "ok" });
	expect(bytesToHex(bytes)).toBe(`${bytesToHex(utf8("openledger/row/v1"))}00000003c3a93f000000026f6b`);
	expect(rowDigest({ prompt: "é?", response: "ok" })).toBe(sha256(bytes));
});

test("behavior: the commitment is keccak256(salt ‖ bytes), as Solidity packs them", () => {
	const row = { prompt: "What is the capital of Peru?", response: "Lima." };
	const packed = encodePacked(["bytes32", "bytes"], [salt, bytesToHex(rowBytes(row))]);
	expect(rowCommitment(row, salt)).toBe(viemKeccak256(packed));
});

test("behavior: composed and decomposed letters are one row", () => {
	expect(rowDigest({ prompt: "Bogot\u00e1", response: "x" })).toBe(
		rowDigest({ prompt: "Bogota\u0301", response: "x" }),
	);
});

test("behavior: different rows have different bytes, wherever the border between the fields lies", () => {
	fc.assert(
		fc.property(text, text, text, text, (a, b, c, d) => {
			const same = a.normalize("NFC") === c.normalize("NFC") && b.normalize("NFC") === d.normalize("NFC");
			const left = bytesToHex(rowBytes({ prompt: a, response: b }));
			expect(left === bytesToHex(rowBytes({ prompt: c, response: d }))).toBe(same);
		}),
	);
	expect(rowDigest({ prompt: "ab", response: "c" })).not.toBe(rowDigest({ prompt: "a", response: "bc" }));
});

test("default: a row with turns before it has a tag of its own, their number, and role and content of each", () => {
	const row = { before: [{ role: "system", content: "é" } as const], prompt: "p", response: "r" };
	const [tag, role] = [utf8("openledger/row/v2"), utf8("system")].map(bytesToHex) as [Hex, Hex];
	const turn = `00000006${role.slice(2)}00000002c3a9`;
	expect(bytesToHex(rowBytes(row))).toBe(`${tag}00000001${turn}00000001700000000172`);
	// No turns are no conversation: the bytes that such a row always had.
	expect(rowDigest({ ...row, before: [] })).toBe(rowDigest({ prompt: "p", response: "r" }));
});

test("behavior: conversations cut or spoken otherwise have different bytes", () => {
	const said = (...roles: ("system" | "user" | "assistant")[]) => roles.map((role) => ({ role, content: "a" }));
	const rows = [
		{ prompt: "a", response: "a" },
		{ before: said("system"), prompt: "a", response: "a" },
		{ before: said("user"), prompt: "a", response: "a" },
		{ before: said("user", "assistant"), prompt: "a", response: "a" },
		{ before: [{ role: "user" as const, content: "aa" }], prompt: "", response: "a" },
		{ before: [{ role: "user" as const, content: "" }], prompt: "aa", response: "a" },
	];
	expect(new Set(rows.map(rowDigest)).size).toBe(rows.length);
});

test("behavior: a salt follows from secret and row, and from both", () => {
	const digest = rowDigest({ prompt: "p", response: "r" });
	const other = rowDigest({ prompt: "p", response: "s" });
	expect(deriveSalt(salt, digest)).toBe(deriveSalt(salt, digest));
	expect(deriveSalt(salt, digest)).toMatch(/^0x[0-9a-f]{64}$/);
	expect(new Set([deriveSalt(salt, digest), deriveSalt(salt, other), deriveSalt(digest, digest)]).size).toBe(3);
});

test("behavior: refuses half a surrogate pair, a short salt and an upper-case one", () => {
	expect(() => rowBytes({ prompt: "\ud800", response: "" })).toThrow(
		expect.objectContaining({ code: "protocol/bad-text" }),
	);
	for (const bad of ["0x", "0x00", `0x${"5A".repeat(32)}`] as const) {
		expect(() => rowCommitment({ prompt: "", response: "" }, bad)).toThrow(
			expect.objectContaining({ code: "protocol/bad-digest" }),
		);
	}
});

test("behavior: the root binds every commitment and their order", () => {
	const commitments = ["a", "b", "c"].map((name) => rowCommitment({ prompt: name, response: name }, salt));
	const roots = [commitments, commitments.slice(1), [...commitments].reverse()].map(rowsRoot);
	expect(new Set(roots).size).toBe(3);
});
