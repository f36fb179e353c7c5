// The official OpenAI client against an OpenLedger node: an answer as it is written, paid by a prepaid key, and who earned by it.

import OpenAI from "openai";

const { OPENLEDGER_URL: node = "http://127.0.0.1:8402", OPENLEDGER_API_KEY: apiKey } = process.env;
const question = process.argv[2] ?? "What is the capital of Peru?";

type Note = {
	readonly receiptId: string | null;
	readonly feeWei: string;
	readonly shares: readonly { readonly contributor: string; readonly ppm: number }[];
};

if (apiKey === undefined) throw new Error("set OPENLEDGER_API_KEY; buy a key with: openledger wallet key buy 1");
const client = new OpenAI({ baseURL: `${node}/v1`, apiKey });

const { data: models } = await client.models.list();
// Adapters have a parent, the base has none and is not sold by itself.
const model = models.filter((listed) => "parent" in listed).at(-1)?.id;
if (model === undefined) throw new Error(`${node} serves no model yet; train one: openledger up --main-job`);

const stream = await client.chat.completions.create({
	model,
	messages: [{ role: "user", content: question }],
	max_tokens: 16,
	stream: true,
	stream_options: { include_usage: true },
});
let note: Note | undefined;
for await (const chunk of stream) {
	process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
	note = (chunk as { readonly openledger?: Note }).openledger ?? note;
	if (chunk.usage) console.log(`\n${chunk.usage.prompt_tokens} + ${chunk.usage.completion_tokens} tokens`);
}
if (note === undefined) throw new Error("the answer came without a receipt");
console.log(`receipt ${note.receiptId}, ${note.feeWei} wei of OPEN`);
for (const { contributor, ppm } of note.shares) console.log(`${contributor} ${(ppm / 10_000).toFixed(1)}%`);
