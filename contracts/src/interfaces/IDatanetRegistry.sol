// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    Commitment,
    Contribution,
    ContributionStage,
    ContributionStatus,
    CurationRule,
    Datanet,
    DatanetTerms,
    Dispute,
    Snapshot
} from "../types/Datanets.sol";

/// @title IDatanetRegistry
/// @notice Who offered which rows under which terms, what was decided and by whom, which versions were frozen, and which rows were
/// erased since. Salted roots only. It holds contributors' stakes and the deposits of those who disagree; what is due is drawn by
/// `withdraw`.
/// @dev A contribution's way: Review → (Challenged →) Judged → Decided → (Appealed → AppealJudged →) Final, leaving out what its rule
/// does not want. Only finally accepted rows count for a snapshot.
interface IDatanetRegistry {
    event DatanetCreated(bytes32 indexed datanetId, address indexed owner, DatanetTerms terms);
    event ContributionCommitted(
        bytes32 indexed datanetId, address indexed sender, bytes32 commitment, uint256 sequence, uint256 revealEnds
    );
    event Contributed(
        bytes32 indexed datanetId,
        bytes32 indexed contributionId,
        address indexed contributor,
        bytes32 rowsRoot,
        uint32 rowCount
    );
    /// @notice Another revealed the same root who had committed to it before; this contribution can no longer be accepted.
    event ContributionSuperseded(bytes32 indexed contributionId, bytes32 indexed byContributionId);
    event ContributionAccepted(
        bytes32 indexed datanetId, bytes32 indexed contributionId, address indexed contributor, uint32 acceptedRows
    );
    event ContributionRejected(
        bytes32 indexed datanetId, bytes32 indexed contributionId, address indexed contributor, uint8 reasonCode
    );
    event ContributionJunk(
        bytes32 indexed datanetId, bytes32 indexed contributionId, address indexed contributor, uint8 reasonCode
    );
    event ContributionTakenBack(bytes32 indexed datanetId, bytes32 indexed contributionId, address indexed contributor);
    /// @notice No appeal can follow any more.
    event ContributionFinal(bytes32 indexed datanetId, bytes32 indexed contributionId, ContributionStatus status);
    event DisputeOpened(
        bytes32 indexed contributionId,
        uint8 indexed round,
        address indexed appellant,
        ContributionStatus against,
        uint256 feesWei,
        uint256 bondWei
    );
    event DisputeDefended(bytes32 indexed contributionId, uint8 indexed round, address indexed defender, bool byStake);
    event CaseOpened(bytes32 indexed contributionId, uint8 indexed round, uint256 indexed caseId);
    event StakeForfeited(
        bytes32 indexed contributionId,
        address beneficiary,
        uint256 beneficiaryWei,
        uint256 treasuryWei,
        uint256 burntWei
    );
    event SnapshotPublished(
        bytes32 indexed datanetId, uint32 indexed version, bytes32 root, uint32 rowCount, uint64 tombstones
    );
    event Tombstone(
        bytes32 indexed datanetId,
        bytes32 indexed contributionId,
        bytes32 indexed rowCommitment,
        address by,
        uint64 tombstones
    );
    event Withdrawn(address indexed account, uint256 amountWei);

    /// @notice A text is empty or longer than allowed.
    error InvalidText(string field, uint256 length, uint256 maxLength);
    /// @notice A digest or root is zero.
    error ZeroDigest(string field);
    error ZeroAccount(string field);
    /// @notice An amount or share of the terms is higher than allowed.
    error TermTooHigh(string field, uint256 value, uint256 max);
    /// @notice This sender already has a datanet of that name.
    error DatanetExists(bytes32 datanetId);
    /// @notice No datanet has this id.
    error UnknownDatanet(bytes32 datanetId);
    /// @notice Only the datanet's owner may do this.
    error NotDatanetOwner(bytes32 datanetId, address caller, address owner);
    /// @notice The datanet is curated by another rule.
    error WrongRule(bytes32 datanetId, CurationRule rule, CurationRule wanted);
    /// @notice Nothing was committed that this root, count and salt would open for this sender.
    error UnknownCommitment(bytes32 datanetId, bytes32 commitment);
    /// @notice A commitment is opened in a later block than it was made in.
    error RevealTooEarly(uint256 blockNumber);
    error RevealTooLate(uint256 revealEnds);
    /// @notice Somebody who committed earlier has revealed this root.
    error RootTaken(bytes32 datanetId, bytes32 rowsRoot, bytes32 contributionId);
    /// @notice This sender already contributed this root to this datanet.
    error ContributionExists(bytes32 contributionId);
    /// @notice No contribution has this id.
    error UnknownContribution(bytes32 contributionId);
    /// @notice The contribution stands at another stage than this act wants.
    error WrongStage(bytes32 contributionId, ContributionStage stage);
    error Superseded(bytes32 contributionId);
    /// @notice The time for this act is over.
    error TooLate(bytes32 contributionId, uint256 deadline);
    /// @notice The time of the present stage is not over.
    error TooEarly(bytes32 contributionId, uint256 notBefore);
    /// @notice Earlier commitments can still be revealed, and might show the same root.
    error EarlierCommitmentsOpen(bytes32 datanetId, uint256 sequence, uint256 settled);
    /// @notice Only the contributor may appeal this decision, and only others an acceptance.
    error NotAppellant(bytes32 contributionId, address caller);
    error NotContributor(bytes32 contributionId, address caller, address contributor);
    /// @notice A row count must be at least one and at most `max`.
    error InvalidRowCount(uint256 rowCount, uint256 max);
    /// @notice Reasons are 1 to 249; the others are the registry's own.
    error InvalidReason(uint8 reasonCode);
    /// @notice Versions are consecutive; `expected` would be right.
    error InvalidVersion(uint32 version, uint32 expected);
    /// @notice A snapshot must have taken out all rows that were erased, and say how many.
    error TombstonesDiffer(bytes32 datanetId, uint256 stated, uint256 tombstones);
    /// @notice The row commitment is not under the contribution's root.
    error InvalidProof(bytes32 contributionId, bytes32 rowCommitment);
    error TombstoneExists(bytes32 contributionId, bytes32 rowCommitment);
    /// @notice Only the contributor and the datanet's owner may have a row erased.
    error NotEraser(bytes32 contributionId, address caller);
    error NothingOwed(address account);

    /// @notice Creates a datanet owned by the sender. Texts have 1 to 64 bytes; the name is unique per owner.
    /// @return datanetId keccak256(abi.encode(owner, name)).
    function create(DatanetTerms calldata terms) external returns (bytes32 datanetId);

    /// @notice Commits to rows without showing their root. Whoever commits first owns a root, so nobody gains by copying a reveal.
    /// The same again changes nothing while it may still be revealed. Who sends it does not matter.
    /// @param commitment keccak256(abi.encode(datanetId, contributor, rowsRoot, rowCount, salt)).
    function commitContribution(bytes32 datanetId, bytes32 commitment) external;

    /// @notice Opens a commitment of the sender, in a later block and within its time. Takes rowCount · stakePerRowWei of OPEN, and
    /// under the committee's rule the jurors' fees. A root that somebody with a later commitment showed before becomes the sender's.
    /// @param rowsRoot Merkle root over the rows' salted commitments, each hashed twice.
    /// @param rowCount Number of rows, at least 1.
    /// @return contributionId keccak256(abi.encode(datanetId, contributor, rowsRoot)).
    function contribute(bytes32 datanetId, bytes32 rowsRoot, uint32 rowCount, bytes32 salt)
        external
        returns (bytes32 contributionId);

    /// @notice The owner takes the contribution, whole or in part. Owner's rule only.
    /// @param acceptedRows 1 to the number of rows offered.
    function accept(bytes32 contributionId, uint32 acceptedRows) external;

    /// @notice The owner refuses an honest contribution; its stake goes back. Owner's rule only.
    /// @param reasonCode 1 to 249; the codes are listed in packages/datanet.
    function reject(bytes32 contributionId, uint8 reasonCode) external;

    /// @notice The owner calls it junk; its stake is lost, none of it to the owner. Owner's rule only.
    function rejectAsJunk(bytes32 contributionId, uint8 reasonCode) external;

    /// @notice Challenges a contribution under the open rule, within its review time. Puts down the jurors' fees and a bond. Its
    /// stake defends it if it covers the fees, and a committee is drawn at once; otherwise it waits for a defence.
    function challenge(bytes32 contributionId) external;

    /// @notice Appeals the decision within its time: the contributor against a refusal, anybody else against an acceptance.
    function appeal(bytes32 contributionId) external;

    /// @notice Puts down the jurors' fees for what a challenge or an appeal says is wrong; anybody. A committee is drawn. Who defends
    /// what turns out right gets everything back, and the beneficiary's part of the appellant's bond.
    function defend(bytes32 contributionId) external;

    /// @notice Brings a contribution on from a counted case, or from a challenge or an appeal that nobody defended in time; anybody.
    /// Not defended: an acceptance falls, a refusal becomes an acceptance, junk becomes a refusal; nobody loses anything.
    function resolve(bytes32 contributionId) external;

    /// @notice Makes a decision final after the time for appeals, or an unchallenged contribution under the open rule accepted after
    /// its review time; anybody. An acceptance waits until no earlier commitment can be revealed.
    function finalise(bytes32 contributionId) external;

    /// @notice The contributor takes back what the owner did not decide in time, with its stake.
    function takeBack(bytes32 contributionId) external;

    /// @notice Counts up to `steps` more of a datanet's commitments as settled; anybody. `finalise` does 64 by itself.
    function settleCommitments(bytes32 datanetId, uint256 steps) external returns (uint256 settled);

    /// @notice Says that a row was erased: its key and salt are destroyed, no further snapshot may hold it. By its contributor or the
    /// datanet's owner; each row once.
    /// @param proof That the row's commitment is under the contribution's root.
    function tombstone(bytes32 contributionId, bytes32 rowCommitment, bytes32[] calldata proof) external;

    /// @notice The owner freezes a version.
    /// @param root Merkle root over the snapshot's entries.
    /// @param rowCount 1 to the number of rows finally accepted and not erased.
    /// @param version The next version; 1 is the first.
    /// @param tombstones How many erased rows were considered: all.
    function snapshot(bytes32 datanetId, bytes32 root, uint32 rowCount, uint32 version, uint64 tombstones) external;

    /// @notice Pays out what an account is owed, to it, whoever calls.
    function withdraw(address account) external returns (uint256 amountWei);

    /// @notice Reads a datanet; reverts if unknown.
    function getDatanet(bytes32 datanetId) external view returns (Datanet memory);

    /// @notice Reads a contribution; reverts if unknown.
    function getContribution(bytes32 contributionId) external view returns (Contribution memory);

    /// @notice Reads a dispute; all zero if there is none. Round 0: review or challenge; 1: appeal.
    function getDispute(bytes32 contributionId, uint8 round) external view returns (Dispute memory);

    /// @notice Reads a commitment; all zero if there is none.
    function getCommitment(bytes32 datanetId, bytes32 commitment) external view returns (Commitment memory);

    /// @notice Reads a snapshot; all zero if there is none.
    function getSnapshot(bytes32 datanetId, uint32 version) external view returns (Snapshot memory);

    /// @notice Whether rows were erased after this version was frozen: models trained on it hold withdrawn data.
    function isStale(bytes32 datanetId, uint32 version) external view returns (bool);

    /// @notice Whether this row of a contribution was erased.
    function isErased(bytes32 contributionId, bytes32 rowCommitment) external view returns (bool);

    /// @notice What an appeal (or, under the open rule, a challenge) of this contribution would put down now.
    /// @return feesWei The jurors' fees. @return bondWei What is lost besides, if it is wrong.
    function disputeCost(bytes32 contributionId) external view returns (uint256 feesWei, uint256 bondWei);

    /// @notice Which contribution this root is accepted from; zero if from none.
    function acceptedFrom(bytes32 datanetId, bytes32 rowsRoot) external view returns (bytes32 contributionId);

    /// @notice Which contribution owns this root: of those that showed it, the one that committed first.
    function holderOf(bytes32 datanetId, bytes32 rowsRoot) external view returns (bytes32 contributionId);

    /// @notice How many commitments of a datanet there are, and how many of the first are revealed or out of time.
    function commitments(bytes32 datanetId) external view returns (uint256 made, uint256 settled);

    /// @notice What an account can draw.
    function owed(address account) external view returns (uint256);
}
