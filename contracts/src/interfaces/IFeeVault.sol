// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAttributionRewards} from "./IAttributionRewards.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {IOpenToken} from "./IOpenToken.sol";
import {FeeParts, Payment, PaymentSum} from "../types/Fees.sol";

/// @title IFeeVault
/// @notice Takes the fees of all models and splits them by each model's constants.
/// @dev A payer signs receiver and amount but no model. So each model has a receiver of its own, its till: the
/// address `payTo(modelId)` that only the vault can empty. A payment to it can be collected for that model only,
/// by that model's node only, once, and for exactly the amount the token recorded.
///
/// Money that does not come as one authorisation an answer (payment channels, prepaid keys) goes to the node's own till,
/// `payToNode(node)`. The node then says which answers it was paid for; nobody can collect more than came in, nobody but
/// that node can collect it, and it leaves the till only by a model's split. Which payer and which model an amount stands
/// for is the node's word there, held against it by its signed receipts.
interface IFeeVault {
    event TillOpened(bytes32 indexed modelId, address till);
    event NodeTillOpened(address indexed node, address till);
    event PaymentCollected(
        bytes32 indexed modelId,
        bytes32 indexed receiptId,
        address indexed payer,
        bytes32 nonce,
        uint256 amountWei,
        FeeParts parts
    );
    /// @notice Many answers paid into the node's till, collected as one.
    event SumCollected(
        bytes32 indexed modelId, bytes32 indexed receiptsRoot, uint256 count, uint256 amountWei, FeeParts parts
    );
    /// @notice One call of any of the three ways to collect, summed.
    event FeesCollected(bytes32 indexed modelId, uint256 payments, uint256 amountWei, uint256 contributorsWei);
    event Accrued(address indexed account, bytes32 indexed modelId, uint256 amountWei);
    event Withdrawn(address indexed account, uint256 amountWei);

    /// @notice An account given to the constructor is zero.
    error ZeroAccount(string field);
    /// @notice Only the model's node collects its fees.
    error NotModelNode(bytes32 modelId, address caller, address node);
    /// @notice A call takes 1 to `max` payments.
    error InvalidPaymentCount(uint256 count, uint256 max);
    /// @notice A receipt id is zero.
    error ZeroReceiptId();
    /// @notice The authorisation was never used, or was cancelled.
    error PaymentNotMade(address payer, bytes32 nonce);
    /// @notice The authorisation paid somebody else; `till` would be right.
    error PaymentNotForModel(address payer, bytes32 nonce, address paidTo, address till);
    /// @notice The receipt states another amount than was paid.
    error PaymentAmountMismatch(address payer, bytes32 nonce, uint256 statedWei, uint256 paidWei);
    /// @notice The payment was collected before, under `receiptId`.
    error PaymentAlreadyCollected(address payer, bytes32 nonce, bytes32 receiptId);
    /// @notice The receipt was used for another payment of this model.
    error ReceiptAlreadyCollected(bytes32 modelId, bytes32 receiptId);
    /// @notice The node's till holds less than the payments sum up to; settle its channels first.
    error TillTooLow(address till, uint256 balanceWei, uint256 neededWei);
    /// @notice Nothing is owed to this account.
    error NothingOwed(address account);

    /// @notice Collects payments of one model: all or none.
    /// @param modelId The model; the caller must be its node.
    /// @param payments 1 to 64 payments.
    function collect(bytes32 modelId, Payment[] calldata payments) external;

    /// @notice Collects payments of one model out of the calling node's own till: all or none. The split, the events and
    /// the receipts that count once are those of {collect}.
    /// @param modelId The model; the caller must be its node.
    /// @param payments 1 to 64 payments; `nonce` names the request within channel or key, see packages/protocol.
    function collectFromNode(bytes32 modelId, Payment[] calldata payments) external;

    /// @notice Collects many answers of one model out of the calling node's own till for the price of one: the parts come
    /// summed, and are checked against the split to within rounding. A set of receipts counts once; that no receipt stands
    /// in two sets is held against the node by its signed receipts, and costs nobody but itself.
    /// @param modelId The model; the caller must be its node.
    /// @param sum 1 to 1,000,000 answers.
    function collectSumFromNode(bytes32 modelId, PaymentSum calldata sum) external;

    /// @notice Pays out what is owed to `account`, to `account`; anybody may call.
    /// @return amountWei What was paid.
    function withdraw(address account) external returns (uint256 amountWei);

    /// @notice Where payers of this model pay (x402 `payTo`); reverts if the model is unknown.
    function payTo(bytes32 modelId) external view returns (address till);

    /// @notice Where channels and keys of a node pay: its own till; anybody's address has one.
    function payToNode(address node) external view returns (address till);

    /// @notice What is owed to an account, in wei.
    function owed(address account) external view returns (uint256);

    /// @notice Sum of all that is owed; the vault's balance never falls below it.
    function totalOwed() external view returns (uint256);

    /// @notice Sum of all payments ever collected.
    function totalCollected() external view returns (uint256);

    /// @notice Under which receipt a payment was collected; zero if it was not.
    function receiptOf(address payer, bytes32 nonce) external view returns (bytes32 receiptId);

    /// @notice Under which receipt a node collected a payment out of its own till; zero if it did not.
    function nodeReceiptOf(address node, address payer, bytes32 nonce) external view returns (bytes32 receiptId);

    /// @notice Whether a receipt of this model, or the root over a set of them, was collected, in whichever way.
    function isCollected(bytes32 modelId, bytes32 receiptId) external view returns (bool);

    function token() external view returns (IOpenToken);

    function models() external view returns (IModelRegistry);

    function rewards() external view returns (IAttributionRewards);

    function treasury() external view returns (address);
}
