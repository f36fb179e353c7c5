// Every field of a recipe in plain words. Bounds and standard values come from the node.

export type FieldWords = { readonly label: string; readonly about: string; readonly isBasic?: boolean };

const WORDS: Readonly<Record<string, FieldWords>> = {
	epochs: {
		label: "Epochs",
		about: "How often each row is met. More learns rows better by heart, and takes longer in proportion.",
		isBasic: true,
	},
	learningRate: {
		label: "Learning rate",
		about: "How far each step moves. Too high and the loss jumps about, too low and little is learnt.",
		isBasic: true,
	},
	batchSize: {
		label: "Batch size",
		about: "Rows that are computed at once. More is faster for each row and needs more memory.",
		isBasic: true,
	},
	rank: {
		label: "Rank",
		about: "How much the adapter can hold: the width of its matrices, a multiple of 4.",
		isBasic: true,
	},
	maxLength: {
		label: "Longest row",
		about: "Rows with more tokens than this are left out, and counted.",
		isBasic: true,
	},
	validation: {
		label: "Rows held out",
		about:
			"A share below 1, or a count, that is never learnt from and shows what the model makes of rows it has not seen. Such rows earn nothing.",
		isBasic: true,
	},
	alpha: { label: "Alpha", about: "The adapter's term is scaled by alpha divided by the rank." },
	rankStabilised: {
		label: "Rank-stabilised",
		about: "Scales by alpha divided by the root of the rank instead (rsLoRA).",
	},
	targets: {
		label: "Layers",
		about:
			"Which linear layers get an adapter: names separated by commas, all-linear, or a regular expression for whole paths.",
	},
	accumulate: {
		label: "Batches a step",
		about: "So many batches make one step, as if they were one: memory of one, effect of all.",
	},
	schedule: { label: "Schedule", about: "How the learning rate falls after its rise." },
	warmup: { label: "Warm-up", about: "Share of the steps in which the learning rate rises to its full height." },
	warmupSteps: { label: "Warm-up steps", about: "A number of steps instead of that share; empty: the share counts." },
	floor: { label: "Floor", about: "Share of the learning rate that is left at the end." },
	beta1: { label: "Beta 1", about: "How long AdamW remembers the direction of gradients." },
	beta2: { label: "Beta 2", about: "How long AdamW remembers the size of gradients." },
	epsilon: { label: "Epsilon", about: "Added to AdamW's root so that nothing is divided by zero." },
	epsilonRoot: {
		label: "Epsilon in the root",
		about: "Added inside the root; above zero, the run has a derivative and audits can use it.",
	},
	weightDecay: { label: "Weight decay", about: "How much every number is pulled towards zero each step." },
	clip: { label: "Clip", about: "Gradients of all numbers together are never longer than this." },
	responsesOnly: {
		label: "Responses only",
		about: "Only what the assistant says is learnt; else every token of a row.",
	},
	packing: {
		label: "Packing",
		about: "Rows lie end to end instead of padded: faster where lengths differ, and no bit of the adapter changes.",
	},
	validateEvery: { label: "Look every", about: "Steps between looks at the rows held out; 0 is once an epoch." },
	patience: { label: "Patience", about: "The run ends after so many looks without a better loss; 0 is never." },
	minDelta: { label: "Better by", about: "By how much a loss must be below the best to be better." },
	keepBest: { label: "Keep the best", about: "The adapter is the one of the best look instead of the last." },
	seed: { label: "Seed", about: "Of the adapter's first numbers, the order of rows and the choice of rows held out." },
	commitEvery: {
		label: "Commit every",
		about: "Steps between two commitments: a dispute or replay compares them one by one.",
	},
	checkpoints: {
		label: "Checkpoints",
		about: "Shares of the run, separated by commas, at which its state is kept, so that a replay may begin there.",
	},
};

export function wordsOf(key: string): FieldWords {
	return WORDS[key] ?? { label: key, about: "" };
}

/** In the order in which they are read best. */
export const FIELD_ORDER: readonly string[] = Object.keys(WORDS);
