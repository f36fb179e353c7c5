import { describe, expect, it } from "vitest";
import { triviaRows } from "./trivia-to-jsonl.js";

const sample = [
	"",
	"#Q Which bird made of tin sings in Port Zed?",
	"^ The kettle owl",
	"A The kettle owl",
	"B The spoon wren",
	"",
	"#Q Complete the sign over the door:",
	"Nobody enters",
	"without a .....",
	"^  hat\t",
	"A hat",
	"#Q Which bird made of tin sings in Port Zed?",
	"^ The spoon wren",
	"#Q A question nobody answered?",
	"A one",
	"",
	" #Q Wie heißt der Kaffee?\r",
	"^ Café\r",
	"#Q A long one: which of these is it?",
	`^ ${"very ".repeat(20)}long`,
	`#Q ${"much ".repeat(60)}too long?`,
	"^ yes",
	"#Q Last question of all?",
	"^ Yes",
].join("\n");

describe("triviaRows", () => {
	it("default: questions with answers, contributors in turn, the rest left out", () => {
		const expected = [
			{ contributor: "ana", prompt: "Which bird made of tin sings in Port Zed?", response: "The kettle owl" },
			{ contributor: "ben", prompt: "Complete the sign over the door: Nobody enters without a .....", response: "hat" },
			{ contributor: "cleo", prompt: "Wie heißt der Kaffee?", response: "Café" },
			{ contributor: "dan", prompt: "Last question of all?", response: "Yes" },
		];
		expect(triviaRows(Buffer.from(sample, "utf8"), { rows: 200 })).toEqual(expected);
		expect(triviaRows(Buffer.from(sample, "latin1"), { rows: 200 })).toEqual(expected);
	});

	it("behavior: no more rows than asked for, eight contributors at most", () => {
		expect(triviaRows(Buffer.from(sample), { rows: 2 })).toHaveLength(2);
		const many = Array.from({ length: 30 }, (_, i) => `#Q Question number ${i}?\n^ ${i}\n`).join("");
		const rows = triviaRows(Buffer.from(many), { rows: 20 });
		expect(rows).toHaveLength(20);
		expect(new Set(rows.map((row) => row.contributor)).size).toBe(8);
		expect(rows[8]!.contributor).toBe(rows[0]!.contributor);
	});
});
