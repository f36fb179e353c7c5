import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writePage } from "./writePage.js";

const folder = mkdtempSync(join(tmpdir(), "openledger-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("default: written whole, and never over something unless forced", () => {
	const file = join(folder, "receipt.html");
	expect(writePage({ file, content: "é" })).toBe(2);
	expect(() => writePage({ file, content: "other" })).toThrow(expect.objectContaining({ code: "cli/file-exists" }));
	expect(readFileSync(file, "utf8")).toBe("é");
	expect(writePage({ file, content: "other", force: true })).toBe(5);
	expect(readFileSync(file, "utf8")).toBe("other");
	expect(readdirSync(folder)).toEqual(["receipt.html"]);
});

test("behavior: a folder, a missing folder and a link to nowhere are named, and nothing is left behind", () => {
	const inside = join(folder, "inside");
	mkdirSync(inside);
	writeFileSync(join(folder, "plain"), "");
	symlinkSync(join(inside, "none"), join(inside, "link"));
	const unusable = expect.objectContaining({ code: "cli/unusable-file" });
	for (const force of [false, true]) {
		expect(() => writePage({ file: inside, content: "", force })).toThrow(unusable);
		expect(() => writePage({ file: join(folder, "none", "a.html"), content: "", force })).toThrow(unusable);
		expect(() => writePage({ file: join(folder, "plain", "a.html"), content: "", force })).toThrow(unusable);
	}
	expect(() => writePage({ file: join(inside, "link"), content: "" })).toThrow(/--force/);
	expect(readdirSync(inside)).toEqual(["link"]);
});
