// A run with everything a recipe can ask for, in this process and in one that is killed.

export const killedRows = Array.from({ length: 24 }, (_, i) => ({
	prompt: `Say ${String.fromCharCode(97 + i)}${i}?`,
	response: `${i}.`,
}));
export const killedSnapshot = `0x${"12".repeat(32)}` as const;
/** A rate so high that the validation loss soon turns. */
export const killedRecipe = {
	epochs: 12,
	batchSize: 4,
	accumulate: 2,
	packing: true,
	learningRate: 0.05,
	schedule: "constant",
	validation: 6,
	validateEvery: 2,
	patience: 3,
	keepBest: true,
};
