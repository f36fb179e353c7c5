// How to take a model along: its files, and the lines that load it with PEFT or ask it through the OpenAI API.

import { useState } from "react";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Card } from "../../shared/ui/Card.js";
import type { Model } from "./modelTypes.js";

const FILES = [
	["adapter_model.safetensors", "the adapter's matrices"],
	["adapter_config.json", "what PEFT reads beside them"],
	["recipe.json", "what it was trained by"],
] as const;

export function UseCard({ model }: { readonly model: Model }) {
	const { model: name, base } = model;
	const origin = location.origin;
	return (
		<div className="flex flex-col gap-5">
			<Card title="Files" aside="checked against the run's commitments as they are sent">
				<ul className="flex flex-col gap-3">
					{FILES.map(([file, what]) => (
						<li key={file} className="flex flex-wrap items-center gap-3 text-sm">
							<ButtonLink href={`/api/models/${encodeURIComponent(name)}/files/${file}`} download={file}>
								{file}
							</ButtonLink>
							<span className="text-soft">{what}</span>
						</li>
					))}
				</ul>
				<p className="mt-3 text-sm text-soft">Put the first two into a folder called {name}.</p>
			</Card>
			<Snippet
				title="Ask it through the OpenAI API"
				language="curl"
				text={curlOf(origin, name)}
				note="Asking costs OPEN. A prepaid key is bought once, on the Playground page or with openledger wallet key buy; a program with a wallet pays by itself with @openledger/sdk."
			/>
			<Snippet title="In Python, with the OpenAI package" language="python" text={openAiOf(origin, name)} />
			<Snippet title="In TypeScript, paid from a wallet" language="typescript" text={sdkOf(origin, name)} />
			<Snippet
				title="Load it with PEFT"
				language="python"
				text={peftOf(base, name)}
				note={`The base ${base} is the folder that this node was started with.`}
			/>
		</div>
	);
}

type SnippetProps = {
	readonly title: string;
	readonly language: string;
	readonly text: string;
	readonly note?: string;
};

function Snippet({ title, language, text, note }: SnippetProps) {
	const [said, setSaid] = useState("Copy");
	const copy = () =>
		navigator.clipboard.writeText(text).then(
			() => setSaid("Copied"),
			() => setSaid("Could not copy"),
		);
	return (
		<Card
			title={title}
			aside={
				<Button onClick={copy} aria-label={`${said}: ${title}`}>
					{said}
				</Button>
			}
		>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
			<section className="overflow-x-auto rounded-lg bg-sunken p-3" aria-label={`${title}, ${language}`} tabIndex={0}>
				<pre className="font-mono text-xs leading-relaxed">
					<code>{text}</code>
				</pre>
			</section>
			{note !== undefined && <p className="mt-2 text-sm text-soft">{note}</p>}
		</Card>
	);
}

const curlOf = (origin: string, name: string) => `curl ${origin}/v1/chat/completions \\
  -H "authorization: Bearer $OPENLEDGER_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model": "${name}", "messages": [{"role": "user", "content": "What do you know?"}]}'`;

const openAiOf = (origin: string, name: string) => `import os
from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ["OPENLEDGER_KEY"])
answer = client.chat.completions.create(
    model="${name}",
    messages=[{"role": "user", "content": "What do you know?"}],
)
print(answer.choices[0].message.content)`;

const sdkOf = (origin: string, name: string) => `import { createPayingFetch } from "@openledger/sdk";
import { privateKeyToAccount } from "viem/accounts";

const { chainId, addresses } = await (await fetch("${origin}/api/status")).json();
const pay = createPayingFetch({
  account: privateKeyToAccount(process.env.WALLET_KEY),
  chainId,
  token: addresses.openToken,
  maxWeiPerRequest: 10n ** 18n,
});
const response = await pay("${origin}/v1/chat/completions", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "${name}", messages: [{ role: "user", content: "What do you know?" }] }),
});
console.log(await response.json());`;

const peftOf = (base: string, name: string) => `from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

base = AutoModelForCausalLM.from_pretrained("${base}")
tokenizer = AutoTokenizer.from_pretrained("${base}")
model = PeftModel.from_pretrained(base, "./${name}")`;
