// Plain fetch that pays, with the x402 clients as they come from npm: one answer by `exact`, three by one channel.

import { BatchSettlementEvmScheme } from "@x402/evm/batch-settlement/client";
import { FileClientChannelStorage } from "@x402/evm/batch-settlement/client/file-storage";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { privateKeyToAccount } from "viem/accounts";

const { OPENLEDGER_URL: node = "http://127.0.0.1:8402", OPENLEDGER_PRIVATE_KEY: key } = process.env;
/** 0.01 OPEN: what an answer may cost at most. */
const MOST_WEI = 10n ** 16n;

if (key === undefined) throw new Error("set OPENLEDGER_PRIVATE_KEY to a key that holds OPEN");
const account = privateKeyToAccount(key as `0x${string}`);

type Status = { readonly chainId: number; readonly addresses: { readonly openToken: `0x${string}` } };
const { chainId, addresses } = (await (await fetch(`${node}/api/status`)).json()) as Status;
const network = `eip155:${chainId}` as const;

/** A fetch that pays by one scheme; x402 clients refuse unknown tokens, so OPEN is allowed by name. */
function payingBy(scheme: ExactEvmScheme | BatchSettlementEvmScheme) {
	const allowedAssets = [{ network, asset: addresses.openToken, maxAmountPerPayment: String(MOST_WEI) }];
	return wrapFetchWithPayment(fetch, new x402Client().register(network, scheme).setSpendControls({ allowedAssets }));
}

type Models = { readonly data: readonly { readonly id: string; readonly parent?: string | null }[] };
const { data: models } = (await (await fetch(`${node}/v1/models`)).json()) as Models;
const model = models.filter(({ parent }) => parent != null).at(-1)?.id;

async function ask(pay: typeof fetch, content: string): Promise<void> {
	const response = await pay(`${node}/v1/chat/completions`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ model, messages: [{ role: "user", content }], max_tokens: 8 }),
	});
	const body = await response.text();
	if (!response.ok) throw new Error(`${response.status} ${body}`);
	const { choices, openledger } = JSON.parse(body);
	const settled = decodePaymentResponseHeader(response.headers.get("payment-response")!);
	console.log(
		`${JSON.stringify(choices[0].message.content)}: ${openledger.feeWei} wei, receipt ${openledger.receiptId}`,
	);
	console.log(
		settled.transaction ? `  moved by transaction ${settled.transaction}` : "  paid by a signature, no transaction",
	);
}

console.log("exact: one transfer for each answer");
await ask(payingBy(new ExactEvmScheme(account)), "Who wrote Faust?");

console.log("batch-settlement: one deposit, then signatures");
// Whoever loses this folder finds the channel's state on chain and at the node again.
const storage = new FileClientChannelStorage({ directory: process.env.OPENLEDGER_CHANNELS ?? "channels" });
const channel = payingBy(new BatchSettlementEvmScheme(account, { storage }));
for (const question of ["Who wrote Faust?", "Who wrote Hamlet?", "Who wrote Emma?"]) await ask(channel, question);
