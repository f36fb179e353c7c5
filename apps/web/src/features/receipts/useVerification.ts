// One verification at a time in a worker of its own; the page only shows what it tells. Ending the worker is how it is cancelled.

import { useCallback, useEffect, useReducer, useRef } from "react";
import type { CheckEnded, Verified, VerifyMessage, VerifyRequest } from "../../shared/verification/messages.js";

export type StepProgress = { readonly unit: "bytes" | "rows"; readonly done: number; readonly total: number };

export type Verification = {
	readonly state: "idle" | "running" | "identical" | "different" | "stopped";
	readonly ended: readonly CheckEnded[];
	/** The check that is made now. */
	readonly running?: { readonly what: string; readonly progress?: StepProgress } | undefined;
	readonly verified?: Verified | undefined;
	/** Why it stopped. */
	readonly message?: string | undefined;
};

const IDLE: Verification = { state: "idle", ended: [] };

type Action = VerifyMessage | { readonly kind: "start" } | { readonly kind: "cancel" };

export function reduce(before: Verification, action: Action): Verification {
	switch (action.kind) {
		case "start":
			return { state: "running", ended: [] };
		case "cancel":
			return before.state === "running" ? IDLE : before;
		case "begin":
			return { ...before, running: { what: action.what } };
		case "progress": {
			const { what, unit, done, total } = action;
			return { ...before, running: { what, progress: { unit, done, total } } };
		}
		case "end": {
			const { kind: _, ...ended } = action;
			return { ...before, ended: [...before.ended, ended], running: undefined };
		}
		case "done": {
			const { kind: _, ...verified } = action;
			return { ...before, state: verified.identical ? "identical" : "different", running: undefined, verified };
		}
		case "stopped":
			return { ...before, state: "stopped", message: action.message };
	}
}

export function useVerification() {
	const [verification, tell] = useReducer(reduce, IDLE);
	const worker = useRef<Worker | undefined>(undefined);
	const end = useCallback(() => {
		worker.current?.terminate();
		worker.current = undefined;
	}, []);
	useEffect(() => end, [end]);
	const start = useCallback(
		(request: Omit<VerifyRequest, "origin">) => {
			end();
			tell({ kind: "start" });
			const started = new Worker(new URL("../../worker/verify.worker.ts", import.meta.url), { type: "module" });
			worker.current = started;
			started.onmessage = ({ data }: MessageEvent<VerifyMessage>) => {
				// What one that was ended had still to say is not about this one.
				if (worker.current !== started) return;
				tell(data);
				if (data.kind === "done" || data.kind === "stopped") end();
			};
			started.onerror = ({ message }) => {
				if (worker.current !== started) return;
				end();
				const what = message || "its program could not be loaded; reload the page";
				tell({ kind: "stopped", what: undefined, message: `the worker failed: ${what}` });
			};
			started.postMessage({ ...request, origin: location.origin } satisfies VerifyRequest);
		},
		[end],
	);
	const cancel = useCallback(() => {
		end();
		tell({ kind: "cancel" });
	}, [end]);
	return { verification, start, cancel };
}
