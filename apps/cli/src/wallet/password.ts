// Where a wallet's password comes from: a file, the environment, or somebody who types it unseen. Never an argument: those
// can be read by every program on the machine. It must not know what the password opens.

import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { CliConfig } from "../config.js";
import { usage } from "../errors.js";
import { readSmall } from "./walletFile.js";

const LEAST_CHARACTERS = 8;
const MOST_CHARACTERS = 1024;

type From = Pick<CliConfig, "password" | "passwordFile">;

/** The password of a wallet that exists. */
export async function readPassword(from: From, prompt = "Password of the wallet: "): Promise<string> {
	const known = given(from);
	if (known !== undefined) return checked(known, 1);
	return checked(await type(prompt), 1);
}

/** A new password: typed twice where it is typed, and not too short. */
export async function choosePassword(from: From): Promise<string> {
	const known = given(from);
	if (known !== undefined) return checked(known, LEAST_CHARACTERS);
	const first = checked(await type(`New password, ${LEAST_CHARACTERS} characters or more: `), LEAST_CHARACTERS);
	if ((await type("The same again: ")) !== first) throw usage("the two passwords differ; nothing was written");
	return first;
}

/** One newline at the end belongs to the file, everything else to the password. */
function given({ password, passwordFile }: From): string | undefined {
	if (passwordFile !== undefined) return readSmall(passwordFile).replace(/\r?\n$/, "");
	return password;
}

function checked(password: string, least: number): string {
	const { length } = [...password];
	if (length >= least && length <= MOST_CHARACTERS) return password;
	throw usage(
		length < least
			? `the password has ${length} characters; it needs ${least} or more`
			: `the password has ${length} characters; at most ${MOST_CHARACTERS} are taken`,
	);
}

/** Reads a line without showing it. */
async function type(prompt: string): Promise<string> {
	const { stdin, stderr } = process;
	if (!stdin.isTTY) {
		throw usage(
			"the wallet needs its password; give it in the file that --password-file or OPENLEDGER_PASSWORD_FILE names, or in OPENLEDGER_PASSWORD",
		);
	}
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
	stderr.write(prompt);
	try {
		return await new Promise<string>((resolve, reject) => {
			lines.once("line", resolve);
			const left = () => reject(usage("no password was typed; nothing was done"));
			lines.once("SIGINT", left).once("close", left);
		});
	} finally {
		lines.close();
		stderr.write("\n");
	}
}
