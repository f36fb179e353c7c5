// A process that appends to a store until it is killed, and says what was acknowledged: `node … appendForever.ts FOLDER WIDTH SEED`.

import { openFeatureStore } from "../store/openFeatureStore.js";
import { portionOf } from "./features.js";

const [folder, width, seed] = process.argv.slice(2) as [string, string, string];
const store = await openFeatureStore(folder, { width: Number(width), shardBytes: 20_000 });
process.stdout.write(`${store.rows()}\n`);
for (let i = 0; ; i++) {
	const { rows } = await store.append(portionOf(store.rows(), 1 + ((i * 37 + Number(seed)) % 90), Number(width)));
	process.stdout.write(`${rows}\n`);
}
