// A point of a training run at which influence is measured: the adapter's numbers and the optimiser's second moments there.

export interface Checkpoint {
	/** Completed steps. */
	readonly step: number;
	/** Adapter parameters by graph input name (`….lora_A` [r, in], `….lora_B` [out, r]). */
	readonly parameters: ReadonlyMap<string, Float32Array>;
	/** AdamW's second moments, same names and shapes. */
	readonly second: ReadonlyMap<string, Float32Array>;
}
