// Turns revert data into errors that name the contract's own error and say what would be right.
// It must not know which verb was called.

import { CallerError } from "@openledger/protocol";
import { type Abi, BaseError, decodeErrorResult, type Hex, isHex } from "viem";
import { batchSettlementAbi } from "../channels/batchSettlementAbi.js";
import { contractAbis } from "../contractAbis.js";
import { ContractError } from "../errors.js";
import { whatWouldBeRight } from "./whatWouldBeRight.js";

const errorsAbi: Abi = [...Object.values(contractAbis), batchSettlementAbi as Abi]
	.flat()
	.filter((entry) => entry.type === "error");

/** The typed error within whatever viem threw, or undefined if no contract refused. */
export function contractErrorFrom(error: unknown): CallerError | undefined {
	if (!(error instanceof BaseError)) return undefined;
	const data = revertData(error);
	return data === undefined ? undefined : decode(data, error);
}

/** What revert data says, for people, where no error was thrown. */
export function refusalFrom(data: Hex): string {
	return decode(data, undefined).message;
}

/** A transaction that was mined and failed, though its rehearsal passed. */
export function revertedError(hash: Hex): CallerError {
	return new CallerError(
		`transaction ${hash} was mined but failed, because another one came first; read the state again before repeating it`,
		{ code: "chain/reverted", details: { hash } },
	);
}

function decode(data: Hex, cause: unknown): ContractError {
	try {
		const { errorName, args = [] } = decodeErrorResult({ abi: errorsAbi, data });
		const said = `${errorName}(${args.map(String).join(", ")})`;
		return new ContractError(`refused: ${said}; ${whatWouldBeRight(errorName, args)}`, { errorName, args, cause });
	} catch {
		return new ContractError(`refused with unknown data ${data}; check that the address is this contract's`, {
			errorName: "Unknown",
			args: [data],
			cause,
		});
	}
}

function revertData(error: BaseError): Hex | undefined {
	const found = error.walk((e) => isHex((e as { data?: unknown }).data)) as { data?: Hex } | null;
	return found?.data;
}
