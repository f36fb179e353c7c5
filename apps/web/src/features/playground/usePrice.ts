// What an answer may cost at most, from the node's own 402, before anything is signed.

import { offeredWei } from "@openledger/sdk";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError } from "../../shared/api/client.js";
import { useStatus } from "../../shared/api/useStatus.js";
import { askInContext } from "./askInContext.js";
import { bodyOf, type Message, type Question } from "./askModel.js";

/** Nobody's typing is followed letter by letter. */
const AFTER_MS = 600;

/** `before` is what was said; an empty question has no price. */
export function usePrice(question: Omit<Question, "messages">, before: readonly Message[], text: string) {
	const settled = useSettled(text.trim());
	const { chainId, addresses } = useStatus().data ?? {};
	const { model, sampling } = question;
	return useQuery({
		queryKey: ["prices", chainId, model, sampling, before.length, settled],
		enabled: settled !== "" && model !== "" && chainId !== undefined,
		staleTime: 60_000,
		retry: false,
		queryFn: async ({ signal }) => {
			const price = async (messages: readonly Message[]) => {
				const response = await fetch("/v1/chat/completions", {
					method: "POST",
					headers: { "content-type": "application/json" },
					body: bodyOf({ model, sampling, messages }),
					signal,
				}).catch((cause) => {
					throw new ApiError("the node does not answer", { status: 0, code: "web/unreachable", cause });
				});
				if (response.status === 402) return offeredWei(response, { chainId: chainId!, token: addresses!.openToken! });
				const { error } = (await response.json()) as { error?: { code?: string; message?: string } };
				const { status } = response;
				throw new ApiError(error?.message ?? `the node answered ${status}`, {
					status,
					code: error?.code ?? "chat/refused",
				});
			};
			return (await askInContext(before, settled, price)).answer;
		},
	});
}

function useSettled(text: string): string {
	const [settled, setSettled] = useState(text);
	useEffect(() => {
		const timer = setTimeout(() => setSettled(text), AFTER_MS);
		return () => clearTimeout(timer);
	}, [text]);
	// What was sent or wiped has no price any more.
	return text === "" ? "" : settled;
}
