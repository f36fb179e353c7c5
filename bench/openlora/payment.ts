// What paying costs: requests a second by each way to pay beside the same request without a price, deposits that come at once, and gas per
// request by how many requests a channel carries, beside one transfer each.

import type { BenchTarget } from "../run.js";
import { measureChannelGas, openGasLedger } from "./gas.js";
import { measurePaidRequests } from "./paid.js";
import type { OpenLoraPartOptions, OpenLoraPartResult } from "./part.js";

const digits = (x: number, n: number) => Number(x.toFixed(n));

export async function run({ quick, log }: OpenLoraPartOptions): Promise<OpenLoraPartResult> {
	const paid = await measurePaidRequests({ seconds: quick ? 3 : 15, deposits: quick ? 50 : 400 });
	const rates = (["unpaid", "exact", "channel", "key"] as const).map((way) => ({
		table: "rate",
		way,
		requestsPerSecond: digits(paid[way], 1),
		ofUnpaid: digits(paid[way] / paid.unpaid, 3),
		processorMs: digits(paid.processorMs[way], 2),
	}));
	const { count, failed, seconds } = paid.deposits;
	const deposits = { table: "deposits", count, failed, seconds: digits(seconds, 1) };
	for (const row of [...rates, deposits]) log(JSON.stringify(row));
	const { ledger, close } = await openGasLedger();
	try {
		const gas = [];
		for (const requests of [10, 100, 1000]) {
			const measured = await measureChannelGas(ledger, requests);
			gas.push({ table: "gas", ...measured });
			log(JSON.stringify(gas.at(-1)));
		}
		const targets: BenchTarget[] = [
			{ what: `deposits at once that failed, of ${count}`, value: failed, target: "0", ok: failed === 0 },
			{
				what: "requests/s paid by channel",
				value: digits(paid.channel, 1),
				target: "≥ 134 (the figure known for one process)",
				ok: paid.channel >= 134,
			},
		];
		return { rows: [...rates, deposits, ...gas], targets };
	} finally {
		await close();
	}
}
