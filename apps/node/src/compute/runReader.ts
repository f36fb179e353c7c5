// A run as its trainer left it, in a folder or on the data layer: its links, and states that are held against the links before they are used.
// It must not know whether the links are right.

import { type ChainLink, type Committed, parseState, type Replay } from "@openledger/factory";
import { type Hex, indexedRoot, outputLink, type RunOutput } from "@openledger/protocol";

/** What is on chain of a submission. */
export type Submitted = RunOutput & { readonly linksRoot: Hex; readonly runCommitment: Hex };

/** Gives a file of the run's folder, or undefined where there is none. */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

export type RunReader = {
	/** Links 0 to N + 1; their root is the one that was submitted. */
	readonly links: readonly Hex[];
	/** The state of a link, where the run keeps it and it makes that very link. */
	checkpoint(index: number): Promise<Committed | undefined>;
};

/** Undefined where what is there is not what was submitted: it then says nothing, and costs its reader nothing but a replay. */
export async function openRunReader(
	readFile: ReadFile,
	replay: Replay,
	submitted: Submitted,
): Promise<RunReader | undefined> {
	const chain = chainOf(await readFile("run.json"));
	if (chain === undefined || chain.length !== replay.linkSteps.length - 1) return undefined;
	const links = [replay.start, ...chain.map(({ hash }) => hash), outputLink(submitted.runCommitment, submitted)];
	if (links.at(-2) !== submitted.runCommitment || indexedRoot(links) !== submitted.linksRoot) return undefined;
	return {
		links,
		async checkpoint(index) {
			const step = replay.linkSteps[index];
			if (index === 0) return replay.initial();
			const name = `checkpoint-${step}.safetensors`;
			const bytes = await readFile(name);
			const state = bytes && stateOf(bytes, name);
			if (state === undefined || state.step !== step) return undefined;
			try {
				const link = replay.linkOf(links[index - 1]!, index, state, chain[index - 1]!.validation);
				return link.hash === links[index] ? { index, hash: link.hash, state } : undefined;
			} catch {
				// Numbers that belong to no such run.
				return undefined;
			}
		},
	};
}

function stateOf(bytes: Uint8Array, name: string) {
	try {
		return parseState(bytes, name);
	} catch {
		return undefined;
	}
}

/** Whatever a stranger wrote: only hashes and losses are looked at, and only after their root has held. */
function chainOf(bytes: Uint8Array | undefined): ChainLink[] | undefined {
	if (bytes === undefined) return undefined;
	try {
		const { chain } = JSON.parse(new TextDecoder().decode(bytes)) as { chain?: unknown };
		if (!Array.isArray(chain)) return undefined;
		const isLink = (link: unknown) => /^0x[0-9a-f]{64}$/.test(String((link as Partial<ChainLink> | null)?.hash));
		return chain.every(isLink) ? (chain as ChainLink[]) : undefined;
	} catch {
		return undefined;
	}
}
