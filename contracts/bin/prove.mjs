// Has the compiler prove what proofs/*.sol asserts (SMTChecker with the z3 that npm's solc holds), and exits 1 unless it proves all.
// `node bin/prove.mjs`, or with names: `node bin/prove.mjs ClaimProof`. It must not know what is asserted.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** BMC looks at each function alone and unrolls nothing here, so with functions that have no loops it is a proof. */
const ENGINE = "bmc";
const SAFE = "2961";
/** That the engine will go in a later compiler (ours is pinned), and that the values inside custom errors are not looked at. */
const QUIET = [/BMC engine of the SMTChecker is deprecated/, /does not yet implement type error/];
const LIMIT_MS = 120_000;

if (isMainThread) await main();
else parentPort.postMessage(prove(workerData));

async function main() {
	const named = process.argv.slice(2);
	const names = readdirSync(join(root, "proofs"))
		.filter((file) => file.endsWith(".sol"))
		.map((file) => file.slice(0, -".sol".length))
		.filter((name) => named.length === 0 || named.includes(name));
	if (names.length === 0) throw new Error(`proofs/ holds none of ${named.join(", ")}`);
	let proved = 0;
	for (const name of names) {
		const begun = performance.now();
		const { asserted, safe, complaints } = await inWorker({ name });
		const seconds = ((performance.now() - begun) / 1000).toFixed(1);
		const right = safe === asserted && complaints.length === 0;
		console.log(`${right ? "proved" : "NOT PROVED"}  ${name}: ${safe} of ${asserted} assertions, ${seconds} s`);
		for (const complaint of complaints) console.log(`  ${complaint}`);
		proved += safe;
		if (!right) process.exitCode = 1;
	}
	// A checker that proves anything proves nothing: it must refuse a claim that is false by one wei.
	const control = await inWorker({
		name: "ForfeitProof",
		from: "burntWei == amountWei",
		to: "burntWei == amountWei + 1",
	});
	const refused = control.safe < control.asserted && control.complaints.length > 0;
	console.log(`${refused ? "refused" : "NOT REFUSED"} the false control; ${proved} assertions proved in all`);
	if (!refused) process.exitCode = 1;
}

/** In a thread of its own, because a hard question has no end and the compiler no clock. */
function inWorker(workerData) {
	return new Promise((resolve, reject) => {
		const worker = new Worker(fileURLToPath(import.meta.url), { workerData });
		const timer = setTimeout(() => {
			worker.terminate();
			resolve({
				asserted: 1,
				safe: 0,
				complaints: [`no answer within ${LIMIT_MS / 1000} s`],
			});
		}, LIMIT_MS);
		worker.once("message", (result) => {
			clearTimeout(timer);
			resolve(result);
			worker.terminate();
		});
		worker.once("error", reject);
	});
}

function prove({ name, from, to }) {
	const solc = createRequire(import.meta.url)("solc");
	const file = `proofs/${name}.sol`;
	const text = readFileSync(join(root, file), "utf8");
	if (from !== undefined && !text.includes(from)) throw new Error(`${file} does not contain: ${from}`);
	const content = from === undefined ? text : text.replace(from, to);
	const input = {
		language: "Solidity",
		sources: { [file]: { content } },
		settings: {
			outputSelection: { "*": { "*": [] } },
			modelChecker: {
				engine: ENGINE,
				contracts: { [file]: [name] },
				targets: ["assert"],
				showProvedSafe: true,
				showUnproved: true,
				showUnsupported: true,
			},
		},
	};
	const read = (path) => {
		try {
			return { contents: readFileSync(join(root, path), "utf8") };
		} catch (error) {
			return { error: String(error) };
		}
	};
	const { errors = [] } = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
	return {
		asserted: content.match(/\bassert\(/g)?.length ?? 0,
		safe: errors.filter(({ errorCode }) => errorCode === SAFE).length,
		complaints: errors
			.filter(({ errorCode, message }) => errorCode !== SAFE && !QUIET.some((one) => one.test(message)))
			.map(
				({ errorCode, message, sourceLocation }) => `${errorCode} ${message.split("\n")[0]} (${sourceLocation?.file})`,
			),
	};
}
