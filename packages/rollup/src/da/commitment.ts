// How the bytes that a data layer answers with are made up, as EigenDA's proxy documents it: mode, layer, version, certificate.
// The local server's certificate is the keccak-256 of the content under a version byte that no EigenDA certificate has.
// It must not know where content is kept.

import { bytesToHex, concatBytes, type Hex, hexToBytes, keccak256 } from "@openledger/protocol";
import { refused } from "../errors.js";
import { MAX_COMMITMENT } from "./limits.js";

/**
 * `generic`: 0x01 ‖ layer ‖ version ‖ certificate, the proxy's form for OP stacks and its default · `standard`: version ‖ certificate ·
 * `keccak`: 0x00 ‖ keccak-256 of the content, which the sender computes.
 */
export type CommitmentMode = "generic" | "standard" | "keccak";

/** EigenDA's layer byte; its certificate versions count up from 0. */
const EIGENDA_LAYER = 0x00;
/** Names the certificates of the local server. */
export const LOCAL_VERSION = 0xf0;
const KECCAK = 0x00;
const GENERIC = 0x01;
const HEX = /^(?:0x)?(?:[0-9a-fA-F]{2})+$/;

/** The commitment of content that the local server keeps under `digest`. */
export function localCommitment(digest: Hex, mode: CommitmentMode): Uint8Array {
	const bytes = hexToBytes(digest);
	if (mode === "keccak") return concatBytes(Uint8Array.of(KECCAK), bytes);
	const cert = concatBytes(Uint8Array.of(LOCAL_VERSION), bytes);
	return mode === "standard" ? cert : concatBytes(Uint8Array.of(GENERIC, EIGENDA_LAYER), cert);
}

/** keccak-256 of the content: the local server's name for it. */
export function contentDigest(content: Uint8Array): Hex {
	return keccak256(content);
}

/**
 * The digest that a commitment of the local server names. Throws `data/bad-commitment` for what no commitment looks like,
 * `data/foreign-commitment` for one of another layer or version.
 */
export function digestOf(text: string, mode: "generic" | "standard"): Hex {
	if (!HEX.test(text)) throw bad("it must be hex, with or without 0x, of whole bytes");
	const bytes = hexToBytes((text.startsWith("0x") ? text : `0x${text}`) as Hex);
	if (bytes.length > MAX_COMMITMENT) throw bad(`it has ${bytes.length} bytes and may have ${MAX_COMMITMENT}`);
	if (mode === "standard") return certified(bytes);
	if (bytes[0] === KECCAK) {
		if (bytes.length !== 33) throw bad(`a keccak commitment has 33 bytes, this has ${bytes.length}`);
		return bytesToHex(bytes.subarray(1));
	}
	if (bytes[0] !== GENERIC) throw bad(`unsupported commitment type ${hexByte(bytes[0]!)}; 00 and 01 are known`);
	if (bytes.length < 3) throw bad("a generic commitment has a layer, a version and a certificate");
	if (bytes[1] !== EIGENDA_LAYER) throw foreign(`layer ${hexByte(bytes[1]!)}`);
	return certified(bytes.subarray(2));
}

function certified(bytes: Uint8Array): Hex {
	if (bytes[0] !== LOCAL_VERSION) throw foreign(`certificate version ${hexByte(bytes[0] ?? 0)}`);
	if (bytes.length !== 33) throw bad(`a certificate of this server has 33 bytes, this has ${bytes.length}`);
	return bytesToHex(bytes.subarray(1));
}

const hexByte = (byte: number) => byte.toString(16).padStart(2, "0");

function bad(why: string) {
	return refused("data/bad-commitment", `this is no commitment: ${why}`);
}

function foreign(what: string) {
	const message = `${what} is not of this server; ask the EigenDA proxy that gave the commitment`;
	return refused("data/foreign-commitment", message);
}
