// Asks one or two models at once and keeps what comes. It must not know who pays: it is given a fetch that does.

import { useCallback, useEffect, useReducer, useRef } from "react";
import { askInContext } from "./askInContext.js";
import { type Answered, askModel, type Message, type Sampling } from "./askModel.js";
import {
	type Answer,
	andPiece,
	type Came,
	chatReducer,
	isUnderWay,
	messagesFor,
	type Turn,
	withPieces,
} from "./chatState.js";
import type { Paying } from "./payWay.js";

/** Pieces are shown this often, not one by one. */
const SHOWN_MS = 50;

type Asked = {
	readonly model: string;
	readonly question: string;
	readonly before: readonly Message[];
	readonly sampling: Sampling;
	readonly paying: Paying;
	/** What was sent in the end: asking the same again is the same payment. */
	messages?: readonly Message[];
};

export type Chat = {
	readonly turns: readonly Turn[];
	readonly isBusy: boolean;
	readonly ask: (paying: Paying, question: string, models: readonly string[], sampling: Sampling) => void;
	/** Asks for an answer that was lost, with the payment that was made for it; or with another one. */
	readonly again: (answer: Answer, paying?: Paying) => void;
	/** Finds the receipt of an answer that was stopped, with its payment; false where the node has none. */
	readonly settle: (answer: Answer) => Promise<boolean>;
	readonly stop: () => void;
	readonly clear: () => void;
};

export function useChat(onSpent: () => void): Chat {
	const [turns, dispatch] = useReducer(chatReducer, []);
	const running = useRef(new Map<string, AbortController>());
	const asked = useRef(new Map<string, Asked>());
	const change = useCallback(
		(id: string, how: (answer: Answer) => Answer) => dispatch({ type: "changed", id, change: how }),
		[],
	);

	const run = useCallback(
		async (id: string) => {
			const order = asked.current.get(id)!;
			const { carry } = order.paying;
			const controller = new AbortController();
			running.current.set(id, controller);
			const { signal } = controller;
			let waiting: Came | undefined;
			const show = () => {
				const came = waiting;
				waiting = undefined;
				if (came !== undefined) change(id, (answer) => withPieces(answer, came));
			};
			const timer = setInterval(show, SHOWN_MS);
			const onPiece = (piece: string) => {
				waiting = andPiece(waiting, piece, performance.now());
			};
			try {
				const { answer: answered, forgotten } = await askInContext(order.before, order.question, (messages) => {
					order.messages = messages;
					return askModel({ ...order, messages }, { carry, requestKey: id, onPiece, signal });
				});
				show();
				change(id, (answer) => ({ ...answer, status: "done", answered, forgotten }));
			} catch (error) {
				show();
				change(id, (answer) =>
					signal.aborted ? { ...answer, status: "stopped" } : { ...answer, status: "failed", error },
				);
			} finally {
				clearInterval(timer);
				running.current.delete(id);
				onSpent();
			}
		},
		[change, onSpent],
	);

	const stop = useCallback(() => {
		for (const controller of running.current.values()) controller.abort();
	}, []);
	// Who leaves the page leaves the answers too.
	useEffect(() => stop, [stop]);

	const ask: Chat["ask"] = (paying, question, models, sampling) => {
		const answers = models.map((model): Answer => {
			const id = crypto.randomUUID();
			asked.current.set(id, { model, question, before: messagesFor(turns, model), sampling, paying });
			return { id, model, way: paying.way, status: "waiting", text: "", pieces: 0 };
		});
		dispatch({ type: "asked", turn: { id: crypto.randomUUID(), question, answers } });
		for (const { id } of answers) run(id);
	};

	const again: Chat["again"] = ({ id, model }, paying) => {
		const order = asked.current.get(id)!;
		const by = paying ?? order.paying;
		asked.current.set(id, { ...order, paying: by });
		change(id, () => ({ id, model, way: by.way, status: "waiting", text: "", pieces: 0 }));
		run(id);
	};

	const settle: Chat["settle"] = async ({ id }) => {
		const order = asked.current.get(id);
		if (order?.messages === undefined) return false;
		const { signal } = new AbortController();
		const { messages, paying } = order;
		const found: Answered | undefined = await askModel(
			{ ...order, messages },
			{ carry: paying.carry, requestKey: id, onPiece: () => {}, signal },
		).catch(() => undefined);
		if (found !== undefined) change(id, (answer) => ({ ...answer, answered: found }));
		onSpent();
		return found !== undefined;
	};

	return {
		turns,
		isBusy: turns.some(({ answers }) => answers.some(isUnderWay)),
		...{ ask, again, settle, stop },
		clear: useCallback(() => {
			stop();
			asked.current.clear();
			dispatch({ type: "cleared" });
		}, [stop]),
	};
}
