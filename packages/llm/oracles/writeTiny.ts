// Writes the tiny seeded base and an adapter as Hugging Face folders, for the Python oracle beside this file.
// Usage: node --import tsx --conditions=source packages/llm/oracles/writeTiny.ts DIR

import {
	parameterShapes,
	tinyAdapter,
	tinyBase,
	writeAdapterConfig,
	writeConfig,
	writeFolder,
	writeSafetensors,
} from "@openledger/llm";

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("usage: writeTiny.ts DIR");
const base = tinyBase();
const tensors = new Map(
	[...parameterShapes(base.config)].map(([name, shape]) => [name, { shape, data: base.parameters.get(name)! }]),
);
await writeFolder(`${directory}/base`, {
	"config.json": JSON.stringify(
		writeConfig(base.config, { bos: 1, eos: base.endOfText, pad: base.padding }, "float32"),
	),
	"model.safetensors": writeSafetensors(tensors),
});
const { config, model } = tinyAdapter(base);
await writeFolder(`${directory}/adapter`, {
	"adapter_config.json": JSON.stringify(writeAdapterConfig(config, `${directory}/base`)),
	"adapter_model.safetensors": model,
});
