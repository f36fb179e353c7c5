// Vercel's AI SDK against an OpenLedger node: text as it is written, through its provider for OpenAI-compatible servers.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";

const { OPENLEDGER_URL: node = "http://127.0.0.1:8402", OPENLEDGER_API_KEY: apiKey } = process.env;
const { OPENLEDGER_MODEL: model = "world-1" } = process.env;

if (apiKey === undefined) throw new Error("set OPENLEDGER_API_KEY; buy a key with: openledger wallet key buy 1");
const openledger = createOpenAICompatible({
	name: "openledger",
	baseURL: `${node}/v1`,
	apiKey,
	includeUsage: true,
});

const whole = await generateText({ model: openledger(model), prompt: "Who wrote Faust?", maxOutputTokens: 8 });
console.log(whole.text);
console.log(`receipt ${whole.response.headers?.["x-openledger-receipt"]}`);

const streamed = streamText({
	model: openledger(model),
	messages: [{ role: "user", content: "Who wrote Hamlet?" }],
	maxOutputTokens: 8,
	onError: ({ error }) => {
		throw error;
	},
});
for await (const piece of streamed.textStream) process.stdout.write(piece);
const { inputTokens, outputTokens } = await streamed.usage;
console.log(`\n${inputTokens} + ${outputTokens} tokens, ended by ${await streamed.finishReason}`);
