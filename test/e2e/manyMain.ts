// Many commands one after another in one process, for what is about their words alone; each told as `Ended`, all as one line of JSON.

import { main } from "@openledger/cli";

const ended: { code: number; stdout: string; stderr: string }[] = [];
const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
for (const args of JSON.parse(process.argv[2]!) as string[][]) {
	const said = { stdout: "", stderr: "" };
	for (const stream of ["stdout", "stderr"] as const)
		process[stream].write = (text: string | Uint8Array) => {
			said[stream] += text;
			return true;
		};
	ended.push({ code: await main(args), ...said });
}
Object.assign(process.stdout, { write: writes.stdout });
Object.assign(process.stderr, { write: writes.stderr });
console.log(JSON.stringify(ended));
