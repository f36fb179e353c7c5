// `openledger model export MODEL --out DIR`: the adapter in PEFT form, as other tools load it.

import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Option } from "commander";
import type { TrainedModel } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { facts } from "../output/table.js";

const FILES = ["adapter_config.json", "adapter_model.safetensors"] as const;

export function modelExportCommand(cli: Cli) {
	const spec = {
		name: "export",
		describe: `write a model's adapter in PEFT form: ${FILES.join(", ")}`,
		args: [["<model>", "served name or id"]],
		options: [new Option("--out <dir>", "folder to write into, made if missing").makeOptionMandatory()],
		examples: ["model export world-1 --out ./world-1"],
	} as const;
	return nodeCommand<{ out: string }>(cli, spec, async ({ api, args, options, terminal }) => {
		const name = encodeURIComponent(args[0]!);
		const { model, adapterDigest, base } = await api.get<TrainedModel>(`/models/${name}`);
		const folder = resolve(options.out);
		mkdirSync(folder, { recursive: true });
		const files: { name: string; bytes: number }[] = [];
		for (const file of FILES) {
			const bytes = await api.bytes(`/models/${name}/files/${file}`);
			writeFileSync(join(folder, file), bytes);
			files.push({ name: file, bytes: bytes.length });
		}
		const text = facts(terminal, [
			["Model", `${model}, an adapter for ${base}`],
			["Adapter", adapterDigest],
			["Folder", folder],
			...files.map((file) => ["File", `${file.name}  ${file.bytes.toLocaleString("en-US")} bytes`] as const),
		]);
		return { json: { model, adapterDigest, folder, files }, text };
	});
}
