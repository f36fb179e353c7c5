// An answer that failed: what happened, and the button that helps.

import { useEffect, useRef } from "react";
import { Button, ButtonLink } from "../../shared/ui/Button.js";
import { Notice } from "../../shared/ui/Notice.js";
import { explain, type Help } from "./explain.js";

const BUTTONS: Readonly<Partial<Record<Help, string>>> = {
	again: "Ask again, same payment",
	anew: "Ask again",
	"top-up": "Top up the key",
	fund: "Get OPEN",
	"forget-key": "Forget this key",
};

export function AnswerFailure({ error, onHelp }: { readonly error: unknown; readonly onHelp: (help: Help) => void }) {
	const { title, text, help } = explain(error);
	const label = BUTTONS[help];
	const ref = useRef<HTMLDivElement>(null);
	useEffect(() => {
		ref.current?.scrollIntoView({ block: "nearest" });
	}, []);
	return (
		// Above the composer, which stands over the page's end.
		<div ref={ref} className="mt-3 scroll-mb-48">
			<Notice
				tone="bad"
				title={title}
				action={
					label === undefined ? undefined : help === "top-up" ? (
						<span className="flex gap-2">
							<Button onClick={() => onHelp("anew")}>Ask again</Button>
							<Button onClick={() => onHelp(help)}>{label}</Button>
						</span>
					) : (
						<Button onClick={() => onHelp(help)}>{label}</Button>
					)
				}
			>
				{text}
			</Notice>
			{title.startsWith("The model") && (
				<div className="mt-2">
					<ButtonLink href="/models">See the models</ButtonLink>
				</div>
			)}
		</div>
	);
}
