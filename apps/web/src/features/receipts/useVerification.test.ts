// What a page knows of a verification from what its worker tells: in any order that a worker may tell it, and never more than it told.

import { expect, test } from "vitest";
import type { VerifyMessage } from "../../shared/verification/messages.js";
import { reduce, type Verification } from "./useVerification.js";

const idle: Verification = { state: "idle", ended: [] };
const ended = { milliseconds: 1, bytes: 2, keptBytes: 0, compared: [], comparisons: 0 };
const done = { kind: "done", isWhole: true, checked: [], notChecked: [], chances: [], nonce: "0x", ...ended } as const;
const after = (...messages: readonly (VerifyMessage | { readonly kind: "start" | "cancel" })[]) =>
	messages.reduce(reduce, idle);

test("default: steps end one after the other, then the verdict", () => {
	const begun = after({ kind: "start" }, { kind: "begin", what: "base" });
	expect(begun).toMatchObject({ state: "running", running: { what: "base" } });
	const moving = reduce(begun, { kind: "progress", what: "base", unit: "bytes", done: 5, total: 9 });
	expect(moving.running).toEqual({ what: "base", progress: { unit: "bytes", done: 5, total: 9 } });
	const checked = reduce(moving, { kind: "end", what: "base", ok: true, detail: "d", ...ended });
	expect(checked).toMatchObject({ state: "running", running: undefined, ended: [{ what: "base", ok: true }] });
	expect(reduce(checked, { ...done, identical: true }).state).toBe("identical");
	expect(reduce(checked, { ...done, identical: false, firstDifference: "base" })).toMatchObject({
		state: "different",
		verified: { firstDifference: "base" },
	});
});

test("behavior: stopped is neither; a new start forgets; a finished one is not cancelled away", () => {
	const stopped = after(
		{ kind: "start" },
		{ kind: "begin", what: "rows" },
		{ kind: "stopped", what: "rows", message: "gone" },
	);
	expect(stopped).toMatchObject({ state: "stopped", message: "gone" });
	expect(stopped.verified).toBeUndefined();
	expect(reduce(stopped, { kind: "start" })).toEqual({ state: "running", ended: [] });
	expect(after({ kind: "start" }, { kind: "cancel" })).toEqual(idle);
	const finished = after({ kind: "start" }, { ...done, identical: true });
	expect(reduce(finished, { kind: "cancel" })).toBe(finished);
});
