// One datanet: terms and versions, rows, who contributed, how good it is, and the place to contribute.

import { useParams } from "wouter";
import { isMissing } from "../../shared/api/client.js";
import { formatCount } from "../../shared/format/open.js";
import { Badge } from "../../shared/ui/Badge.js";
import { ButtonLink } from "../../shared/ui/Button.js";
import { Empty } from "../../shared/ui/Empty.js";
import { Page } from "../../shared/ui/Page.js";
import { QueryView } from "../../shared/ui/QueryView.js";
import { Stat } from "../../shared/ui/Stat.js";
import { Tabs } from "../../shared/ui/Tabs.js";
import { CardView } from "./CardView.js";
import { Contributors } from "./Contributors.js";
import { Contribute } from "./contribute/Contribute.js";
import { Overview } from "./Overview.js";
import { QualityReport } from "./QualityReport.js";
import { Rows } from "./Rows.js";
import { ReviewQueue } from "./review/ReviewQueue.js";
import { useDatanet } from "./useDatanets.js";
import { RULE_NAMES } from "./words.js";

export default function DatanetPage() {
	const { id = "" } = useParams();
	const query = useDatanet(id);
	const { data } = query;
	if (data === undefined && isMissing(query.error)) {
		return (
			<Page title={id}>
				<Empty title="There is no such datanet" action={<ButtonLink href="/datanets">All datanets</ButtonLink>}>
					It may belong to another node, or have another name.
				</Empty>
			</Page>
		);
	}
	const latest = data?.snapshots.at(-1);
	return (
		<Page
			title={data?.name ?? id}
			lead={data && <Badge>{RULE_NAMES[data.rule]}</Badge>}
			actions={
				<>
					<ButtonLink href={`/datanets/${encodeURIComponent(id)}?tab=contribute`} kind="primary">
						Contribute
					</ButtonLink>
					<ButtonLink href={`/models/new?datanet=${encodeURIComponent(data?.name ?? id)}`}>Train a model</ButtonLink>
				</>
			}
		>
			<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
				<Stat label="Rows accepted" value={data && formatCount(data.rows)} href={tab(id, "rows")} />
				<Stat label="Contributors" value={data && formatCount(data.contributors)} href={tab(id, "contributors")} />
				<Stat label="Contributions" value={data && formatCount(data.contributions)} href={tab(id, "reviews")} />
				<Stat
					label="Latest version"
					value={data && (latest === undefined ? "none" : `v${latest.version}`)}
					note={latest && `${formatCount(latest.rowCount)} rows`}
					href={tab(id, "overview")}
				/>
			</div>
			<QueryView query={query} lines={12}>
				{(datanet) => (
					<Tabs
						label="Parts of the datanet"
						tabs={[
							{ id: "overview", label: "Terms and versions", content: <Overview datanet={datanet} /> },
							{ id: "contribute", label: "Contribute", content: <Contribute datanet={datanet} /> },
							{ id: "rows", label: "Rows", content: <Rows datanet={datanet} /> },
							{ id: "contributors", label: "Contributors", content: <Contributors id={datanet.name} /> },
							{ id: "quality", label: "Quality", content: <QualityReport id={datanet.name} /> },
							{ id: "reviews", label: "Reviews and disputes", content: <ReviewQueue datanet={datanet.name} /> },
							{ id: "card", label: "Card", content: <CardView datanet={datanet} /> },
						]}
					/>
				)}
			</QueryView>
		</Page>
	);
}

const tab = (id: string, name: string) => `/datanets/${encodeURIComponent(id)}?tab=${name}`;
