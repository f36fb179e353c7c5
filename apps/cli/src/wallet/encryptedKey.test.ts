// Against a vector of go-ethereum (accounts/keystore/testdata/v3_test_vector.json, 31_byte_key), and what a file may do to us.

import { expect, test } from "vitest";
import { decryptKey, encryptKey, parseEncryptedKey } from "./encryptedKey.js";

const published = {
	crypto: {
		cipher: "aes-128-ctr",
		cipherparams: { iv: "e0c41130a323adc1446fc82f724bca2f" },
		ciphertext: "9517cd5bdbe69076f9bf5057248c6c050141e970efa36ce53692d5d59a3984",
		kdf: "scrypt",
		kdfparams: {
			...{ dklen: 32, n: 2, r: 8, p: 1 },
			salt: "711f816911c92d649fb4c84b047915679933555030b3552c1212609b38208c63",
		},
		mac: "d5e116151c6aa71470e67a7d42c9620c75c4d23229847dcc127794f0732b0db5",
	},
	id: "fecfc4ce-e956-48fd-953b-30f8b52ed66c",
	version: 3,
};
const key = `0x${"4c".repeat(32)}` as const;

test("default: the published vector opens to the published key", () => {
	const parsed = parseEncryptedKey(JSON.stringify(published));
	expect(decryptKey(parsed, "foo")).toBe("0x00fa7b3db73dc7dfdf8c5fbdb796d741e4488628c41fc4febd9160a866ba0f35");
});

test("default: what is sealed opens with its password, and never twice looks the same", () => {
	const [first, second] = [encryptKey(key, "pässword 🜨"), encryptKey(key, "pässword 🜨")];
	expect(decryptKey(parseEncryptedKey(JSON.stringify(first)), "pässword 🜨")).toBe(key);
	expect(first.crypto.ciphertext).not.toBe(second.crypto.ciphertext);
	expect(JSON.stringify(first)).not.toContain(key.slice(2));
});

test("behavior: another password, or one changed digit, opens nothing", () => {
	const sealed = encryptKey(key, "right password");
	const wrong = expect.objectContaining({ code: "wallet/wrong-password" });
	expect(() => decryptKey(sealed, "right passwore")).toThrow(wrong);
	const { crypto } = sealed;
	const flipped = `${crypto.ciphertext.slice(0, -1)}${crypto.ciphertext.endsWith("0") ? "1" : "0"}`;
	expect(() => decryptKey({ ...sealed, crypto: { ...crypto, ciphertext: flipped } }, "right password")).toThrow(wrong);
});

test("behavior: a file that asks for too much, or is none, is refused before any work", () => {
	const { crypto } = published;
	const cost = (change: object) => ({
		...published,
		crypto: { ...crypto, kdfparams: { ...crypto.kdfparams, ...change } },
	});
	for (const [bad, code] of [
		["{", "wallet/damaged"],
		["[]", "wallet/other-form"],
		[{ ...published, version: 1 }, "wallet/other-form"],
		[{ ...published, crypto: { ...crypto, kdf: "pbkdf2" } }, "wallet/other-form"],
		[cost({ n: 2 ** 30 }), "wallet/damaged"],
		[cost({ n: 3 }), "wallet/damaged"],
		[cost({ n: 262144, r: 1, p: 8 }), "wallet/damaged"],
		[cost({ p: 1e6 }), "wallet/damaged"],
		[cost({ salt: "zz" }), "wallet/damaged"],
		[{ ...published, crypto: { ...crypto, ciphertext: "0" } }, "wallet/damaged"],
		[{ ...published, address: "0x1" }, "wallet/damaged"],
	] as const) {
		const text = typeof bad === "string" ? bad : JSON.stringify(bad);
		expect(() => parseEncryptedKey(text), text).toThrow(expect.objectContaining({ code }));
	}
});
