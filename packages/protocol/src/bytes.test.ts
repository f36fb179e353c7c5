import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, concatBytes, hexToBytes, isWellFormed, keccak256, sha256, uint32, utf8 } from "./bytes.js";

describe("hashes", () => {
	// NIST FIPS 180-4 example computations (SHA256.pdf) and the empty message.
	test.each([
		["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
		["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
		[
			"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
		],
		["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
	])("sha256 vector %#", (text, digest) => {
		expect(sha256(utf8(text))).toBe(`0x${digest}`);
	});

	test("behavior: sha256 agrees with the platform's on any bytes", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				expect(sha256(bytes)).toBe(`0x${createHash("sha256").update(bytes).digest("hex")}`);
			}),
		);
	});

	// The empty code hash of the Ethereum yellow paper, and the ERC-20 transfer selector.
	test("keccak256 is Ethereum's, not SHA3-256", () => {
		expect(keccak256(new Uint8Array())).toBe("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
		expect(keccak256(utf8("transfer(address,uint256)")).slice(0, 10)).toBe("0xa9059cbb");
	});
});

describe("hex", () => {
	test("behavior: round trip", () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				expect(hexToBytes(bytesToHex(bytes))).toEqual(bytes);
			}),
		);
	});

	test.each(["", "00", "0x0", "0xzz", "0x00 ", "0x0g", "0X00"])("behavior: refuses %j", (hex) => {
		expect(() => hexToBytes(hex as `0x${string}`)).toThrow(expect.objectContaining({ code: "protocol/bad-hex" }));
	});
});

describe("text", () => {
	test("behavior: well-formed text survives, half a pair is refused", () => {
		expect(new TextDecoder().decode(utf8("Zürich 😀"))).toBe("Zürich 😀");
		expect(isWellFormed("\ud83d\ude00")).toBe(true);
		for (const text of ["\ud83d", "a\ude00", "\ude00\ud83d"]) {
			expect(isWellFormed(text)).toBe(false);
			expect(() => utf8(text)).toThrow(expect.objectContaining({ code: "protocol/bad-text" }));
		}
	});
});

test("uint32 is big-endian and checks its range", () => {
	expect(bytesToHex(uint32(0x01020304))).toBe("0x01020304");
	expect(bytesToHex(uint32(0xffffffff))).toBe("0xffffffff");
	for (const bad of [-1, 2 ** 32, 0.5, Number.NaN]) {
		expect(() => uint32(bad)).toThrow(expect.objectContaining({ code: "protocol/bad-number" }));
	}
});

test("concatBytes joins in order", () => {
	expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
});
