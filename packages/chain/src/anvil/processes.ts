// What the operating system says about a process: parent and command line. It must not end one.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export type ProcessFacts = { readonly parent: number; readonly command: string };

/** Parent and command line of a living process; undefined if there is none, or it is a zombie. */
export function inspectProcess(pid: number): ProcessFacts | undefined {
	return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessFacts | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		// The name stands in brackets and may hold anything, so count from the last one: state, then parent.
		const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		if (state === "Z" || state === "X") return undefined;
		const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ");
		return { parent: Number(parent), command };
	} catch {
		return undefined;
	}
}

function fromPs(pid: number): ProcessFacts | undefined {
	try {
		const line = execFileSync("ps", ["-o", "ppid=,command=", "-ww", "-p", String(pid)], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		}).trim();
		const parts = /^(\d+)\s+(.*)$/.exec(line);
		return parts === null ? undefined : { parent: Number(parts[1]), command: parts[2]! };
	} catch {
		return undefined;
	}
}
