import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "./bytes.js";
import { hmacSha256 } from "./hmac.js";

// RFC 4231, test cases 1, 2, 3, 6 and 7 (SHA-256 column).
test.each([
	[new Uint8Array(20).fill(0x0b), utf8("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
	[
		utf8("Jefe"),
		utf8("what do ya want for nothing?"),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	],
	[
		new Uint8Array(20).fill(0xaa),
		new Uint8Array(50).fill(0xdd),
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
	],
	[
		new Uint8Array(131).fill(0xaa),
		utf8("Test Using Larger Than Block-Size Key - Hash Key First"),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	],
	[
		new Uint8Array(131).fill(0xaa),
		utf8(
			"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
		),
		"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
	],
])("RFC 4231 vector %#", (key, message, mac) => {
	expect(hmacSha256(key, message)).toBe(`0x${mac}`);
});

test("behavior: agrees with the platform's on any key and message", () => {
	const bytes = fc.uint8Array({ maxLength: 200 });
	fc.assert(
		fc.property(bytes, bytes, (key, message) => {
			expect(hmacSha256(key, message)).toBe(`0x${createHmac("sha256", key).update(message).digest("hex")}`);
		}),
	);
});
