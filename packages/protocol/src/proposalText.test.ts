import { expect, test } from "vitest";
import { proposalDescription, proposalText } from "./index.js";

const ada = "0xABcdEFABcdEFabcdEfAbCdefabcdeFABcDEFabCD";
const eve = "0x00000000000000000000000000000000000000e7";

test("default: the text ends with who may propose it, as the governor reads it", () => {
	const text = proposalText("Seven jurors", ada);
	expect(text).toBe("Seven jurors\n\n#proposer=0xabcdefabcdefabcdefabcdefabcdefabcdefabcd");
	expect(proposalText(text, ada)).toBe(text);
	expect(proposalDescription(text, ada)).toBe("Seven jurors");
});

test("behavior: another's mark is not taken away", () => {
	const text = proposalText("Seven jurors", ada);
	expect(proposalDescription(text, eve)).toBe(text);
	expect(proposalDescription("Seven jurors", ada)).toBe("Seven jurors");
});
