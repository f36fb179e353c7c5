// A conversation as OpenAI's clients write it. A single question with its answer is the plain row of the two. It must not know JSON.
import type { Row, Turn } from "@openledger/protocol";
import { MAX_PROMPT_CHARACTERS, MAX_RESPONSE_CHARACTERS, MAX_TURNS } from "../limits.js";
import { type Fault, quote } from "../rejection.js";
import { checkText } from "./checkText.js";

const ROLES: readonly unknown[] = ["system", "user", "assistant"];

/** A row of perhaps one system message and turns that alternate from user to assistant, or the first fault with its place. */
export function readMessages(value: unknown): Row | Fault {
	if (!Array.isArray(value))
		return { code: "wrong-type", reason: "messages is not a list; write [{role, content}, …]" };
	if (value.length > MAX_TURNS) {
		return { code: "too-long", reason: `messages has ${value.length} entries; it may have ${MAX_TURNS}` };
	}
	const turns: Turn[] = [];
	for (const [i, item] of value.entries()) {
		const turn = readTurn(item, `messages[${i}]`);
		if ("code" in turn) return turn;
		const wanted = roleAfter(turns);
		if (!wanted.includes(turn.role)) {
			const reason = `messages[${i}].role is ${turn.role}; it must be ${wanted.join(" or ")}: turns alternate from user to assistant`;
			return { code: "wrong-order", reason };
		}
		turns.push(turn);
	}
	const [prompt, response] = turns.slice(-2);
	if (prompt?.role !== "user" || response?.role !== "assistant") {
		return { code: "wrong-order", reason: "messages does not end with a user's turn and the assistant's answer to it" };
	}
	const before = turns.slice(0, -2);
	return { prompt: prompt.content, response: response.content, ...(before.length > 0 && { before }) };
}

function roleAfter(turns: readonly Turn[]): readonly Turn["role"][] {
	if (turns.length === 0) return ["system", "user"];
	return turns.at(-1)!.role === "user" ? ["assistant"] : ["user"];
}

function readTurn(item: unknown, place: string): Turn | Fault {
	if (typeof item !== "object" || item === null || Array.isArray(item)) {
		return { code: "wrong-type", reason: `${place} is not an object; write {"role": "user", "content": "…"}` };
	}
	for (const key of Object.keys(item)) {
		if (key !== "role" && key !== "content") {
			return {
				code: "unknown-field",
				reason: `unknown field ${quote(key)} in ${place}; a message has role and content`,
			};
		}
	}
	for (const key of ["role", "content"]) {
		if (!Object.hasOwn(item, key)) {
			return { code: "missing-field", reason: `${place}.${key} is missing; a message has role and content` };
		}
	}
	const { role, content } = item as { role: unknown; content: unknown };
	if (!ROLES.includes(role)) {
		return { code: "wrong-type", reason: `${place}.role is not system, user or assistant` };
	}
	const most = role === "assistant" ? MAX_RESPONSE_CHARACTERS : MAX_PROMPT_CHARACTERS;
	return checkText(`${place}.content`, content, most) ?? { role: role as Turn["role"], content: content as string };
}
