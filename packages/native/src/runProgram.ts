// Runs another program to its end without blocking; a program that is missing, killed or late is a result, not an exception.
import { spawn } from "node:child_process";
import { setPriority } from "node:os";

export interface Ran {
	/** Exit code 0. */
	readonly ok: boolean;
	/** "exit 1", "SIGILL", "not found", … */
	readonly end: string;
	readonly out: string;
	readonly err: string;
}

export interface RunOptions {
	readonly input?: string;
	readonly signal?: AbortSignal;
	/** Added to the priority number: 10 makes it wait for others. */
	readonly niceness?: number;
	readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 180_000;

export function runProgram(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
	const { input = "", signal, niceness = 0, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
	return new Promise((resolve) => {
		const child = spawn(command, args, {
			stdio: ["pipe", "pipe", "pipe"],
			signal,
			killSignal: "SIGKILL",
		});
		// Our own clock: spawn's runs on to its end where the program was not there, and holds up whoever wants to leave.
		const late = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
		let [out, err] = ["", ""];
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			out += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			err += text;
		});
		// A program that ends before it has read its input is judged by how it ends.
		child.stdin.on("error", () => {});
		child.stdin.end(input);
		if (niceness !== 0 && child.pid !== undefined) {
			try {
				setPriority(child.pid, niceness);
			} catch {
				// It has ended already, or priorities are not ours to set.
			}
		}
		const end = (ran: Pick<Ran, "ok" | "end">) => {
			clearTimeout(late);
			resolve({ ...ran, out, err });
		};
		child.on("error", ({ code, message }: NodeJS.ErrnoException) =>
			end({ ok: false, end: code === "ENOENT" ? "not found" : (code ?? message) }),
		);
		child.on("close", (code, killer) => end({ ok: code === 0, end: killer ?? `exit ${code}` }));
	});
}
