// `openledger jury join|raise|leave|cases|vote|reveal`: a seat among those who may be drawn, and one's votes. Signed by the user's wallet. A vote's
// salt follows from the wallet's own signature over the case, so that nothing need be kept between vote and reveal.

import { voteCommitment } from "@openledger/protocol";
import type { JuryCase, JuryRole } from "@openledger/sdk/ledger";
import { Option } from "commander";
import { keccak256 } from "viem";
import type { LocalAccount } from "viem/accounts";
import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open } from "../output/amounts.js";
import { parseOpen } from "../output/parseOpen.js";
import { time } from "../output/proposals.js";
import { whileWaiting } from "../output/showWaiting.js";
import { table } from "../output/table.js";

type RoleOptions = { readonly role: JuryRole };

const MAX_LISTED = 50n;
const CASE = ["<case>", "its number, as `jury cases` has it"] as const;
const role = () =>
	new Option("--role <role>", "curator judges contributions, verifier judges runs and roots")
		.choices(["curator", "verifier"])
		.default("curator");

export function juryJoinCommand(cli: Cli) {
	const spec = {
		name: "join",
		describe: "take a seat; the stake of a seat must stand behind the wallet (openledger stake delegate)",
		options: [role()],
		examples: ["jury join", "jury join --role verifier"],
	} as const;
	return ledgerCommand<RoleOptions>(cli, spec, async ({ chain, ledger, options, terminal, signer }) => {
		const joining = chain.joinJury(ledger, await signer(), { role: options.role });
		const { seat, sent } = await whileWaiting(terminal, "the seat", joining);
		const text = `A ${options.role}'s seat, with ${open(seat.stakeWei)} OPEN behind it.`;
		return { json: { role: options.role, ...seat, hash: sent?.hash }, text };
	});
}

export function juryRaiseCommand(cli: Cli) {
	const spec = {
		name: "raise",
		describe: "put more stake behind the seat, after its price rose or charges lowered it; pending draws pass it over",
		options: [
			role(),
			new Option("--to <open>", "stake of the seat (default: what a seat costs now)").argParser(parseOpen),
		],
		examples: ["jury raise", "jury raise --role verifier --to 250"],
	} as const;
	return ledgerCommand<RoleOptions & { readonly to?: bigint }>(cli, spec, async (given) => {
		const { chain, ledger, options, terminal, signer } = given;
		const stakeWei = options.to ?? (await chain.readParameter(ledger, "seatStakeWei")).value;
		const raising = chain.raiseSeat(ledger, await signer(), { role: options.role, stakeWei });
		const { seat, sent } = await whileWaiting(terminal, "the seat", raising);
		const had = sent === undefined ? "as before" : "drawn for cases that are opened from now on";
		const text = `A ${options.role}'s seat, with ${open(seat.stakeWei)} OPEN behind it; ${had}.`;
		return { json: { role: options.role, ...seat, hash: sent?.hash }, text };
	});
}

export function juryLeaveCommand(cli: Cli) {
	const spec = {
		name: "leave",
		describe: "leave the seat and free its stake; not while a case of it is open",
		options: [role()],
		examples: ["jury leave"],
	} as const;
	return ledgerCommand<RoleOptions>(cli, spec, async ({ chain, ledger, options, terminal, signer }) => {
		const { sent } = await whileWaiting(
			terminal,
			"the seat",
			chain.leaveJury(ledger, await signer(), { role: options.role }),
		);
		return { json: { role: options.role, hash: sent?.hash }, text: `The ${options.role}'s seat is left.` };
	});
}

const COLUMNS = [
	{ head: "Case", align: "right" },
	{ head: "Role" },
	{ head: "Phase" },
	{ head: "Until" },
	{ head: "Jurors", align: "right" },
	{ head: "Verdict", align: "right" },
	{ head: "About" },
] as const;

export function juryCasesCommand(cli: Cli) {
	const spec = {
		name: "cases",
		describe: `list the last ${MAX_LISTED} cases; --mine only those the wallet was drawn for`,
		options: [new Option("--mine", "only cases that the wallet judges")],
		examples: ["jury cases", "jury cases --mine"],
		signs: false,
	} as const;
	return ledgerCommand<{ readonly mine?: boolean }>(cli, spec, async (given) => {
		const { chain, ledger, options, terminal, address } = given;
		const count = await chain.readCaseCount(ledger);
		const found: (JuryCase & { readonly caseId: bigint })[] = [];
		for (let caseId = count; caseId > 0n && count - caseId < MAX_LISTED; caseId--) {
			const one = (await chain.readCase(ledger, caseId))!;
			const jurors = options.mine ? await chain.readJurors(ledger, caseId) : [];
			if (options.mine && !jurors.some((juror) => juror.toLowerCase() === address().toLowerCase())) continue;
			found.push({ ...one, caseId });
		}
		const rows = found.map((one) => [
			String(one.caseId),
			one.role,
			one.phase,
			until(one),
			`${one.drawn}/${one.size}`,
			one.verdict === 0 ? "–" : String(one.verdict),
			`${one.subject.slice(0, 18)}…`,
		]);
		const none = options.mine ? "The wallet was drawn for no case." : "There was no case yet.";
		return { json: found, text: rows.length === 0 ? none : table(terminal, COLUMNS, rows) };
	});
}

export function juryVoteCommand(cli: Cli) {
	const spec = {
		name: "vote",
		describe: "commit a vote that nobody can read; of a contribution: 1 accept, 2 reject, 3 junk",
		args: [CASE, ["<choice>", "a number from 1"]],
		examples: ["jury vote 12 1"],
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, args, terminal, signer }) => {
		const caseId = numberOf(args[0]!, "case");
		const choice = Number(numberOf(args[1]!, "choice"));
		const juror = await signer();
		const one = await chain.readCase(ledger, caseId);
		// Whoever is drawn may draw: the case waits for anybody to do it.
		if (one?.phase === "drawing") await whileWaiting(terminal, "the draw", chain.drawJury(ledger, juror, { caseId }));
		const salt = await saltOf(juror, ledger, caseId);
		const { sent } = await whileWaiting(
			terminal,
			"the vote",
			chain.commitVote(ledger, juror, { caseId, choice, salt }),
		);
		const left = (await chain.readCase(ledger, caseId))!;
		const text = `Committed. Reveal it before ${time(BigInt(left.revealEnds))} UTC: openledger jury reveal ${caseId}`;
		return { json: { caseId, hash: sent?.hash, revealEnds: left.revealEnds }, text };
	});
}

export function juryRevealCommand(cli: Cli) {
	const spec = {
		name: "reveal",
		describe: "show the vote that was committed, and count once all are shown",
		args: [CASE],
		examples: ["jury reveal 12"],
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, args, terminal, signer }) => {
		const caseId = numberOf(args[0]!, "case");
		const juror = await signer();
		const one = await chain.readCase(ledger, caseId);
		if (one === undefined) throw usage(`there is no case ${caseId}; see: openledger jury cases`);
		const salt = await saltOf(juror, ledger, caseId);
		const { commitment } = await chain.readVote(ledger, caseId, juror.address);
		const choices = Array.from({ length: one.choices }, (_, i) => i + 1);
		const choice = choices.find((asked) => voteCommitment(caseId, juror.address, asked, salt) === commitment);
		if (choice === undefined) throw usage(`this wallet has committed no vote in case ${caseId} with this command`);
		const { sent } = await whileWaiting(
			terminal,
			"the vote",
			chain.revealVote(ledger, juror, { caseId, choice, salt }),
		);
		const { committed, revealed, phase } = (await chain.readCase(ledger, caseId))!;
		if (phase === "revealing" && revealed === committed) await chain.countCase(ledger, juror, { caseId });
		const { verdict, phase: after } = (await chain.readCase(ledger, caseId))!;
		const said = verdict === 0 ? "none" : String(verdict);
		const then = after === "counted" ? ` All votes are counted; the verdict: ${said}.` : "";
		return { json: { caseId, choice, phase: after, verdict, hash: sent?.hash }, text: `Shown: ${choice}.${then}` };
	});
}

/** Only the wallet can make this signature, and it makes the same one again. */
async function saltOf(
	juror: LocalAccount,
	{
		client,
		addresses,
	}: { readonly client: { readonly chainId: number }; readonly addresses: { readonly jury: string } },
	caseId: bigint,
): Promise<`0x${string}`> {
	const message = `OpenLedger jury vote\nchain ${client.chainId}\njury ${addresses.jury}\ncase ${caseId}`;
	return keccak256(await juror.signMessage({ message }));
}

function until({ phase, commitEnds, revealEnds }: JuryCase): string {
	if (phase === "committing") return time(BigInt(commitEnds));
	return phase === "revealing" ? time(BigInt(revealEnds)) : "–";
}

function numberOf(text: string, what: string): bigint {
	if (/^[1-9]\d{0,17}$/.test(text)) return BigInt(text);
	throw usage(`${JSON.stringify(text)} is no ${what}; it is a number from 1`);
}
