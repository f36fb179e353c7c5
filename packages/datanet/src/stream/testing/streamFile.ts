// Streams a file into a folder and says how far it is, for tests that kill it: `streamFile.ts FILE FOLDER`.

import { createPipeline, streamPipeline } from "../../index.js";

const [file, dir] = process.argv.slice(2);
await streamPipeline(await createPipeline(), file!, {
	...{ format: "jsonl", dir: dir!, checkpointRows: 1024 },
	onProgress: ({ rows }) => process.stdout.write(`${rows}\n`),
});
process.stdout.write("done\n");
