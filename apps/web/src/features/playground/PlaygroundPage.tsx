// Ask a served model, pay for the answer, see what moved it; or ask two at once.

import { useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import { useStatus } from "../../shared/api/useStatus.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Composer, type Priced } from "./Composer.js";
import { type Answer, isUnderWay, messagesFor } from "./chatState.js";
import type { Help } from "./explain.js";
import { ModelChoice } from "./ModelChoice.js";
import { NoTurns } from "./NoTurns.js";
import { PayPanel } from "./PayPanel.js";
import { FIRST_DRAFT, samplingOf } from "./sampling.js";
import { TurnView } from "./TurnView.js";
import { useChat } from "./useChat.js";
import { type Payer, usePayer } from "./usePayer.js";
import { usePrice } from "./usePrice.js";
import { type ServedModel, useServedModels } from "./useServedModels.js";

export default function PlaygroundPage() {
	const models = useServedModels();
	return (
		<Page
			title="Playground"
			lead="Ask a model that people's rows made. Every answer is paid for, and shows at once whose rows moved it."
		>
			<QueryView
				query={models}
				lines={14}
				isEmpty={(served) => served.length === 0}
				empty={
					<Empty
						title="No model is served yet"
						action={<ButtonLink href="/models/new">Train the first model</ButtonLink>}
					>
						Models are trained from a datanet's rows. As soon as one is published it can be asked here.
					</Empty>
				}
			>
				{(served) => <Chatting models={served} />}
			</QueryView>
		</Page>
	);
}

function Chatting({ models }: { readonly models: readonly ServedModel[] }) {
	const [search, setSearch] = useSearchParams();
	const chosen = useMemo(() => chosenOf(search, models), [search, models]);
	const [drafted, setDrafted] = useState(FIRST_DRAFT);
	const [text, setText] = useState("");
	const payer = usePayer();
	const chat = useChat(payer.refresh);
	const isLocal = useStatus().data?.hasDevelopmentAccounts ?? true;
	const sampling = samplingOf(drafted);
	const { way, carry } = payer;
	const priced = usePrices(chosen, drafted, chat.turns, text);

	const choose = (names: readonly string[]) =>
		setSearch(
			(before) => {
				before.set("model", names[0]!);
				if (names[1] === undefined) before.delete("beside");
				else before.set("beside", names[1]);
				return before;
			},
			{ replace: true },
		);
	const ask = (question: string) => {
		if (carry === undefined || sampling === undefined) return;
		chat.ask({ way, carry }, question, chosen, sampling);
		setText("");
	};
	const help = (kind: Help, answer: Answer) => {
		if (kind === "forget-key") payer.forget();
		else if (kind === "fund" || kind === "top-up")
			document.getElementById("payment")?.scrollIntoView({ block: "center" });
		else if (kind === "again") chat.again(answer);
		else if (carry !== undefined) chat.again(answer, { way, carry });
	};
	const isEmpty = chat.turns.length === 0;
	return (
		<div className="grid items-start gap-x-4 gap-y-5 lg:grid-cols-[minmax(0,1fr)_24rem]">
			<ModelChoice {...{ models, chosen, drafted }} onChoose={choose} onDraft={setDrafted} isBusy={chat.isBusy} />
			<div id="payment" className={`min-w-0 lg:col-start-2 lg:row-start-1 ${isEmpty ? "lg:row-span-3" : ""}`}>
				<PayPanel payer={payer} isLocal={isLocal} />
			</div>
			{chat.turns.map((turn) => (
				<div key={turn.id} className="min-w-0 lg:col-span-2">
					<TurnView turn={turn} onHelp={help} onSettle={chat.settle} />
				</div>
			))}
			<div
				key="composer"
				className={isEmpty ? "min-w-0 lg:col-start-1" : "sticky bottom-0 min-w-0 bg-ground pb-3 lg:col-span-2"}
			>
				<Composer
					text={text}
					onText={setText}
					onAsk={() => ask(text.trim())}
					onStop={chat.stop}
					onClear={isEmpty ? undefined : chat.clear}
					isBusy={chat.isBusy}
					blocked={sampling === undefined ? "One of the model's settings is wrong." : reasonOf(payer)}
					priced={priced}
					chargesMost={way === "answer"}
				/>
			</div>
			{isEmpty && (
				<div className="min-w-0 lg:col-start-1">
					<NoTurns modelId={models.find(({ name }) => name === chosen[0])?.id} onPick={setText} />
				</div>
			)}
			<p className="sr-only" role="status">
				{spoken(chat.turns.at(-1)?.answers ?? [])}
			</p>
		</div>
	);
}

/** By the address, else the model published last. */
function chosenOf(search: URLSearchParams, models: readonly ServedModel[]): readonly string[] {
	const names = new Set(models.map(({ name }) => name));
	const asked = search.get("model") ?? "";
	const one = asked === "" ? models.at(-1)!.name : asked;
	const beside = search.get("beside");
	return beside !== null && names.has(beside) ? [one, beside] : [one];
}

function usePrices(
	chosen: readonly string[],
	drafted: typeof FIRST_DRAFT,
	turns: ReturnType<typeof useChat>["turns"],
	text: string,
): Priced {
	const sampling = samplingOf(drafted);
	const usable = sampling ?? samplingOf(FIRST_DRAFT)!;
	const [one = "", other = ""] = chosen;
	const asked = sampling === undefined ? "" : text;
	const first = usePrice({ model: one, sampling: usable }, messagesFor(turns, one), asked);
	const second = usePrice({ model: other, sampling: usable }, messagesFor(turns, other), asked);
	const isBoth = other !== "";
	const wei =
		first.data === undefined || (isBoth && second.data === undefined) ? undefined : first.data + (second.data ?? 0n);
	return {
		wei,
		isAsking: first.isFetching || second.isFetching,
		error: first.error ?? (isBoth ? second.error : null),
	};
}

function reasonOf({ missing, way }: Payer): string | undefined {
	if (missing === "nothing") return undefined;
	if (missing === "node") return "The node does not answer.";
	if (missing === "network") return "Switch your wallet to this node's network first.";
	if (missing === "key") return "Buy a prepaid key first, under Payment.";
	return way === "key"
		? "Connect a wallet and buy a prepaid key first, under Payment."
		: "Connect a wallet first, under Payment.";
}

/** For screen readers: beginnings and ends, not every word. */
function spoken(answers: readonly Answer[]): string {
	return answers
		.map((answer) => {
			if (isUnderWay(answer)) return `${answer.model} is answering.`;
			if (answer.status === "failed") return `${answer.model} failed.`;
			return `${answer.model}: ${answer.text.slice(0, 400)}`;
		})
		.join(" ");
}
