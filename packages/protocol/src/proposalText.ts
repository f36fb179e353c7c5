// The text of a governance proposal with the name of who may propose it. The governor (OpenZeppelin's) reads it from the end of the text and
// refuses the same text from others: else somebody could copy a proposal on its way, propose it first, and cancel it.
import type { Address } from "viem";

const mark = (proposer: Address): string => `\n\n#proposer=${proposer.toLowerCase()}`;

/** What is put on chain: `description`, and who alone may propose it. Done twice it is done once. */
export function proposalText(description: string, proposer: Address): string {
	return description.endsWith(mark(proposer)) ? description : `${description}${mark(proposer)}`;
}

/** What is shown to people: the text without the mark that its proposer put there. */
export function proposalDescription(text: string, proposer: Address): string {
	return text.endsWith(mark(proposer)) ? text.slice(0, -mark(proposer).length) : text;
}
