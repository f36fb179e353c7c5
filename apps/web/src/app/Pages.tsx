// Which path shows which page.

import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Skeleton } from "../shared/ui/Skeleton.js";
import { NotFound } from "./NotFound.js";

const Home = lazy(() => import("../features/home/HomePage.js"));
const Datanets = lazy(() => import("../features/datanets/DatanetsPage.js"));
const Datanet = lazy(() => import("../features/datanets/DatanetPage.js"));
const Models = lazy(() => import("../features/models/ModelsPage.js"));
const Model = lazy(() => import("../features/models/ModelPage.js"));
const NewRun = lazy(() => import("../features/models/NewRunPage.js"));
const Run = lazy(() => import("../features/models/RunPage.js"));
const CompareRuns = lazy(() => import("../features/models/CompareRunsPage.js"));
const Playground = lazy(() => import("../features/playground/PlaygroundPage.js"));
const Receipts = lazy(() => import("../features/receipts/ReceiptsPage.js"));
const Receipt = lazy(() => import("../features/receipts/ReceiptPage.js"));
const Earnings = lazy(() => import("../features/earnings/EarningsPage.js"));
const Contributor = lazy(() => import("../features/earnings/ContributorPage.js"));
const Stake = lazy(() => import("../features/stake/StakePage.js"));
const Governance = lazy(() => import("../features/governance/GovernancePage.js"));
const Proposal = lazy(() => import("../features/governance/ProposalPage.js"));
const Network = lazy(() => import("../features/network/NetworkPage.js"));
const Block = lazy(() => import("../features/network/BlockPage.js"));
const Transaction = lazy(() => import("../features/network/TransactionPage.js"));
const Epoch = lazy(() => import("../features/network/EpochPage.js"));
const Search = lazy(() => import("../features/search/SearchPage.js"));

export function Pages() {
	return (
		<Suspense fallback={<Skeleton lines={12} />}>
			<Switch>
				<Route path="/" component={Home} />
				<Route path="/datanets" component={Datanets} />
				<Route path="/datanets/:id" component={Datanet} />
				<Route path="/models" component={Models} />
				<Route path="/models/new" component={NewRun} />
				<Route path="/models/compare" component={CompareRuns} />
				<Route path="/models/runs/:id" component={Run} />
				<Route path="/models/:id" component={Model} />
				<Route path="/playground" component={Playground} />
				<Route path="/receipts" component={Receipts} />
				<Route path="/receipts/:id" component={Receipt} />
				<Route path="/earnings" component={Earnings} />
				<Route path="/earnings/:account" component={Contributor} />
				<Route path="/stake" component={Stake} />
				<Route path="/governance" component={Governance} />
				<Route path="/governance/:id" component={Proposal} />
				<Route path="/network" component={Network} />
				<Route path="/network/blocks/:number" component={Block} />
				<Route path="/network/transactions/:hash" component={Transaction} />
				<Route path="/network/epochs/:epoch" component={Epoch} />
				<Route path="/search" component={Search} />
				<Route component={NotFound} />
			</Switch>
		</Suspense>
	);
}
