// Proofs on their way: what was sent is what is read, and nothing else is read.

import { beforeAll, expect, test } from "vitest";
import { type Claim, claimOf } from "../testing/dishonest/frauds.js";
import { answerLike, smallRun } from "../testing/dishonest/smallRun.js";
import { nonceOf } from "../testing/dishonest/verifiers.js";
import { commitmentJson, jsonBytes, parseCommitment, parseSpotProof, type SpotProof, spotProofJson } from "./index.js";

let claim: Claim;
let proof: SpotProof;
beforeAll(async () => {
	const run = await smallRun(60);
	claim = claimOf(run, answerLike(run, 4), {});
	proof = claim.prover.answer({ nonce: nonceOf(1), even: 1, weighted: 1, named: [] });
});

const sent = <value>(value: value): unknown => JSON.parse(JSON.stringify(value));

test("default: what was sent is what is read", () => {
	expect(parseCommitment(sent(commitmentJson(claim.prover.commitment)))).toEqual(claim.prover.commitment);
	expect(parseSpotProof(sent(spotProofJson(proof)))).toEqual(proof);
	expect(jsonBytes({ a: "é" })).toBe(10);
});

test("behavior: any field that is gone or of another kind is refused by a typed error", () => {
	const refused = expect.objectContaining({ code: expect.stringMatching(/^(proof|protocol)\//) });
	const places = (value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] => {
		if (typeof value !== "object" || value === null) return [path];
		return [
			path,
			...Object.entries(value)
				.slice(0, 12)
				.flatMap(([key, item]) => places(item, [...path, key])),
		];
	};
	const bend = (value: unknown, path: readonly (string | number)[], to: unknown): unknown => {
		const [key, ...rest] = path;
		if (key === undefined) return to;
		const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
		copy[key] = bend(copy[key], rest, to);
		return copy;
	};
	let tried = 0;
	for (const [read, whole] of [
		[parseCommitment, sent(commitmentJson(claim.prover.commitment))],
		[parseSpotProof, sent(spotProofJson(proof))],
	] as const) {
		for (const path of places(whole)) {
			for (const wrong of [undefined, true, { a: 1 }]) {
				tried++;
				expect(() => read(bend(whole, path, wrong)), `${path.join(".")} → ${String(wrong)}`).toThrow(refused);
			}
		}
	}
	expect(tried).toBeGreaterThan(200);
});

test("behavior: numbers beyond their limits and broken base64 are refused", () => {
	const json = sent(spotProofJson(proof)) as { rows: Record<string, unknown>[] };
	const node = (sent(commitmentJson(claim.prover.commitment)) as { root: Record<string, unknown> }).root;
	const row = (change: Record<string, unknown>) => ({ ...json, rows: [{ ...json.rows[0], ...change }] });
	for (const wrong of [
		row({ scale: 65536 }),
		row({ scale: -1 }),
		row({ numbers: "A" }),
		row({ numbers: "????" }),
		row({ numbers: "A".repeat(8196) }),
		row({ featureProof: new Array(65).fill(nonceOf(1)) }),
		{ ...json, hidden: [{ ...node, sum: "9".repeat(33) }] },
		{ ...json, hidden: [{ ...node, squares: "1e9" }] },
	])
		expect(() => parseSpotProof(wrong)).toThrow(expect.objectContaining({ code: "proof/malformed" }));
});
