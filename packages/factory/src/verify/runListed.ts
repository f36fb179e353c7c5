// Checks one after the other up to the first that fails, each under its name. It must not know what is checked.

export type Check = { readonly what: string; readonly ok: boolean; readonly detail: string };

export type CheckOne = <result>(
	what: string,
	work: () => Promise<readonly [detail: string, result]>,
) => Promise<result>;

export type RunListedOptions = {
	/** What an error says; default its message. */
	readonly errorText?: (error: unknown) => string;
	readonly onBegin?: (what: string) => void;
	readonly onEnd?: (check: Check) => void;
	/** Errors that say nothing about what is checked: they end the run and are thrown. */
	readonly isOurs?: (error: unknown) => boolean;
};

/** Runs `work`, whose checks are listed; the first that fails ends it, and the list says why. */
export async function runListed(
	work: (check: CheckOne) => Promise<void>,
	{ errorText = plainText, onBegin, onEnd, isOurs }: RunListedOptions = {},
): Promise<readonly Check[]> {
	const checks: Check[] = [];
	const end = (check: Check): void => {
		checks.push(check);
		onEnd?.(check);
	};
	const check: CheckOne = async (what, one) => {
		onBegin?.(what);
		try {
			const [detail, result] = await one();
			end({ what, ok: true, detail });
			return result;
		} catch (error) {
			if (error instanceof FirstDifference || isOurs?.(error)) throw error;
			end({ what, ok: false, detail: errorText(error) });
			throw new FirstDifference();
		}
	};
	try {
		await work(check);
	} catch (error) {
		if (!(error instanceof FirstDifference)) throw error;
	}
	return checks;
}

const plainText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Ends the checks. */
class FirstDifference extends Error {}
