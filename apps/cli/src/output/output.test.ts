import { expect, test } from "vitest";
import { counted, open, percent, seconds, short } from "./amounts.js";
import { openProgress } from "./progress.js";
import { cut, facts, table } from "./table.js";
import { openTerminal, type Terminal } from "./terminal.js";

/** A terminal that keeps what is written. */
function recorder(isLive: boolean): {
	readonly terminal: Terminal;
	readonly notes: string[];
	readonly lives: (string | undefined)[];
} {
	const notes: string[] = [];
	const lives: (string | undefined)[] = [];
	const plain = openTerminal({ color: false });
	const terminal: Terminal = {
		...plain,
		isLive,
		width: 60,
		note: (text) => void notes.push(text),
		live: (text) => void lives.push(text),
	};
	return { terminal, notes, lives };
}

test("default: amounts are rounded down, and never to nothing", () => {
	expect(open(1_190_000_000_000_000n)).toBe("0.001190");
	expect(open("1999999999999999999")).toBe("1.999999");
	expect(open(1234567n * 10n ** 18n)).toBe("1,234,567.000000");
	expect([open(0n), open(1n)]).toEqual(["0.000000", "<0.000001"]);
	expect([percent(1_000_000), percent(218_500)]).toEqual(["100.0%", "21.9%"]);
	expect([seconds(0.42), seconds(59.4), seconds(150)]).toEqual(["0.4 s", "59 s", "2 min 30 s"]);
	expect([counted(1, "row"), counted(1200, "row")]).toEqual(["1 row", "1,200 rows"]);
	expect([short("0x12"), short(`0x${"ab".repeat(32)}`)]).toEqual(["0x12", "0xabababab…ababab"]);
});

test("default: a table is as wide as it must be, and no wider than the terminal", () => {
	const { terminal } = recorder(false);
	const columns = [{ head: "Name" }, { head: "Rows", align: "right" }] as const;
	expect(
		table(terminal, columns, [
			["amara", "27"],
			["bo", "128"],
		]).split("\n"),
	).toEqual(["Name   Rows", "amara    27", "bo      128"]);
	const wide = table(terminal, [{ head: "Question" }, { head: "Answer" }], [["q".repeat(90), "yes\nand no"]]);
	expect(Math.max(...wide.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
	expect(wide).toContain("yes and no");
	expect(wide).toContain("…");
	expect(
		facts(terminal, [
			["Id", "1"],
			["Name", "2"],
		]),
	).toBe("Id    1\nName  2");
	expect([cut("one  two", 20), cut("one two three", 8)]).toEqual(["one two", "one two…"]);
});

test("behavior: a bar moves on a terminal, and stays when the work goes on", () => {
	const { terminal, notes, lives } = recorder(true);
	const { step } = openProgress(terminal);
	step({ stage: "train", message: "loss 1", done: 1, total: 4 });
	step({ stage: "train", message: "loss 0.5", done: 3, total: 4 });
	expect([lives.length, notes]).toEqual([2, []]);
	step({ stage: "publish", message: "done" });
	expect(notes).toEqual([expect.stringMatching(/^train +━+ 4\/4$/), "publish done"]);
});

test("behavior: elsewhere a line is printed for every tenth, not for every number", () => {
	const { terminal, notes } = recorder(false);
	const { step } = openProgress(terminal);
	for (let done = 0; done <= 100; done++) step({ stage: "train", message: `loss ${1 / (done + 1)}`, done, total: 100 });
	expect(notes).toHaveLength(11);
	for (const name of ["a", "b"]) step({ stage: "serve", message: `asked ${name}`, done: 1, total: 100 });
	expect(notes).toHaveLength(13);
});
