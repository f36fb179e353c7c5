// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DatanetRegistry} from "../../src/datanet/DatanetRegistry.sol";
import {FeeVault} from "../../src/inference/FeeVault.sol";
import {Ids} from "../../src/libraries/Ids.sol";
import {ModelRegistry} from "../../src/model/ModelRegistry.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {RootChallenges} from "../../src/rewards/RootChallenges.sol";
import {Jury} from "../../src/staking/Jury.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {DatanetTerms} from "../../src/types/Datanets.sol";
import {FeeRates, Payment, Split} from "../../src/types/Fees.sol";
import {ModelParams, SnapshotRef} from "../../src/types/Models.sol";
import {ParameterList} from "./ParameterList.sol";
import {Test} from "./Test.sol";

/// @dev The whole system, deployed as packages/chain deploys it, and the few acts most tests begin with.
abstract contract World is Test {
    bytes32 internal constant TRANSFER_TYPEHASH = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 internal constant RECEIVE_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 internal constant CANCEL_TYPEHASH = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    bytes32 internal constant BASE = "base";
    bytes32 internal constant ENGINE = "engine";
    uint96 internal constant PLATFORM_WEI = 0.001 ether;
    uint256 internal constant PAYER_KEY = 0xA11CE;

    address internal immutable payer = vm.addr(PAYER_KEY);
    address internal immutable holder = address(0x401de5);
    address internal immutable treasury = address(0x7ea5);
    address internal immutable settler = address(0x5e771e);
    address internal immutable curator = address(0xc07a);
    address internal immutable modelOwner = address(0x03);
    address internal immutable node = address(0x20de);
    address internal immutable stakers = address(0x57a4e);

    OpenToken internal token;
    Parameters internal parameters;
    StakePool internal stakes;
    Jury internal jury;
    DatanetRegistry internal datanets;
    ModelRegistry internal models;
    AttributionRewards internal rewards;
    FeeVault internal vault;
    RootChallenges internal challenges;

    bytes32 internal datanetId;
    bytes32 internal modelId;
    uint256 private _nonces;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        token = new OpenToken(holder);
        parameters = new Parameters(address(0x900e), ParameterList.production());
        stakes = new StakePool(token, parameters, treasury, address(this));
        jury = new Jury(token, parameters, stakes, address(this));
        datanets = new DatanetRegistry(token, parameters, jury, treasury);
        models = new ModelRegistry(datanets);
        rewards = new AttributionRewards(token, parameters, stakes, address(this));
        vault = new FeeVault(token, models, rewards, treasury);
        challenges = new RootChallenges(token, parameters, stakes, jury, models, rewards, address(vault));
        _initialise();
        give(payer, 1_000_000 ether);
        datanetId = createDatanet("capitals");
        models.registerBase(BASE, ENGINE, "ember");
        modelId = publish(modelOwner, node, "capitals-model");
    }

    function give(address account, uint256 amount) internal {
        vm.prank(holder);
        token.transfer(account, amount);
    }

    /// @dev A datanet of the curator with one accepted contribution of 10 rows and snapshot 1 of root "root".
    function createDatanet(string memory name) internal returns (bytes32 id) {
        vm.startPrank(curator);
        id = datanets.create(datanetTerms(name));
        bytes32 commitment = Ids.contributionCommitment(id, curator, "rows", 10, "salt");
        datanets.commitContribution(id, commitment);
        vm.roll(block.number + 1);
        bytes32 contribution = datanets.contribute(id, "rows", 10, "salt");
        datanets.accept(contribution, 10);
        vm.warp(block.timestamp + 3 days + 1);
        datanets.finalise(contribution);
        datanets.snapshot(id, "root", 10, 1, 0);
        vm.stopPrank();
    }

    /// @dev The owner decides, nothing is staked, training is free.
    function datanetTerms(string memory name) internal pure returns (DatanetTerms memory terms) {
        (terms.name, terms.termsHash, terms.licence) = (name, "terms", "CC-BY-4.0");
        (terms.contentType, terms.contributorsPpm) = ("application/jsonl", 1_000_000);
    }

    function _initialise() private {
        address[] memory consumers = new address[](3);
        (consumers[0], consumers[1], consumers[2]) = (address(jury), address(rewards), address(challenges));
        stakes.initialise(consumers);
        address[] memory courts = new address[](2);
        (courts[0], courts[1]) = (address(datanets), address(challenges));
        jury.initialise(courts);
        address[] memory proposers = new address[](1);
        proposers[0] = settler;
        rewards.initialise(address(challenges), proposers);
        give(settler, 100_000 ether);
        vm.startPrank(settler);
        token.approve(address(stakes), type(uint256).max);
        stakes.delegate(settler, 100_000 ether);
        vm.stopPrank();
    }

    function defaultSplit() internal pure returns (Split memory) {
        return
            Split({
                contributorsPpm: 500_000, ownerPpm: 200_000, nodePpm: 200_000, stakersPpm: 50_000, treasuryPpm: 50_000
            });
    }

    function modelParams(string memory name, address servedBy) internal view returns (ModelParams memory) {
        SnapshotRef[] memory snapshots = new SnapshotRef[](1);
        snapshots[0] = SnapshotRef(datanetId, 1, "root");
        return ModelParams({
            name: name,
            version: 1,
            baseDigest: BASE,
            engineId: ENGINE,
            snapshots: snapshots,
            runCommitment: "run",
            runHistoryRoot: "history",
            adapterDigest: "adapter",
            featuresRoot: "features",
            rates: FeeRates(PLATFORM_WEI, 0.01 ether, 0.02 ether),
            split: defaultSplit(),
            node: servedBy,
            stakers: stakers
        });
    }

    /// @dev A model whose answers may cost nothing at all.
    function freeModelParams(string memory name, address servedBy) internal view returns (ModelParams memory params) {
        params = modelParams(name, servedBy);
        params.rates = FeeRates(0, 0, 0);
    }

    function publish(address owner, address servedBy, string memory name) internal returns (bytes32) {
        ModelParams memory params = modelParams(name, servedBy);
        vm.prank(owner);
        return models.publish(params);
    }

    /// @dev What wallets sign, rebuilt here from the standards so that it does not lean on the code under test.
    function typedDigest(address verifier, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("OpenLedger"),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function signTransfer(uint256 key, address from, address to, uint256 value, bytes32 nonce)
        internal
        view
        returns (bytes memory)
    {
        bytes32 structHash =
            keccak256(abi.encode(TRANSFER_TYPEHASH, from, to, value, uint256(0), type(uint256).max >> 1, nonce));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, typedDigest(address(token), structHash));
        return abi.encodePacked(r, s, v);
    }

    /// @dev Pays `value` to `to` by signed authorisation, as an x402 client and its facilitator do.
    function payAs(uint256 key, address to, uint256 value, bytes32 nonce) internal {
        address from = vm.addr(key);
        bytes memory signature = signTransfer(key, from, to, value, nonce);
        token.transferWithAuthorization(from, to, value, 0, type(uint256).max >> 1, nonce, signature);
    }

    /// @dev The payer pays the model; what comes back is ready for collection.
    function pay(bytes32 model, uint256 value) internal returns (Payment memory) {
        bytes32 nonce = keccak256(abi.encode("nonce", ++_nonces));
        payAs(PAYER_KEY, vault.payTo(model), value, nonce);
        return Payment(keccak256(abi.encode("receipt", nonce)), payer, nonce, value);
    }

    function batch(Payment memory payment) internal pure returns (Payment[] memory payments) {
        payments = new Payment[](1);
        payments[0] = payment;
    }

    function collectAs(address caller, bytes32 model, Payment memory payment) internal {
        vm.prank(caller);
        vault.collect(model, batch(payment));
    }
}
