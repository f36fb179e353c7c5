// What a juror needs to show a vote is never lost to a second thought.
import { afterAll, afterEach, expect, test } from "vitest";
import { keepVote, keptVotes, newVote, parseVote } from "./voteSecrets.js";

const kept = new Map<string, string>();
Object.assign(globalThis, {
	localStorage: {
		getItem: (name: string) => kept.get(name) ?? null,
		setItem: (name: string, value: string) => void kept.set(name, value),
	},
});
afterEach(() => kept.clear());
afterAll(() => void Reflect.deleteProperty(globalThis, "localStorage"));

const of = { chainId: 1, jury: "0xAB", caseId: "7", juror: "0xCd" };

test("default: every vote that was begun stays, the newest first, a case and juror apart from others", () => {
	const [first, second] = [newVote(1), newVote(2)];
	keepVote(of, first);
	keepVote(of, second);
	keepVote(of, second);
	expect(keptVotes({ ...of, jury: "0xab", juror: "0xcD" })).toEqual([second, first]);
	expect(keptVotes({ ...of, caseId: "8" })).toEqual([]);
	for (let i = 0; i < 20; i++) keepVote(of, newVote(3));
	expect(keptVotes(of)).toHaveLength(8);
});

test("behavior: what is no vote opens nothing", () => {
	const vote = newVote(3);
	expect(parseVote(JSON.stringify({ ...of, ...vote }))).toEqual(vote);
	for (const text of ["", "null", "[]", "{}", JSON.stringify({ ...vote, choice: 4 }), '{"choice":1,"salt":"0x1"}'])
		expect(parseVote(text)).toBeUndefined();
	kept.set("openledger.vote.1.0xab.7.0xcd", "{broken");
	expect(keptVotes(of)).toEqual([]);
});
