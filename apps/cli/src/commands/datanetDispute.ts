// `openledger datanet challenge|appeal|defend|resolve|withdraw`: say that a decision about a contribution is wrong, stand for it, bring it
// to its end, and draw what came free. Signed by the user's wallet.

import { assertHolds } from "../client/holdings.js";
import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open } from "../output/amounts.js";
import { whileWaiting } from "../output/showWaiting.js";
import { facts } from "../output/table.js";

const ID = ["<contribution>", "its id, as `datanet show DATANET --json` has it"] as const;
const EXAMPLE = `0x${"5a".repeat(32)}`;

const ACTS = {
	challenge: "challenge a contribution under the open rule; puts down the jurors' fees and a bond",
	appeal: "appeal a decision: the contributor a refusal, others an acceptance; puts down fees and a bond",
	defend: "stand for what a challenge or an appeal says is wrong; puts down the jurors' fees",
	resolve: "bring a contribution on from a counted case, or from a dispute that nobody defended in time",
} as const;

export function datanetDisputeCommands(cli: Cli) {
	return (Object.keys(ACTS) as (keyof typeof ACTS)[]).map((act) => actCommand(cli, act));
}

function actCommand(cli: Cli, act: keyof typeof ACTS) {
	const spec = { name: act, describe: ACTS[act], args: [ID], examples: [`datanet ${act} ${EXAMPLE}`] } as const;
	return ledgerCommand(cli, spec, async ({ api, chain, ledger, args, terminal, address, signer }) => {
		const contributionId = args[0] as `0x${string}`;
		if (!/^0x[0-9a-fA-F]{64}$/.test(contributionId)) throw usage("an id is 0x and 64 hex digits");
		if (act !== "resolve") {
			const { feesWei, bondWei } = await chain.readDisputeCost(ledger, contributionId);
			await assertHolds(api, address(), act === "defend" ? feesWei : feesWei + bondWei);
		}
		const verbs = {
			challenge: chain.challengeContribution,
			appeal: chain.appealContribution,
			defend: chain.defendContribution,
			resolve: chain.resolveContribution,
		};
		const { sent } = await whileWaiting(terminal, "the chain", verbs[act](ledger, await signer(), { contributionId }));
		const found = (await chain.readContribution(ledger, contributionId))!;
		const round = found.stage === "challenged" || found.stage === "judged" ? 0 : 1;
		const dispute = await chain.readContributionDispute(ledger, contributionId, round);
		const text = facts(terminal, [
			["Contribution", contributionId],
			["Decision", found.status],
			["Stage", found.stage],
			[
				"Put down",
				dispute === undefined ? "nothing" : `${open(dispute.feesWei)} OPEN fees, ${open(dispute.bondWei)} bond`,
			],
			["Jury's case", dispute?.caseId === undefined ? "none" : String(dispute.caseId)],
			["Sent", sent?.hash ?? "nothing; it was done before"],
		]);
		return { json: { ...found, dispute, hash: sent?.hash }, text };
	});
}

export function datanetWithdrawCommand(cli: Cli) {
	const spec = {
		name: "withdraw",
		describe: "draw stakes and deposits that came free for the wallet",
		examples: ["datanet withdraw"],
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, terminal, address, signer }) => {
		const account = address();
		const drawing = chain.withdrawDeposits(ledger, await signer(), { account });
		const { amountWei, sent } = await whileWaiting(terminal, "the chain", drawing);
		const text = amountWei === 0n ? "Nothing came free yet." : `Drew ${open(amountWei)} OPEN.`;
		return { json: { account, amountWei, hash: sent?.hash }, text };
	});
}
