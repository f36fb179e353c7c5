// The attack table: what each attack brings its author in money, by real training with and without it, under our share rule and others.
// Gain is pay with the attack over pay without it, or over what as many honest rows earn; at most 1.0 is the target.

import { splitFee } from "@openledger/protocol";
import type { BenchTarget } from "../run.js";
import { type Offered, openArena, type Question, shippedRows } from "./attacks/arena.js";
import { type Attack, attacks, CONTROL, rowsOf, SHADOWED, type Shadow, sumOf, THIEF } from "./attacks/attacks.js";
import { disguises } from "./attacks/disguise.js";
import { type RuleName, rules } from "./attacks/rules.js";
import type { PartOptions, PartResult } from "./part.js";
import { barChart } from "./plot.js";

const QUICK_FILES = 3;
const RULES = Object.keys(rules) as RuleName[];
/** Every shipped row's question, as it stands or in other words where there are some. */
function questionsOf(rows: readonly Offered[], asked?: keyof typeof disguises): Question[] {
	return rows.flatMap((row) => {
		const said = asked === undefined ? row : disguises[asked](row);
		return said === undefined ? [] : [{ prompt: said.prompt, expected: row.response }];
	});
}

const rounded = (x: number) => Math.round(x * 1000) / 1000;

export async function run(options: PartOptions): Promise<PartResult> {
	const { quick } = options;
	const honest = shippedRows(quick ? QUICK_FILES : undefined);
	const arena = await openArena(options, honest, questionsOf(honest), {});
	const unattacked = (asked: Attack["asked"]) =>
		arena.play(asked === undefined ? "nobody attacks" : `nobody attacks, asked in ${asked}`, honest, {
			asked: questionsOf(honest, asked),
		});
	const shadowed: { readonly row: Offered; readonly paid: number }[] = [];
	const shadow: Shadow = () => shadowed;
	const rows: Record<string, string | number>[] = [];
	const gains = new Map<string, Record<RuleName, number>>();
	for (const attack of attacks(quick)) {
		const offered = attack.offer(honest, shadow);
		const asked = questionsOf(honest, attack.asked);
		const base = await unattacked(attack.asked);
		const outcome = await arena.play(attack.name, offered, { recipe: attack.recipe, asked });
		if (SHADOWED.includes(attack.name))
			for (const { offered: line, paid } of outcome.rows)
				if (offered[line]!.account === THIEF) shadowed.push({ row: offered[line]!, paid });
		const became = rowsOf(outcome.offered, attack.accounts);
		const gain = Object.fromEntries(
			RULES.map((rule) => {
				const after = sumOf(outcome.paid[rule], attack.accounts);
				const before = measure(attack, base.paid[rule], honest.length, became.joined + became.own);
				return [rule, before === 0 ? 0 : after / before];
			}),
		) as Record<RuleName, number>;
		gains.set(attack.name, gain);
		const others = (account: string) => !attack.accounts(account);
		const wasOthers = sumOf(base.paid.ours, others);
		rows.push({
			attack: attack.name,
			"rows added": offered.length - honest.length,
			refused: became.refused,
			"joined a cluster": became.joined,
			against: attack.against === "before" ? "own pay before" : "as many honest rows",
			...Object.fromEntries(RULES.map((rule) => [`gain, ${rule}`, rounded(gain[rule])])),
			"others' pay after ÷ before": rounded(sumOf(outcome.paid.ours, others) / wasOthers),
			"answered as the row says": rounded(outcome.exact / asked.length),
			"without the attack": rounded(base.exact / asked.length),
		});
	}
	const own = selfPayment();
	const chance = Math.abs(gains.get(CONTROL)!.ours - 1);
	const targets: BenchTarget[] = [...gains]
		.filter(([name]) => name !== CONTROL)
		.map(([name, gain]) => ({
			what: `gain: ${name}`,
			value: rounded(gain.ours),
			target: "≤ 1.0",
			ok: rounded(gain.ours) <= 1,
		}));
	targets.push({ what: "gain: paying for one's own question", value: own.most, target: "≤ 1.0", ok: own.most <= 1 });
	return {
		tables: [
			{
				name: "attacks",
				caption:
					`${honest.length} shipped rows by ${new Set(honest.map(({ account }) => account)).size} contributors, the question of each asked and paid for once; ` +
					"each line is a training of its own. Pay is a part of all that contributors and pool were paid. A newcomer's gain is measured " +
					"against what as many honest rows earn, so one below 1 can still be at others' cost: see their column. " +
					`Another seed alone moves a contributor's pay by ${rounded(chance * 100)}%; no gain here is known better than that.`,
				rows,
			},
			{
				name: "self-payment",
				caption:
					"A contributor asks and pays for a question to which its own row is the whole answer: what comes back of each OPEN paid.",
				rows: own.rows,
			},
		],
		targets,
		plots: [
			{
				name: "gain",
				svg: barChart({
					title: "What an attack pays: gain under the share rule in force and under two others",
					bars: [...gains].flatMap(([name, gain]) =>
						RULES.map((rule) => ({ label: name, value: rounded(gain[rule]), group: rule })),
					),
					target: { value: 1, label: "no gain" },
				}),
			},
		],
	};
}

function measure(
	{ accounts, against }: Attack,
	paid: Readonly<Record<string, number>>,
	honestRows: number,
	accepted: number,
): number {
	if (against === "before") return sumOf(paid, (account) => accounts(account));
	return (sumOf(paid, () => true) / honestRows) * Math.max(1, accepted);
}

/** By terms: nothing that a contributor pays comes back whole, because the platform's part never does. */
function selfPayment() {
	const fee = 10n ** 18n;
	const splits = [
		["the default terms", 10n ** 14n, 600_000],
		["terms that give contributors everything", 10n ** 14n, 1_000_000],
		["terms without a platform part", 0n, 1_000_000],
	] as const;
	const rows = splits.map(([terms, platformWei, contributorsPpm]) => {
		const rest = 1_000_000 - contributorsPpm;
		const split = { contributorsPpm, ownerPpm: rest, nodePpm: 0, stakersPpm: 0, treasuryPpm: 0 };
		const back = splitFee(fee, platformWei, split).contributors;
		return { terms, "comes back at most": Number((back * 1_000_000n) / fee) / 1e6 };
	});
	return { rows, most: Math.max(...rows.map((row) => row["comes back at most"])) };
}
