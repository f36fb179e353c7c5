// Ids as the contracts derive them: each holds its author's address, so nobody can take another's id first.
// Twin of contracts/src/libraries/Ids.sol. It must not talk to a chain.
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";

export function datanetIdOf(owner: Address, name: string): Hex {
	return keccak256(encodeAbiParameters(parseAbiParameters("address, string"), [owner, name]));
}

export function contributionIdOf(datanetId: Hex, contributor: Address, rowsRoot: Hex): Hex {
	return keccak256(
		encodeAbiParameters(parseAbiParameters("bytes32, address, bytes32"), [datanetId, contributor, rowsRoot]),
	);
}

export function modelIdOf(owner: Address, name: string, version: number): Hex {
	return keccak256(encodeAbiParameters(parseAbiParameters("address, string, uint32"), [owner, name, version]));
}
