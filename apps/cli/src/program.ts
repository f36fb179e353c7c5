// The tree of commands. It must not know what any of them does.

import { Command } from "commander";
import { adaptersListCommand } from "./commands/adaptersList.js";
import { adaptersLoadCommand } from "./commands/adaptersLoad.js";
import { adaptersPinCommand } from "./commands/adaptersPin.js";
import { adaptersUnloadCommand } from "./commands/adaptersUnload.js";
import { auditListCommand } from "./commands/auditList.js";
import { auditRunCommand } from "./commands/auditRun.js";
import { auditShowCommand } from "./commands/auditShow.js";
import { chatCommand } from "./commands/chat.js";
import { datanetCardCommand } from "./commands/datanetCard.js";
import { datanetCheckCommand } from "./commands/datanetCheck.js";
import { datanetContributeCommand } from "./commands/datanetContribute.js";
import { datanetCreateCommand } from "./commands/datanetCreate.js";
import { datanetDisputeCommands, datanetWithdrawCommand } from "./commands/datanetDispute.js";
import { datanetEraseCommand } from "./commands/datanetErase.js";
import { datanetListCommand } from "./commands/datanetList.js";
import { datanetRowsCommand } from "./commands/datanetRows.js";
import { datanetShowCommand } from "./commands/datanetShow.js";
import { demoCommand } from "./commands/demo.js";
import { engineNativeCommand } from "./commands/engineNative.js";
import { enginePlanCommand } from "./commands/enginePlan.js";
import { engineSelftestCommand } from "./commands/engineSelftest.js";
import { generateCommand } from "./commands/generate.js";
import { govCancelCommand, govExecuteCommand, govQueueCommand } from "./commands/govAdvance.js";
import { govDelegateCommand } from "./commands/govDelegate.js";
import { govListCommand } from "./commands/govList.js";
import { govProposeCommand } from "./commands/govPropose.js";
import { govShowCommand } from "./commands/govShow.js";
import { govReleaseCommand, govVestingCommand } from "./commands/govVesting.js";
import { govVoteCommand } from "./commands/govVote.js";
import { jobCancelCommand } from "./commands/jobCancel.js";
import { jobFetchCommand } from "./commands/jobFetch.js";
import { jobListCommand } from "./commands/jobList.js";
import { jobPostCommand } from "./commands/jobPost.js";
import { jobShowCommand } from "./commands/jobShow.js";
import {
	juryCasesCommand,
	juryJoinCommand,
	juryLeaveCommand,
	juryRaiseCommand,
	juryRevealCommand,
	juryVoteCommand,
} from "./commands/jury.js";
import { ledgerRebuildCommand } from "./commands/ledgerRebuild.js";
import { ledgerWatchCommand } from "./commands/ledgerWatch.js";
import { modelExportCommand } from "./commands/modelExport.js";
import { modelListCommand } from "./commands/modelList.js";
import { modelRecipeCommand } from "./commands/modelRecipe.js";
import { modelShowCommand } from "./commands/modelShow.js";
import { modelTrainCommand } from "./commands/modelTrain.js";
import { nodeTrainerCommand } from "./commands/nodeTrainer.js";
import { nodeVerifierCommand } from "./commands/nodeVerifier.js";
import { receiptListCommand } from "./commands/receiptList.js";
import { receiptShowCommand } from "./commands/receiptShow.js";
import { receiptVerifyCommand } from "./commands/receiptVerify.js";
import { rewardsClaimCommand } from "./commands/rewardsClaim.js";
import { rewardsListCommand } from "./commands/rewardsList.js";
import { rewardsSettleCommand } from "./commands/rewardsSettle.js";
import { serveCommand } from "./commands/serve.js";
import { stakeClaimCommand } from "./commands/stakeClaim.js";
import { stakeDelegateCommand } from "./commands/stakeDelegate.js";
import { stakeShowCommand } from "./commands/stakeShow.js";
import { stakeUndelegateCommand } from "./commands/stakeUndelegate.js";
import { stakeWithdrawCommand } from "./commands/stakeWithdraw.js";
import { upCommand } from "./commands/up.js";
import { walletBalanceCommand } from "./commands/walletBalance.js";
import { walletChannelCloseCommand } from "./commands/walletChannelClose.js";
import { walletChannelListCommand } from "./commands/walletChannelList.js";
import { walletChannelOpenCommand } from "./commands/walletChannelOpen.js";
import { walletCreateCommand } from "./commands/walletCreate.js";
import { walletFundCommand } from "./commands/walletFund.js";
import { walletKeyBuyCommand } from "./commands/walletKeyBuy.js";
import { walletKeyShowCommand } from "./commands/walletKeyShow.js";
import type { Cli } from "./defineCommand.js";

const VERSION = "0.1.0";

export function createProgram(cli: Cli): Command {
	const program = new Command("openledger")
		.description(
			"A row somebody contributed, a model that learnt from it, an answer, a receipt, OPEN in that somebody's wallet.",
		)
		.version(VERSION)
		.addHelpText(
			"after",
			"\nEvery command has --help with an example, and --json.\nExit codes: 0 done, 1 failed or not identical, 2 asked in a way that cannot work.",
		);
	const groupIn = (above: Command, name: string, describe: string, ...commands: Command[]) => {
		const parent = above.command(name).description(describe);
		const first = `openledger ${above === program ? "" : `${above.name()} `}${name} ${commands[0]!.name()} --help`;
		parent.addHelpText("after", `\nExample:\n  $ ${first}`);
		for (const command of commands) parent.addCommand(command);
		return parent;
	};
	const group = (name: string, describe: string, ...commands: Command[]) =>
		groupIn(program, name, describe, ...commands);
	program.addCommand(upCommand(cli)).addCommand(demoCommand(cli)).addCommand(serveCommand(cli));
	group(
		"datanet",
		"rows and who contributed them",
		...[
			datanetCreateCommand(cli),
			datanetContributeCommand(cli),
			datanetListCommand(cli),
			datanetShowCommand(cli),
			datanetCheckCommand(cli),
			datanetCardCommand(cli),
			datanetRowsCommand(cli),
			datanetEraseCommand(cli),
			...datanetDisputeCommands(cli),
			datanetWithdrawCommand(cli),
		],
	);
	group(
		"model",
		"models trained on a datanet",
		...[
			modelTrainCommand(cli),
			modelRecipeCommand(cli),
			modelListCommand(cli),
			modelShowCommand(cli),
			modelExportCommand(cli),
		],
	);
	group(
		"adapters",
		"what a server started by openledger serve has",
		...[adaptersListCommand(cli), adaptersLoadCommand(cli), adaptersPinCommand(cli), adaptersUnloadCommand(cli)],
	);
	group(
		"job",
		"training that the chain pays for",
		...[jobPostCommand(cli), jobListCommand(cli), jobShowCommand(cli), jobFetchCommand(cli), jobCancelCommand(cli)],
	);
	group(
		"node",
		"work for others: train what jobs ask for, verify what others trained",
		...[nodeTrainerCommand(cli), nodeVerifierCommand(cli)],
	);
	program.addCommand(chatCommand(cli));
	const wallet = group(
		"wallet",
		"a key of your own that pays for answers",
		...[walletCreateCommand(cli), walletFundCommand(cli), walletBalanceCommand(cli)],
	);
	groupIn(
		wallet,
		"channel",
		"deposits that pay for many answers",
		...[walletChannelOpenCommand(cli), walletChannelListCommand(cli), walletChannelCloseCommand(cli)],
	);
	groupIn(
		wallet,
		"key",
		"prepaid API keys, for programs without a wallet",
		...[walletKeyBuyCommand(cli), walletKeyShowCommand(cli)],
	);
	group(
		"receipt",
		"what proves an answer",
		...[receiptListCommand(cli), receiptShowCommand(cli), receiptVerifyCommand(cli)],
	);
	group("audit", "whose rows it really was", auditRunCommand(cli), auditShowCommand(cli), auditListCommand(cli));
	group(
		"rewards",
		"what contributors earn",
		...[rewardsListCommand(cli), rewardsSettleCommand(cli), rewardsClaimCommand(cli)],
	);
	group(
		"ledger",
		"the whole ledger from chain and data layer alone",
		ledgerRebuildCommand(cli),
		ledgerWatchCommand(cli),
	);
	group(
		"stake",
		"OPEN behind nodes, trainers, verifiers and curators",
		...[
			stakeShowCommand(cli),
			stakeDelegateCommand(cli),
			stakeUndelegateCommand(cli),
			stakeWithdrawCommand(cli),
			stakeClaimCommand(cli),
		],
	);
	group(
		"jury",
		"seats of curators and verifiers, cases and votes",
		...[
			juryJoinCommand(cli),
			juryRaiseCommand(cli),
			juryLeaveCommand(cli),
			juryCasesCommand(cli),
			juryVoteCommand(cli),
			juryRevealCommand(cli),
		],
	);
	group(
		"gov",
		"how OPEN's holders decide: proposals, votes, constants",
		...[
			govListCommand(cli),
			govShowCommand(cli),
			govProposeCommand(cli),
			govVoteCommand(cli),
			govQueueCommand(cli),
			govExecuteCommand(cli),
			govCancelCommand(cli),
			govDelegateCommand(cli),
			govVestingCommand(cli),
			govReleaseCommand(cli),
		],
	);
	group(
		"engine",
		"the deterministic machine",
		engineSelftestCommand(cli),
		enginePlanCommand(cli),
		engineNativeCommand(cli),
	);
	program.addCommand(generateCommand(cli));
	everyCommand(program, (command) => {
		command.exitOverride().showHelpAfterError("(add --help for what it takes)");
	});
	return program;
}

function everyCommand(command: Command, visit: (command: Command) => void): void {
	visit(command);
	for (const child of command.commands) everyCommand(child, visit);
}
