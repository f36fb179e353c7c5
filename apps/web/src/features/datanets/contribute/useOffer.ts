// Offers rows by the connected wallet: a draft at the node, allowance, commitment, reveal, and word to the node. Each step looks first
// whether it is done, so that the same button goes on after anything.

import { datanetRegistryAbi, openTokenAbi } from "@openledger/sdk/ledger";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Address, Hex } from "viem";
import { useConfig } from "wagmi";
import { getBlock, readContract } from "wagmi/actions";
import { postJson } from "../../../shared/api/client.js";
import { useStatus } from "../../../shared/api/useStatus.js";
import { exactOpen, formatCount } from "../../../shared/format/open.js";
import { type Transaction, useTransaction } from "../../../shared/wallet/useTransaction.js";
import type { Datanet, Draft } from "../types.js";
import type { Told } from "./Outcome.js";
import type { Dropped } from "./readDropped.js";

/** A file, or what was begun with one before. */
export type OfferSource = { readonly file: Dropped } | { readonly draftId: Hex };
export type OfferStep = "draft" | "approve" | "commit" | "reveal" | "tell";

export type Offer = {
	readonly tx: Transaction;
	/** What it is at; undefined before the start and once it stands still. */
	readonly step: OfferStep | undefined;
	readonly done: readonly OfferStep[];
	readonly draft: Draft | undefined;
	readonly told: Told | undefined;
	readonly error: string | undefined;
	readonly run: () => Promise<void>;
};

type Answered =
	| { readonly status: "waiting" }
	| {
			readonly status: "contributed";
			readonly contribution: Told["status"];
			readonly acceptedRows: number;
			readonly offeredRows: number;
	  };

const TELL_TRIES = 20;
const TELL_EVERY_MS = 500;
/** A commitment that ends so soon is made anew. */
const SPARE_SECONDS = 15n;

export function useOffer(datanet: Datanet, account: Address, source: OfferSource): Offer {
	const config = useConfig();
	const queries = useQueryClient();
	const addresses = useStatus().data?.addresses;
	const tx = useTransaction();
	const [step, setStep] = useState<OfferStep>();
	const [done, setDone] = useState<readonly OfferStep[]>([]);
	const [draft, setDraft] = useState<Draft>();
	const [told, setTold] = useState<Told>();
	const [error, setError] = useState<string>();

	const offer = async () => {
		const finish = (one: OfferStep) => setDone((before) => [...before.filter((it) => it !== one), one]);
		const registry = addresses?.datanetRegistry;
		const token = addresses?.openToken;
		if (registry === undefined || token === undefined) throw new Error("the node has not named its contracts yet");
		setStep("draft");
		const made = await drafted(datanet, account, source);
		setDraft(made);
		finish("draft");
		const { datanetId, rowsRoot, rowCount, salt, commitment, contributionId } = made;
		const rows = `${formatCount(rowCount)} ${rowCount === 1 ? "row" : "rows"}`;
		const costWei = BigInt(made.costWei);
		if (made.status === "draft") {
			setStep("approve");
			const spent = { address: token, abi: openTokenAbi } as const;
			const allowed =
				costWei === 0n
					? 0n
					: await readContract(config, { ...spent, functionName: "allowance", args: [account, registry] });
			if (allowed < costWei) {
				const label = `Allow the datanet registry to take ${exactOpen(costWei)} OPEN`;
				if (!(await tx.send({ label, ...spent, functionName: "approve", args: [registry, costWei] }))) return;
			}
			finish("approve");
			setStep("commit");
			const on = { address: registry, abi: datanetRegistryAbi } as const;
			const args = [datanetId, commitment] as const;
			const committed = await readContract(config, { ...on, functionName: "getCommitment", args });
			const { timestamp } = await getBlock(config, { blockTag: "pending" });
			if (committed.sequence === 0 || BigInt(committed.revealEnds) < timestamp + SPARE_SECONDS) {
				const label = `Commit to ${rows} for ${datanet.name}, without showing them`;
				if (!(await tx.send({ label, ...on, functionName: "commitContribution", args }))) return;
			}
			finish("commit");
			setStep("reveal");
			const label = `Contribute ${rows} to ${datanet.name}${costWei === 0n ? "" : ` and put down ${exactOpen(costWei)} OPEN`}`;
			const shown = [datanetId, rowsRoot, rowCount, salt] as const;
			if (!(await tx.send({ label, ...on, functionName: "contribute", args: shown }))) return;
		}
		for (const one of ["approve", "commit", "reveal"] as const) finish(one);
		setStep("tell");
		setTold(await tell(contributionId));
		finish("tell");
	};

	const run = async () => {
		setError(undefined);
		try {
			await offer();
		} catch (thrown) {
			setError(thrown instanceof Error ? thrown.message : String(thrown));
		} finally {
			setStep(undefined);
			void queries.invalidateQueries();
		}
	};
	return { tx, step, done, draft, told, error, run };
}

function drafted(datanet: Datanet, account: Address, source: OfferSource): Promise<Draft> {
	if ("draftId" in source) return postJson<Draft>(`/api/drafts/${source.draftId}`);
	const { format, content, encoding } = source.file;
	const path = `/api/datanets/${encodeURIComponent(datanet.name)}/drafts`;
	return postJson<Draft>(path, { contributor: account, format, content, encoding });
}

/** The node looks on chain itself; it finds the offer also if nobody tells it. */
async function tell(id: Hex): Promise<Told> {
	for (let tries = 1; ; tries++) {
		const answer = await postJson<Answered>(`/api/drafts/${id}/offered`);
		if (answer.status === "contributed") {
			const { contribution, acceptedRows, offeredRows } = answer;
			return { status: contribution, acceptedRows, offeredRows };
		}
		if (tries === TELL_TRIES)
			throw new Error("the node does not see the offer on chain yet; it goes on looking by itself");
		await new Promise((resolve) => setTimeout(resolve, TELL_EVERY_MS));
	}
}
