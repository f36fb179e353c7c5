import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isCpf, isLuhn, isMod97, isSpanishId } from "./checksums.js";
import { measureRecognisers } from "./measure.js";
import { RECOGNISERS, recognise } from "./recognisers.js";
import { LABELLED } from "./testing/labelled.js";

const measured = measureRecognisers(LABELLED);
/** Recall that our own labelled texts leave below 90%, in parts per million: what is written with words, spaces or another script. */
const HARD: Readonly<Record<string, number>> = {
	email: 780_000,
	"private-key": 830_000,
	"seed-phrase": 800_000,
	passport: 830_000,
};

describe("on the texts that we labelled", () => {
	test.each(measured)("behavior: $recogniser finds $found of $there, $inVain in vain", (line) => {
		expect(line.there).toBeGreaterThan(1);
		expect(line.precisionPpm).toBeGreaterThanOrEqual(900_000);
		expect(line.recallPpm).toBeGreaterThanOrEqual(HARD[line.recogniser] ?? 900_000);
	});

	test("behavior: every recogniser has at least one text of its own, and every label a recogniser", () => {
		const names = RECOGNISERS.map(({ name }) => name);
		expect(new Set(LABELLED.flatMap(({ holds }) => holds))).toEqual(new Set(names));
		expect(LABELLED.filter(({ holds }) => holds.length === 0).length).toBeGreaterThanOrEqual(100);
	});

	test("behavior: a finding says where, and holds nothing of the text", () => {
		const [found] = recognise("Write to maria.lopez@correo.pe before Friday.");
		expect(found).toEqual({ recogniser: "email", kind: "personal", start: 9, end: 30 });
	});
});

test("default: check digits agree with published numbers, and no single changed digit passes", () => {
	for (const card of ["4111111111111111", "378282246310005", "6011111111111117", "79927398713"]) {
		expect(isLuhn(card)).toBe(true);
		for (let at = 0; at < card.length; at++) {
			const digit = String((Number(card[at]) + 1) % 10);
			expect(isLuhn(card.slice(0, at) + digit + card.slice(at + 1))).toBe(false);
		}
	}
	for (const account of ["GB82WEST12345698765432", "DE89370400440532013000", "FR1420041010050500013M02606"]) {
		expect(isMod97(account)).toBe(true);
		for (let at = 4; at < account.length; at++) {
			const other = account[at] === "7" ? "3" : "7";
			expect(isMod97(account.slice(0, at) + other + account.slice(at + 1))).toBe(false);
		}
	}
	// The witness works in whole numbers: 97-10 is the remainder of the number that all digits make.
	const whole = (account: string) =>
		[...account.slice(4), ...account.slice(0, 4)].map((c) => String(Number.parseInt(c, 36))).join("");
	for (let n = 0; n < 200; n++) {
		const account = `DE${String(n % 100).padStart(2, "0")}37040044053201${String(n * 7919)
			.padStart(4, "0")
			.slice(0, 4)}`;
		expect(isMod97(account)).toBe(BigInt(whole(account)) % 97n === 1n);
	}
	expect(["52998224725", "11144477735", "93541134780"].every(isCpf)).toBe(true);
	expect(["52998224726", "11111111111", "5299822472"].some(isCpf)).toBe(false);
	expect(["12345678Z", "00000000T", "X1234567L"].every(isSpanishId)).toBe(true);
	expect(isSpanishId("12345678A")).toBe(false);
});

test("behavior: no text makes a recogniser run away", () => {
	const long = 16_000;
	const nasty = [
		"1 ",
		"1.",
		"a@",
		"eyJ",
		"password ",
		"2001:",
		"seed ab ",
		"+1(",
		"AKIA",
		"sk-",
		"x://a:b",
		"DE89 ",
		"-----BEGIN ",
		"0x",
	];
	for (const piece of nasty) {
		const started = performance.now();
		recognise(piece.repeat(Math.ceil(long / piece.length)));
		expect(performance.now() - started).toBeLessThan(2000);
	}
});

const shared = fileURLToPath(new URL("../../../../../shared/data/", import.meta.url));

describe.skipIf(!existsSync(shared))("on texts that strangers wrote (needs ../shared/data)", () => {
	test("behavior: 8,792 maths problems and 7,222 speeches hold no personal data and no secrets", () => {
		const maths = ["train", "test"].flatMap((part) =>
			readFileSync(`${shared}gsm8k/${part}.jsonl`, "utf8")
				.split("\n")
				.filter((line) => line !== "")
				.map((line) => Object.values(JSON.parse(line) as object).join("\n")),
		);
		const plays = readFileSync(`${shared}shakespeare/input.txt`, "utf8").split("\n\n");
		const quizzes = readdirSync(`${shared}trivia`).flatMap((file) =>
			readFileSync(`${shared}trivia/${file}`, "latin1").split("\n\n"),
		);
		expect(maths.length + plays.length).toBe(16_014);
		expect([...maths, ...plays, ...quizzes].flatMap((text) => recognise(text))).toEqual([]);
	});
});
