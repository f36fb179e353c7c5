import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CallerError } from "@openledger/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluationSet } from "../checks/evaluationCheck.js";
import { intake } from "../intake/intake.js";
import { readRows } from "../reading/readRows.js";
import { createPipeline, type IntakePolicy } from "./createPipeline.js";
import { runPipeline } from "./runPipeline.js";

type Pair = readonly [prompt: string, response: string];
const rowsOf = (pairs: readonly Pair[]) => pairs.map(([prompt, response], i) => ({ line: i + 1, prompt, response }));
const codes = async (policy: IntakePolicy, ...pairs: readonly Pair[]) => {
	const { verdicts } = runPipeline(await createPipeline(policy), { rows: rowsOf(pairs) });
	return verdicts.map(({ outcome, findings }) => [outcome, ...findings.map(({ code }) => code)].join(" "));
};
const english = "The river rises in the mountains of the north and flows for many miles to the sea.";
const german = "Der Fluss entspringt in den Bergen des Nordens und fließt viele Meilen weit bis zum Meer.";

describe("default: each check has its say", () => {
	test.each<[string, IntakePolicy, Pair, string]>([
		["a good row", {}, ["What is the capital of Peru?", "Lima."], "accepted"],
		["an e-mail address", {}, ["Who?", "Write to maria.lopez@correo.pe"], "rejected personal-data"],
		["personal data flagged", { personalData: "flag" }, ["Who?", "maria.lopez@correo.pe"], "flagged personal-data"],
		["a secret in the question", {}, ["password = hunter2x9Q works?", "No."], "rejected secret"],
		["an obscene word", {}, ["What did he say?", "He said fuck."], "flagged toxic-word"],
		["an obscene word refused", { toxicity: "reject" }, ["What?", "F*ck, fuuuuck and sh1t!"], "rejected toxic-word"],
		[
			"a word that holds one",
			{ toxicity: "reject" },
			["Where is Scunthorpe?", "In Lincolnshire, near a class of assets."],
			"accepted",
		],
		["the right language", { languages: ["en"] }, ["Tell me about it.", english], "accepted"],
		["another language", { languages: ["en", "fr"] }, ["Sag mir etwas.", german], "rejected wrong-language"],
		["too short to tell", { languages: ["en"] }, ["Hauptstadt?", "Lima."], "accepted"],
		["one word all over", {}, ["Buy?", "buy buy buy buy now buy buy buy buy"], "rejected repetition"],
		["one character all over", {}, ["Say a.", "a".repeat(60)], "rejected repetition"],
		["a ruled line", {}, ["Draw a line.", "-".repeat(60)], "accepted"],
		["the same sentence all over", {}, ["More?", `${english} `.repeat(8)], "rejected repetition"],
		["a long answer", {}, ["More?", Array.from({ length: 60 }, (_, i) => `word${i}x`).join(" ")], "accepted"],
		["a wrong decoding", {}, ["CafÃ©?", "A place for coffee."], "flagged mojibake"],
		["a lost character", {}, ["Caf\ufffd?", "A place for coffee."], "flagged replacement-character"],
		["two scripts in a word", {}, ["p\u0430ypal?", "A company."], "flagged mixed-script"],
		["accents and emoji", {}, ["Où est-ce?", "À Genève 👩‍🚀, ça va; naïve façade."], "accepted"],
		["a schema that fits", { schema: { properties: { response: { maxLength: 9 } } } }, ["A?", "Yes."], "accepted"],
		[
			"a schema that takes nothing else",
			{ schema: { properties: { prompt: {}, response: {} }, additionalProperties: false } },
			["A?", "Yes."],
			"accepted",
		],
		[
			"a schema that does not",
			{ schema: { properties: { response: { maxLength: 2 } } } },
			["A?", "Yes."],
			"rejected schema",
		],
	])("behavior: %s", async (_, policy, pair, wanted) => {
		expect(await codes(policy, pair)).toEqual([wanted]);
	});
});

describe("licences", () => {
	const terms = (rows: string, datanet: string, usage: "paid" | "open" = "paid", allowed: readonly string[] = []) => ({
		licence: { rows, datanet, usage, allowed },
	});
	test.each<[string, string, "paid" | "open", readonly string[], string]>([
		["CC0-1.0", "CC0-1.0", "paid", [], "accepted"],
		["CC-BY-4.0", "CC0-1.0", "paid", [], "rejected licence"],
		["CC0-1.0", "CC-BY-SA-4.0", "paid", [], "accepted"],
		["MIT", "CC-BY-4.0", "paid", [], "accepted"],
		["CC-BY-NC-4.0", "CC-BY-NC-4.0", "paid", [], "rejected licence"],
		["CC-BY-NC-4.0", "CC-BY-NC-4.0", "open", [], "accepted"],
		["CC-BY-ND-4.0", "CC-BY-4.0", "paid", ["CC-BY-ND-4.0"], "rejected licence"],
		["CC-BY-SA-4.0", "CC-BY-4.0", "paid", [], "rejected licence"],
		["CC-BY-SA-4.0", "CC-BY-4.0", "paid", ["CC-BY-SA-4.0"], "accepted"],
		["CC-BY-NC-4.0 OR MIT", "CC-BY-4.0", "paid", [], "accepted"],
		["CC-BY-NC-4.0 AND MIT", "CC-BY-4.0", "paid", [], "rejected licence"],
		["(MIT OR CC-BY-NC-4.0) AND CC0-1.0", "CC-BY-4.0", "paid", [], "accepted"],
	])("behavior: rows under %s into %s, %s, allowed %j: %s", async (rows, datanet, usage, allowed, wanted) => {
		expect(await codes(terms(rows, datanet, usage, allowed), ["A?", "Yes."])).toEqual([wanted]);
	});

	test("behavior: what is no licence is refused at once", async () => {
		await expect(createPipeline(terms("free for all", "CC0-1.0"))).rejects.toMatchObject({
			code: "datanet/bad-licence",
		});
	});
});

describe("evaluation sets", () => {
	const question =
		"A farmer has seventeen sheep and all but nine of them run away into the dark forest; how many are left?";
	const set = evaluationSet("farm-v1", [question, "What is heavier, a pound of lead or feathers?"]);
	const policy = { evaluationSets: [set] };
	test("behavior: thirteen words in common are found, twelve are not, nor is a short common phrase", async () => {
		const words = question.split(" ");
		const found = await codes(
			policy,
			[`Well: ${question.toUpperCase()}`, "Nine."],
			[words.slice(0, 13).join(" "), "Nine, and so on."],
			[words.slice(0, 12).join(" "), "Nine, and so forth."],
			["what is heavier, a pound of lead or feathers", "Neither."],
			["So what is heavier, a pound of lead or feathers, I wonder", "Neither one."],
		);
		const hit = "rejected evaluation-overlap";
		expect(found).toEqual([hit, hit, "accepted", hit, "accepted"]);
	});
});

test("behavior: a policy that cannot be is refused with its own code", async () => {
	const refused: readonly [IntakePolicy, string][] = [
		[{ languages: ["english"] }, "datanet/bad-language"],
		[{ schema: [] }, "datanet/bad-schema"],
		[{ schema: { type: "nonsense" } }, "datanet/bad-schema"],
		[{ schema: { properties: { prompt: { pattern: "(a+)+$" } } } }, "datanet/bad-schema"],
		[{ schema: { $ref: "https://schemas.invalid/x" } }, "datanet/bad-schema"],
		[{ secrets: "maybe" as never }, "datanet/bad-policy"],
	];
	for (const [policy, code] of refused) await expect(createPipeline(policy)).rejects.toMatchObject({ code });
	expect(() => evaluationSet("Bad Name", ["x"])).toThrow(CallerError);
});

test("behavior: the digest names the policy: equal policies agree, every change tells", async () => {
	const policies: readonly IntakePolicy[] = [
		{},
		{ languages: ["en"] },
		{ languages: ["en", "de"] },
		{ secrets: "flag" },
		{ personalData: "flag" },
		{ toxicity: "reject" },
		{ elsewhere: "reject" },
		{ schema: { type: "object" } },
		{ evaluationSets: [evaluationSet("a", ["one two three four five six"])] },
		{ evaluationSets: [evaluationSet("a", ["one two three four five seven"])] },
		{ licence: { rows: "MIT", datanet: "MIT", usage: "paid" } },
	];
	const digests = (await Promise.all(policies.map(createPipeline))).map(({ digest }) => digest);
	expect(new Set(digests).size).toBe(policies.length);
	expect((await createPipeline({ languages: ["de", "en"] })).digest).toBe(digests[2]);
});

describe("properties", () => {
	const word = fc.constantFrom("Peru", "Kenya", "capital", "of", "largest", "12", "not", "city", "is", "a@b.pe");
	const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
	const pairs = fc.array(fc.tuple(text, text), { maxLength: 25 });

	test("behavior: replayed, it gives the same verdicts; of rows that pass, intake decides", async () => {
		const pipeline = await createPipeline();
		fc.assert(
			fc.property(pairs, (list) => {
				const rows = rowsOf(list);
				const once = runPipeline(pipeline, { rows });
				expect(runPipeline(pipeline, { rows })).toEqual(once);
				const passed = rows.filter(({ prompt, response }) => !`${prompt} ${response}`.includes("@"));
				expect(once.accepted).toEqual(intake(passed, []).accepted);
				const { offered, accepted, rejected, checks } = once.report;
				expect([offered, accepted + rejected, once.rejected.length]).toEqual([rows.length, rows.length, rejected]);
				for (const check of checks) expect(check.passed + check.flagged + check.rejected).toBe(rows.length);
			}),
		);
	});

	test("behavior: two deliveries give what one would have given", async () => {
		const pipeline = await createPipeline();
		fc.assert(
			fc.property(pairs, fc.nat(25), (list, cut) => {
				const rows = rowsOf(list);
				const first = runPipeline(pipeline, { rows: rows.slice(0, cut) });
				const second = runPipeline(pipeline, { rows: rows.slice(cut), existing: first.accepted });
				const whole = runPipeline(pipeline, { rows });
				expect([...first.verdicts, ...second.verdicts]).toEqual(whole.verdicts);
			}),
		);
	});
});

test("behavior: another datanet's rows are told, and refused where the policy says so", async () => {
	const elsewhere = [{ prompt: "What is the capital of Peru?", response: "Lima." }];
	const rows = rowsOf([
		["What is the capital of Peru?", "Lima."],
		["what is the capital of peru", "lima"],
		["What is the capital of Kenya?", "Nairobi."],
	]);
	const flagged = runPipeline(await createPipeline(), { rows, elsewhere });
	expect(flagged.verdicts.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
		["duplicate-elsewhere"],
		["near-duplicate"],
		[],
	]);
	const refused = runPipeline(await createPipeline({ elsewhere: "reject" }), { rows, elsewhere });
	expect(refused.rejected.map(({ code }) => code)).toEqual(["duplicate-elsewhere", "near-duplicate-elsewhere"]);
	expect(refused.accepted).toMatchObject([{ line: 3, cluster: 0 }]);
});

test("behavior: a delivery in which almost all answers are one is told as skewed", async () => {
	const pipeline = await createPipeline();
	const pairs = Array.from(
		{ length: 200 },
		(_, i): Pair => [`Is ${i * 7} an odd number of apples?`, i % 10 === 0 ? "No." : "Yes."],
	);
	const { balance } = runPipeline(pipeline, { rows: rowsOf(pairs) }).report;
	expect(balance).toMatchObject({ labels: 2, rows: 200, topPpm: 900_000, isSkewed: true });
	expect(balance.top[0]).toEqual({ label: "yes.", rows: 180 });
});

const world = fileURLToPath(new URL("../../../../examples/world/", import.meta.url));

describe.skipIf(!existsSync(world))("the shipped datanet", () => {
	test("behavior: passes untouched, so that what is trained from it stays what it was", async () => {
		const files = readdirSync(world)
			.filter((name) => name.endsWith(".jsonl"))
			.sort();
		const rows = files.flatMap((name) => readRows(world + name, { format: "jsonl" }).rows);
		const policy = { licence: { rows: "CC0-1.0", datanet: "CC0-1.0", usage: "paid" } } as const;
		const { accepted, verdicts } = runPipeline(await createPipeline(policy), { rows });
		expect(verdicts.filter(({ outcome }) => outcome !== "accepted")).toEqual([]);
		expect(accepted).toEqual(intake(rows, []).accepted);
	});
});
