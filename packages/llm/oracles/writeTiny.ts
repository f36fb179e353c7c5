// Writes the tiny seeded models and an adapter for each as Hugging Face folders, for the Python oracle beside this file.
// Usage: node --import tsx --conditions=source packages/llm/oracles/writeTiny.ts DIR

import {
	type AdapterConfig,
	type BaseModel,
	parameterShapes,
	readBase,
	tinyAdapter,
	tinyBase,
	tinyFamilies,
	writeAdapterConfig,
	writeConfig,
	writeFolder,
	writeSafetensors,
} from "@openledger/llm";

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("usage: writeTiny.ts DIR");

async function writeAdapter(name: string, base: BaseModel, wanted?: AdapterConfig): Promise<void> {
	const { config, model } = tinyAdapter(base, wanted);
	await writeFolder(`${directory}/${name}/adapter`, {
		"adapter_config.json": JSON.stringify(writeAdapterConfig(config, `${directory}/${name}/base`)),
		"adapter_model.safetensors": model,
	});
}

const tiny = tinyBase();
const tensors = new Map(
	[...parameterShapes(tiny.config)].map(([name, shape]) => [name, { shape, data: tiny.parameters.get(name)! }]),
);
await writeFolder(`${directory}/tiny/base`, {
	"config.json": JSON.stringify(
		writeConfig(tiny.config, { bos: 1, eos: tiny.endOfText, pad: tiny.padding }, "float32"),
	),
	"model.safetensors": writeSafetensors(tensors),
});
await writeAdapter("tiny", tiny);

for (const { name, files, adapter } of tinyFamilies()) {
	const { model } = files;
	await writeFolder(`${directory}/${name}/base`, {
		"config.json": files.config,
		...(model instanceof Uint8Array
			? { "model.safetensors": model }
			: { "model.safetensors.index.json": model.index, ...Object.fromEntries(model.files) }),
	});
	await writeAdapter(name, readBase(files, name), adapter);
}
