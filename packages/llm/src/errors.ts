// The one error class of this room. Model and adapter files come from strangers, so each fault has a code.

export type ModelErrorCode =
	| "file-missing"
	| "file-too-large"
	| "safetensors-malformed"
	| "config-malformed"
	| "config-unsupported"
	| "tensor-missing"
	| "tensor-unexpected"
	| "tensor-shape"
	| "tensor-dtype"
	| "not-finite"
	| "adapter-malformed"
	| "adapter-unsupported"
	| "adapter-in-use"
	| "cache-full"
	| "sequence-too-long"
	| "request-malformed";

/** Thrown for files and requests that cannot be used; `message` names file and field, and says what would be right. */
export class ModelError extends Error {
	readonly code: ModelErrorCode;
	constructor(code: ModelErrorCode, message: string, options?: { readonly cause?: unknown }) {
		super(message, options);
		this.name = "ModelError";
		this.code = code;
	}
}
