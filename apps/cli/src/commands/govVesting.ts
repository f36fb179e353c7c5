// `openledger gov vesting|release`: the grants of OPEN as they were deployed, what of them is vested, and paying it out.

import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open, short } from "../output/amounts.js";
import { time } from "../output/proposals.js";
import { whileWaiting } from "../output/showWaiting.js";
import { table } from "../output/table.js";

const COLUMNS = [
	{ head: "Grant", align: "right" },
	{ head: "For" },
	{ head: "OPEN", align: "right" },
	{ head: "Nothing before" },
	{ head: "All from" },
	{ head: "Vested", align: "right" },
	{ head: "Paid", align: "right" },
] as const;

export function govVestingCommand(cli: Cli) {
	const spec = {
		name: "vesting",
		describe: "list who was granted which part of OPEN when it was deployed; nobody can change it",
		examples: ["gov vesting", "gov vesting --json | jq '.grants[].vestedWei'"],
		signs: false,
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, terminal }) => {
		const allocation = await chain.readAllocation(ledger);
		const { grants, isFunded, totalWei } = allocation;
		const names = new Map(Object.entries(ledger.addresses).map(([name, address]) => [address.toLowerCase(), name]));
		const rows = grants.map(({ index, beneficiary, amountWei, start, cliffSeconds, durationSeconds, ...grant }) => [
			String(index),
			names.get(beneficiary.toLowerCase()) ?? short(beneficiary),
			open(amountWei),
			time(start + cliffSeconds).slice(0, 10),
			time(start + durationSeconds).slice(0, 10),
			open(grant.vestedWei),
			open(grant.releasedWei),
		]);
		const next = isFunded
			? "What is vested and not paid: openledger gov release GRANT"
			: `Nobody has brought the ${open(totalWei)} OPEN of the grants yet; nothing is paid before.`;
		return { json: allocation, text: `${table(terminal, COLUMNS, rows)}\n${terminal.style.dim(next)}` };
	});
}

export function govReleaseCommand(cli: Cli) {
	const spec = {
		name: "release",
		describe: "pay what is vested of a grant to whom it was granted; anybody may",
		args: [["<grant>", "its number, as `gov vesting` has it"]],
		examples: ["gov release 0"],
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, args, terminal, signer }) => {
		if (!/^\d{1,3}$/.test(args[0]!)) throw usage(`${JSON.stringify(args[0])} is no grant; see: openledger gov vesting`);
		const releasing = chain.releaseGrant(ledger, await signer(), { index: Number(args[0]) });
		const { grant, paidWei, sent } = await whileWaiting(terminal, "the payment", releasing);
		const { beneficiary, vestedWei, releasedWei } = grant;
		const text =
			paidWei > 0n
				? `${open(paidWei)} OPEN paid to ${beneficiary}; ${open(releasedWei)} OPEN of the grant so far.`
				: `Nothing is due: ${open(releasedWei)} of ${open(vestedWei)} OPEN that are vested were paid before.`;
		return { json: { ...grant, paidWei, hash: sent?.hash }, text };
	});
}
