// The checks of an intake in their order, made from a datanet's policy, and the one digest that names them all. It must not
// know where rows come from.
import { CallerError, canonicalJson, type Hex, type Row, sha256, utf8 } from "@openledger/protocol";
import { type Action, type Check, examined, type Finding } from "../checks/check.js";
import { encodingCheck } from "../checks/encodingCheck.js";
import { type EvaluationSet, evaluationCheck } from "../checks/evaluationCheck.js";
import { type LicenceTerms, licenceCheck } from "../checks/licenceCheck.js";
import { qualityCheck } from "../checks/qualityCheck.js";
import { recognitionCheck } from "../checks/recognitionCheck.js";
import { CONTAINED_PERCENT, COPY_PERCENT, STRICT_PERCENT } from "../intake/compare.js";

/** What a datanet asks of rows. Left out: no schema, any language, no evaluation sets, and the defaults named here. */
export type IntakePolicy = {
	/** JSON Schema of {prompt, response, before?}. */
	readonly schema?: unknown;
	/** ISO 639-1 codes that are taken; none means all. */
	readonly languages?: readonly string[];
	/** The licence of the delivered rows, and what the datanet allows. */
	readonly licence?: LicenceTerms & { readonly rows: string };
	/** Default `reject`. */
	readonly secrets?: Action;
	/** Default `reject`. */
	readonly personalData?: Action;
	/** Default `flag`: a word is no proof. */
	readonly toxicity?: Action;
	/** What is done about copies of another datanet's rows; default `flag`. */
	readonly elsewhere?: Action;
	readonly evaluationSets?: readonly EvaluationSet[];
};

export type PipelineFinding = Finding & { readonly check: string };

/** What the checks that need no other row hold against one; the language is told besides. */
export type Examined = { readonly findings: readonly PipelineFinding[]; readonly language: string };

export type Pipeline = {
	/** What it was made from: a thread makes the same one. */
	readonly policy: IntakePolicy;
	/** sha256 over names, versions and settings of all checks: who has the same digest finds the same. */
	readonly digest: Hex;
	readonly checks: readonly { readonly name: string; readonly version: number; readonly settings: unknown }[];
	readonly elsewhere: Action;
	examine(row: Row): Examined;
};

/** Names of the two steps that are no checks of one row: reading before, copies behind. */
export const READING = { name: "reading", version: 1 } as const;
export const COPIES = { name: "copies", version: 1 } as const;

/** Makes the pipeline of a policy; throws `datanet/bad-schema`, `-bad-language`, `-bad-licence`, `-bad-policy`. */
export async function createPipeline(policy: IntakePolicy = {}): Promise<Pipeline> {
	for (const name of ["secrets", "personalData", "toxicity", "elsewhere"] as const) {
		if (![undefined, "flag", "reject"].includes(policy[name])) {
			throw new CallerError(`${name} of the policy is neither flag nor reject`, { code: "datanet/bad-policy" });
		}
	}
	const { languages = [], elsewhere = "flag" } = policy;
	// Word lists and n-grams are loaded by those who check rows, not by all who know datanets.
	const [{ languageCheck }, { toxicityCheck }, schema] = await Promise.all([
		import("../checks/languageCheck.js"),
		import("../checks/toxicityCheck.js"),
		policy.schema === undefined ? undefined : import("../checks/schemaCheck.js"),
	]);
	let language = "unknown";
	const checks: readonly Check[] = [
		...(schema === undefined ? [] : [schema.schemaCheck(policy.schema)]),
		...(policy.licence === undefined ? [] : [licenceCheck(policy.licence.rows, policy.licence)]),
		encodingCheck(),
		languageCheck(languages, (seen) => {
			language = seen;
		}),
		qualityCheck(),
		recognitionCheck("secret", policy.secrets ?? "reject"),
		recognitionCheck("personal", policy.personalData ?? "reject"),
		toxicityCheck(policy.toxicity ?? "flag"),
		evaluationCheck(policy.evaluationSets ?? []),
	];
	const told = [
		{ ...READING, settings: null },
		...checks.map(({ name, version, settings }) => ({ name, version, settings })),
		{ ...COPIES, settings: { elsewhere, percent: [COPY_PERCENT, STRICT_PERCENT, CONTAINED_PERCENT] } },
	];
	return {
		policy,
		digest: sha256(utf8(canonicalJson({ format: "openledger/intake/v1", checks: told }))),
		checks: told,
		elsewhere,
		examine(row) {
			const one = examined(row);
			const findings: PipelineFinding[] = [];
			for (const check of checks) {
				for (const finding of check.run(one)) findings.push({ check: check.name, ...finding });
			}
			return { findings, language };
		},
	};
}
