// `npm run bench -- economy [--quick] [--epochs N] [--seed N] [--fresh]`: who earns what when honest and dishonest people meet on the real
// contracts. A chain of production's constants, two weeks an epoch, 200 epochs; --quick 20. An ended run goes on where it was.
// What the agents do follows from the seed; what the chain draws (jurors) from its own block hashes.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ROLES } from "./economy/agents.js";
import { openChance } from "./economy/chance.js";
import { createDatanet, curate } from "./economy/curation.js";
import { barChart, lineChart } from "./economy/plot.js";
import { type Outcome, profitsOf, targetsOf } from "./economy/profits.js";
import { settle } from "./economy/settlement.js";
import { begin, finishSetUp } from "./economy/setUp.js";
import { openLedgers, type Saved } from "./economy/state.js";
import { train } from "./economy/training.js";
import { DAY, openWorld, type World } from "./economy/world.js";
import type { BenchOptions, BenchResult } from "./run.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const EPOCH_DAYS = 14;
const KEEP_EVERY = 10;

type Kept = {
	/** Where the contracts lay, which follows from their code and constants: a run of others does not go on. */
	readonly contracts: string;
	readonly epoch: number;
	readonly datanetId: `0x${string}`;
	readonly history: readonly (readonly number[])[];
	readonly ledgers: Saved;
	/** The chain's time, and all that it holds. */
	readonly chainSeconds: number;
	readonly state: `0x${string}`;
};

export async function run({ args, log }: BenchOptions): Promise<BenchResult | number> {
	const { values } = parseArgs({
		args: [...args],
		options: {
			quick: { type: "boolean" },
			epochs: { type: "string" },
			seed: { type: "string", default: "1" },
			fresh: { type: "boolean" },
		},
	});
	const epochs = Number(values.epochs ?? (values.quick ? 20 : 200));
	const seed = Number(values.seed);
	if (!Number.isSafeInteger(epochs) || epochs < 1 || epochs > 2000 || !Number.isSafeInteger(seed)) {
		log("--epochs is a whole number from 1 to 2000, --seed a whole number");
		return 2;
	}
	const folder = join(root, ".openledger", "bench", "economy");
	const file = join(folder, `seed-${seed}.json`);
	if (values.fresh) rmSync(file, { force: true });
	const world = await openWorld(await freePort());
	try {
		const kept = read(file, epochs, contractsOf(world));
		const { outcome, history } = await simulate(world, { epochs, seed, kept, log, keep: (now) => write(file, now) });
		draw(outcome, history, epochs);
		return {
			variant: values.quick ? "quick" : `${epochs}-epochs`,
			rows: outcome.map(({ role, kind, profit, instead, gain, work }) => ({ role, kind, profit, instead, gain, work })),
			targets: targetsOf(outcome),
		};
	} finally {
		await world.close();
	}
}

type Simulation = {
	readonly epochs: number;
	readonly seed: number;
	readonly kept: Kept | undefined;
	readonly log: (line: string) => void;
	keep(now: Kept): void;
};

async function simulate(world: World, { epochs, seed, kept, log, keep }: Simulation) {
	const chance = openChance(seed);
	const ledgers = openLedgers(kept?.ledgers);
	const history: (readonly number[])[] = [...(kept?.history ?? [])];
	let datanetId = kept?.datanetId;
	if (kept === undefined) await begin(world);
	else {
		log(`going on after epoch ${kept.epoch}`);
		await world.load(kept.state, kept.chainSeconds);
	}
	datanetId ??= await createDatanet(world);
	const begun = performance.now();
	for (let epoch = (kept?.epoch ?? 0) + 1; epoch <= epochs; epoch++) {
		await curate(world, chance, ledgers, datanetId, epoch);
		if (epoch === 1) await finishSetUp(world, datanetId);
		await train(world, ledgers, datanetId, epoch);
		await settle(world, chance, ledgers, epoch);
		await world.pass(EPOCH_DAYS * DAY);
		history.push((await profitsOf(world, ledgers)).map(({ profit }) => profit));
		const seconds = (performance.now() - begun) / 1000;
		log(`epoch ${epoch}/${epochs}, ${world.transactions()} transactions, ${seconds.toFixed(0)} s`);
		if (epoch % KEEP_EVERY === 0 && epoch < epochs)
			keep({
				contracts: contractsOf(world),
				epoch,
				datanetId,
				history,
				ledgers: ledgers.save(),
				chainSeconds: await world.now(),
				state: await world.dump(),
			});
	}
	return { outcome: await profitsOf(world, ledgers), history };
}

function draw(outcome: readonly Outcome[], history: readonly (readonly number[])[], epochs: number): void {
	const folder = join(root, "docs", "economy");
	mkdirSync(folder, { recursive: true });
	const series = ROLES.map(({ name, kind }, i) => ({ name, kind, points: history.map((profits) => profits[i]!) }));
	for (const kind of ["honest", "attack"] as const) {
		const lines = series.filter((one) => one.kind === kind);
		const title = `${kind === "honest" ? "Honest roles" : "Attackers"}: profit so far, OPEN a member, ${epochs} epochs of two weeks`;
		writeFileSync(join(folder, `${kind}.svg`), lineChart(title, lines));
	}
	const bars = outcome.filter(({ kind }) => kind === "attack").map(({ role, gain }) => ({ name: role, value: gain }));
	writeFileSync(
		join(folder, "gain.svg"),
		barChart(`What attacking brought against not attacking, OPEN a member, ${epochs} epochs`, bars),
	);
}

function contractsOf({ addresses }: World): string {
	return Object.values(addresses).join(" ");
}

function read(file: string, epochs: number, contracts: string): Kept | undefined {
	try {
		const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
		return kept.epoch < epochs && kept.contracts === contracts ? kept : undefined;
	} catch {
		return undefined;
	}
}

function write(file: string, now: Kept): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, JSON.stringify(now));
}

function freePort(): Promise<number> {
	return new Promise((found) => {
		const server = createServer();
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address() as { port: number };
			server.close(() => found(port));
		});
	});
}
