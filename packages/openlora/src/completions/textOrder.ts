// What a plain completion asks for, as one order: everything that decides the answer, and nothing else.
// It must not know what answers cost.

import type { OrderSettings } from "../chat/chatOrder.js";

/** A prompt that is continued as it stands, without a chat template. */
export interface TextOrder extends OrderSettings {
	readonly prompt: string;
}
