// The forms that people's files have: each is one row, or one fault that names line and field.
import { rowDigest } from "@openledger/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { intake } from "../intake/intake.js";
import { readRows } from "./readRows.js";

const jsonl = (...rows: readonly unknown[]) =>
	readRows(Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join("")), { format: "jsonl" });
const csv = (text: string) => readRows(Buffer.from(text), { format: "csv" });
const said = (role: string, content: string) => ({ role, content });
const [ask, reply] = [said("user", "Norway?"), said("assistant", "Oslo.")];

describe("forms", () => {
	test("default: completion, Alpaca, messages and text are rows", () => {
		const { rows, rejected } = jsonl(
			{ prompt: "Norway?", completion: "Oslo." },
			{ instruction: "Name the capital.", input: "Peru", output: "Lima.", contributor: "Ada" },
			{
				instruction: "Say hello.",
				input: "",
				output: "Hello.",
				text: "### Instruction: Say hello.\n### Response: Hello.",
			},
			{ messages: [said("system", "Be brief."), ask, reply, said("user", "Peru?"), said("assistant", "Lima.")] },
			{ text: "The Nile flows north.\n" },
		);
		expect(rejected).toEqual([]);
		expect(rows).toEqual([
			{ line: 1, prompt: "Norway?", response: "Oslo." },
			{ line: 2, prompt: "Name the capital.\nPeru", response: "Lima.", contributor: "ada" },
			{ line: 3, prompt: "Say hello.", response: "Hello." },
			{ line: 4, before: [said("system", "Be brief."), ask, reply], prompt: "Peru?", response: "Lima." },
			{ line: 5, prompt: "", response: "The Nile flows north.\n" },
		]);
	});

	test("behavior: one question with its answer is one row, however it is written", () => {
		const { rows } = jsonl(
			{ prompt: "Norway?", response: "Oslo." },
			{ prompt: "Norway?", completion: "Oslo." },
			{ instruction: "Norway?", output: "Oslo." },
			{ messages: [ask, reply] },
		);
		expect(new Set(rows.map(rowDigest)).size).toBe(1);
		expect(intake(rows, []).accepted).toHaveLength(1);
	});

	test("default: columns of CSV name the form", () => {
		expect(csv("instruction,input,output\nAdd.,1 and 2,3.\nSay hello.,,Hello.\n").rows).toEqual([
			{ line: 2, prompt: "Add.\n1 and 2", response: "3." },
			{ line: 3, prompt: "Say hello.", response: "Hello." },
		]);
		expect(csv("contributor,text\nada,The Nile flows north.\n").rows).toMatchObject([
			{ prompt: "", contributor: "ada" },
		]);
		expect(csv("completion,prompt\nOslo.,Norway?\n").rows).toEqual([{ line: 2, prompt: "Norway?", response: "Oslo." }]);
	});

	test.each([
		"messages\n",
		"text,prompt\n",
		"input,output\n",
		"prompt,response,completion\n",
		"instruction,response\n",
	])("behavior: the header %j is refused", (header) => {
		expect(() => csv(`${header}x,y,z\n`)).toThrow(expect.objectContaining({ code: "datanet/bad-header" }));
	});

	test.each<[string, unknown, string, string]>([
		["both names of an answer", { prompt: "a", response: "b", completion: "c" }, "unknown-field", "completion"],
		["text beside a pair", { prompt: "a", response: "b", text: "c" }, "unknown-field", "text"],
		["an instruction without output", { instruction: "a", input: "b" }, "missing-field", "output"],
		["an input that is a number", { instruction: "a", input: 7, output: "b" }, "wrong-type", "input"],
		[
			"an instruction beside a text of its own",
			{ instruction: "a", output: "b", text: "another" },
			"unknown-field",
			"the same row written out",
		],
		["a long instruction", { instruction: "a".repeat(1500), input: "b".repeat(600), output: "c" }, "too-long", "input"],
		["an empty text", { text: " \n" }, "empty", "text"],
		["a long text", { text: "x".repeat(16_001) }, "too-long", "text"],
		["messages that are text", { messages: "hi" }, "wrong-type", "messages"],
		["no messages", { messages: [] }, "wrong-order", "messages"],
		["a message that is text", { messages: ["hi"] }, "wrong-type", "messages[0]"],
		["a message without content", { messages: [{ role: "user" }] }, "missing-field", "messages[0].content"],
		["a weight", { messages: [ask, { ...reply, weight: 1 }] }, "unknown-field", "messages[1]"],
		["a tool", { messages: [ask, said("tool", "x")] }, "wrong-type", "messages[1].role"],
		["parts of content", { messages: [{ role: "user", content: [] }] }, "wrong-type", "messages[0].content"],
		["an empty turn", { messages: [ask, said("assistant", " ")] }, "empty", "messages[1].content"],
		["half a pair", { messages: [said("user", "a\ud83d"), reply] }, "lone-surrogate", "messages[0].content"],
		["two questions", { messages: [ask, ask, reply] }, "wrong-order", "messages[1].role"],
		["a late system message", { messages: [ask, reply, said("system", "x")] }, "wrong-order", "messages[2].role"],
		["an answer first", { messages: [reply] }, "wrong-order", "messages[0].role"],
		["no answer", { messages: [said("system", "x"), ask] }, "wrong-order", "end"],
		["too many messages", { messages: Array(65).fill(ask) }, "too-long", "65"],
	])("behavior: %s is rejected by line and field", (_, row, code, named) => {
		const good = { prompt: "a", response: "b" };
		const { rows, rejected } = jsonl(good, row, good);
		expect(rejected).toMatchObject([{ line: 2, code }]);
		expect(rejected[0]?.reason).toContain(named);
		expect(rows.map(({ line }) => line)).toEqual([1, 3]);
	});

	test("behavior: any values under the known names give a row or a fault", () => {
		const names = fc.constantFrom(
			"prompt",
			"response",
			"completion",
			"instruction",
			"input",
			"output",
			"messages",
			"text",
		);
		const turn = fc.record({
			role: fc.oneof(fc.constantFrom("system", "user", "assistant"), fc.anything()),
			content: fc.oneof(fc.string(), fc.anything()),
		});
		const value = fc.oneof(fc.string(), fc.array(fc.oneof(turn, fc.anything()), { maxLength: 6 }), fc.anything());
		fc.assert(
			fc.property(fc.dictionary(names, value, { maxKeys: 4 }), (row) => {
				const { rows, rejected } = jsonl({ text: "x" }, JSON.parse(JSON.stringify(row) ?? "{}"));
				expect(rows.length + rejected.length).toBe(2);
			}),
			{ numRuns: 1000 },
		);
	});

	test("behavior: copies of texts and of conversations are found, others kept apart", () => {
		const talk = (place: string) => ({
			messages: [
				said("system", "Be brief."),
				ask,
				reply,
				said("user", `${place}?`),
				said("assistant", `${place} City.`),
			],
		});
		const text = "The Nile flows north through eleven countries and ends in the sea.";
		const { rows } = jsonl(
			{ text },
			{ text: text.toUpperCase() },
			{ text: "The Danube flows east through ten countries and ends in another sea." },
			talk("Mexico"),
			talk("Kuwait"),
			talk("Mexico"),
		);
		const { accepted, rejected } = intake(rows, []);
		expect(rejected.map(({ line, code }) => [line, code])).toEqual([
			[2, "near-duplicate"],
			[6, "duplicate"],
		]);
		expect(new Set(accepted.map(({ cluster }) => cluster)).size).toBe(4);
	});
});
