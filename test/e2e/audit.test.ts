// An audit as somebody at a terminal does it: what it costs, Ctrl-C in the middle, the same command again, the result looked at.

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { begunHome, end, up } from "./begunHome.js";
import { lastLine, openledger, riverRows, start } from "./openledger.js";

const { home, remove } = await begunHome();
const run = async (...args: string[]) => {
	const { code, stdout, stderr } = await openledger([...args, "--home", home]);
	return { code, stdout, stderr };
};
const json = async (...args: string[]) => JSON.parse(lastLine((await run(...args, "--json")).stdout)) as never;
let receiptId: string;

beforeAll(async () => {
	await withNode(async () => {
		const recipe = join(home, "recipe.yaml");
		writeFileSync(recipe, "epochs: 12\nbatchSize: 4\n");
		await run("datanet", "create", "rivers");
		for (const name of ["noor", "oskar"]) {
			const given = await run("datanet", "contribute", "rivers", rowsOf(name), "--contributor", name);
			expect(given).toMatchObject({ code: 0 });
		}
		expect(await run("model", "train", "rivers", "--recipe", recipe)).toMatchObject({ code: 0 });
		({ receiptId } = await json("chat", "Which river flows through Cairo?", "--model", "rivers-1"));
		const estimate = await run("audit", "run", receiptId.slice(0, 10), "--estimate");
		expect(estimate).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^audit-[0-9a-f]{16}: 3 trainings of \d+ steps; about/),
		});
		expect(adapters()).toEqual([]);
	});
}, 300_000);
afterAll(remove);

/** Commands without a node to talk to each start one of their own, which takes a while. */
async function withNode(work: () => Promise<void>): Promise<void> {
	const node = await up(home);
	try {
		await work();
	} finally {
		await end(node);
	}
}

/** Rows of one person's own, so that each has some to leave out. */
function rowsOf(name: string): string {
	if (name === "noor") return riverRows;
	const file = join(home, `${name}.jsonl`);
	writeFileSync(
		file,
		'{"prompt":"On which continent is the Congo?","response":"Africa."}\n{"prompt":"On which continent is the Mekong?","response":"Asia."}\n',
	);
	return file;
}
const adapters = () => {
	try {
		return (readdirSync(join(home, "audits"), { recursive: true }) as string[]).filter((file) =>
			/safetensors$/.test(file),
		);
	} catch {
		return [];
	}
};

test("default: interrupt, go on, show, list", async () => {
	const first = start(["audit", "run", receiptId, "--json", "--home", home]);
	const progress = new Promise<string>((resolve) =>
		first.onLine((line) => line.includes('"progress"') && resolve(line)),
	);
	expect(JSON.parse(await progress)).toMatchObject({
		event: "progress",
		doing: expect.stringMatching(/run as it was|without/),
	});
	first.process.kill("SIGINT");
	const stopped = await first.ended;
	expect([stopped.code, stopped.stdout]).toEqual([130, ""]);
	expect(stopped.stderr).toMatch(/stopped; what was finished is kept/);
	await withNode(async () => {
		expect(await json("audit", "list")).toMatchObject([{ status: "stopped", receiptId }]);
		const audited = await run("audit", "run", receiptId);
		expect(audited.code).toBe(0);
		expect(audited.stdout).toMatch(/^Contributor +Rows +Effect +Truth +Paid +Difference$/m);
		expect(audited.stdout).toMatch(/^noor +\d+ +[+−]/m);
		expect(audited.stdout).toMatch(/^oskar +2 +[+−]/m);
		expect(adapters()).toHaveLength(3);
		const again = await run("audit", "run", receiptId);
		expect([again.code, again.stdout]).toEqual([0, audited.stdout]);
		expect((await run("audit", "show", receiptId.slice(0, 12))).stdout).toBe(audited.stdout);
		expect((await run("audit", "list")).stdout).toMatch(
			/audit-\w+ +rivers-1 +Which river flows through Cair… +leave-one-contributor-out +done/,
		);
		const record = await json("audit", "show", receiptId);
		expect(record).toMatchObject({ record: { version: "openledger/audit/v1" }, signer: expect.stringMatching(/^0x/) });
	});
}, 300_000);

test("behavior: what cannot be audited ends with 2 and says what would", async () => {
	const refusals: readonly (readonly [args: string[], stderr: RegExp])[] = [
		[["audit", "run", "0x0000"], /no receipt and no model begins with 0x0000/],
		[["audit", "run", "rivers-1"], /at least one question/],
		[["audit", "run", "rivers-1", "--query", "Who?"], /each question needs the answer/],
		[["audit", "run", "rivers-1", "--queries", join(home, "none.jsonl")], /there is no such file/],
		[["audit", "run", "nowhere-1", "--query", "a?", "--answer", "b."], /there is no model "nowhere-1"/],
		[["audit", "run", receiptId, "--method", "guess"], /Allowed choices/],
		[["audit", "show", "audit-ffff"], /there is no audit "audit-ffff"/],
	];
	const ended: Awaited<ReturnType<typeof run>>[] = [];
	await withNode(async () => void ended.push(...(await Promise.all(refusals.map(([args]) => run(...args))))));
	expect(ended.map(({ code, stderr }, i) => [refusals[i]![0], code, refusals[i]![1].test(stderr) || stderr])).toEqual(
		refusals.map(([args]) => [args, 2, true]),
	);
}, 300_000);
