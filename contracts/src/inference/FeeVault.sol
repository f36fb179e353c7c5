// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IAttributionRewards} from "../interfaces/IAttributionRewards.sol";
import {IFeeVault} from "../interfaces/IFeeVault.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {FeeParts, FeeTerms, Payment, PaymentSum} from "../types/Fees.sol";
import {PaymentTill} from "./PaymentTill.sol";

/// @title FeeVault
/// @notice See {IFeeVault}. It has no owner and must not know who contributed what.
contract FeeVault is IFeeVault {
    using SafeERC20 for IOpenToken;

    uint256 public constant MAX_PAYMENTS = 64;
    uint256 public constant MAX_SUMMED = 1_000_000;

    IOpenToken public immutable token;
    IModelRegistry public immutable models;
    IAttributionRewards public immutable rewards;
    address public immutable treasury;

    /// @inheritdoc IFeeVault
    mapping(address account => uint256) public owed;
    /// @inheritdoc IFeeVault
    mapping(address payer => mapping(bytes32 nonce => bytes32)) public receiptOf;
    /// @inheritdoc IFeeVault
    mapping(address node => mapping(address payer => mapping(bytes32 nonce => bytes32))) public nodeReceiptOf;
    /// @inheritdoc IFeeVault
    mapping(bytes32 modelId => mapping(bytes32 receiptId => bool)) public isCollected;
    /// @inheritdoc IFeeVault
    uint256 public totalOwed;
    /// @inheritdoc IFeeVault
    uint256 public totalCollected;

    /// @param token_ OPEN.
    /// @param models_ Where each model's fee terms are read.
    /// @param rewards_ Receives the contributors' part.
    /// @param treasury_ Earns the platform part and the treasury's share.
    constructor(IOpenToken token_, IModelRegistry models_, IAttributionRewards rewards_, address treasury_) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(address(models_) != address(0), ZeroAccount("models"));
        require(address(rewards_) != address(0), ZeroAccount("rewards"));
        require(treasury_ != address(0), ZeroAccount("treasury"));
        token = token_;
        models = models_;
        rewards = rewards_;
        treasury = treasury_;
        token_.forceApprove(address(rewards_), type(uint256).max);
    }

    /// @inheritdoc IFeeVault
    function collect(bytes32 modelId, Payment[] calldata payments) external {
        FeeTerms memory terms = _termsForNode(modelId, payments.length, MAX_PAYMENTS);
        address till = _tillOf(modelId);

        FeeParts memory sum;
        for (uint256 i; i < payments.length; ++i) {
            _checkPaid(till, payments[i]);
            receiptOf[payments[i].payer][payments[i].nonce] = payments[i].receiptId;
            _take(modelId, terms, payments[i], sum);
        }

        uint256 amountWei = _share(modelId, terms, sum, payments.length);
        if (till.code.length == 0) {
            new PaymentTill{salt: modelId}();
            emit TillOpened(modelId, till);
        }
        _draw(till, amountWei, sum.contributors);
    }

    /// @inheritdoc IFeeVault
    function collectFromNode(bytes32 modelId, Payment[] calldata payments) external {
        FeeTerms memory terms = _termsForNode(modelId, payments.length, MAX_PAYMENTS);

        FeeParts memory sum;
        for (uint256 i; i < payments.length; ++i) {
            _checkReported(payments[i]);
            nodeReceiptOf[msg.sender][payments[i].payer][payments[i].nonce] = payments[i].receiptId;
            _take(modelId, terms, payments[i], sum);
        }

        uint256 amountWei = _share(modelId, terms, sum, payments.length);
        _drawFromNode(amountWei, sum.contributors);
    }

    /// @inheritdoc IFeeVault
    function collectSumFromNode(bytes32 modelId, PaymentSum calldata sum) external {
        FeeTerms memory terms = _termsForNode(modelId, sum.count, MAX_SUMMED);
        _markCollected(modelId, sum.receiptsRoot);
        uint256 amountWei = FeeSplit.total(sum.parts, sum.count, terms.rates.platformWei, terms.split);
        emit SumCollected(modelId, sum.receiptsRoot, sum.count, amountWei, sum.parts);
        _share(modelId, terms, sum.parts, sum.count);
        _drawFromNode(amountWei, sum.parts.contributors);
    }

    /// @inheritdoc IFeeVault
    function withdraw(address account) external returns (uint256 amountWei) {
        amountWei = owed[account];
        require(amountWei != 0, NothingOwed(account));
        owed[account] = 0;
        totalOwed -= amountWei;
        emit Withdrawn(account, amountWei);
        token.safeTransfer(account, amountWei);
    }

    /// @inheritdoc IFeeVault
    function payTo(bytes32 modelId) external view returns (address till) {
        models.feeTerms(modelId);
        return _tillOf(modelId);
    }

    /// @inheritdoc IFeeVault
    function payToNode(address node) external view returns (address till) {
        require(node != address(0), ZeroAccount("node"));
        return _tillOf(_nodeSalt(node));
    }

    /// @dev What a caller must be and bring to collect.
    function _termsForNode(bytes32 modelId, uint256 count, uint256 max) private view returns (FeeTerms memory terms) {
        require(count != 0 && count <= max, InvalidPaymentCount(count, max));
        terms = models.feeTerms(modelId);
        require(msg.sender == terms.node, NotModelNode(modelId, msg.sender, terms.node));
    }

    /// @dev Checks one payment against the token's own record.
    function _checkPaid(address till, Payment calldata payment) private view {
        (address payer, bytes32 nonce) = (payment.payer, payment.nonce);
        require(receiptOf[payer][nonce] == 0, PaymentAlreadyCollected(payer, nonce, receiptOf[payer][nonce]));
        (address paidTo, uint256 paidWei) = token.authorizedTransfer(payer, nonce);
        require(paidTo != address(0), PaymentNotMade(payer, nonce));
        require(paidTo == till, PaymentNotForModel(payer, nonce, paidTo, till));
        require(paidWei == payment.amountWei, PaymentAmountMismatch(payer, nonce, payment.amountWei, paidWei));
    }

    /// @dev Nobody but the node says that this was paid, so what it says is kept apart, under its own name: else
    /// anybody's node could use up the nonce of a payment that another is to collect.
    function _checkReported(Payment calldata payment) private view {
        (address payer, bytes32 nonce) = (payment.payer, payment.nonce);
        require(payer != address(0), ZeroAccount("payer"));
        bytes32 before = nodeReceiptOf[msg.sender][payer][nonce];
        if (before == 0) before = receiptOf[payer][nonce];
        require(before == 0, PaymentAlreadyCollected(payer, nonce, before));
    }

    /// @dev Marks one payment's receipt as collected and adds its parts to the sum.
    function _take(bytes32 modelId, FeeTerms memory terms, Payment calldata payment, FeeParts memory sum) private {
        _markCollected(modelId, payment.receiptId);
        FeeParts memory parts = FeeSplit.cut(payment.amountWei, terms.rates.platformWei, terms.split);
        _add(sum, parts);
        emit PaymentCollected(modelId, payment.receiptId, payment.payer, payment.nonce, payment.amountWei, parts);
    }

    function _markCollected(bytes32 modelId, bytes32 receiptId) private {
        require(receiptId != 0, ZeroReceiptId());
        require(!isCollected[modelId][receiptId], ReceiptAlreadyCollected(modelId, receiptId));
        isCollected[modelId][receiptId] = true;
    }

    /// @dev Writes down who is owed what of a sum; no money moves here.
    function _share(bytes32 modelId, FeeTerms memory terms, FeeParts memory sum, uint256 count)
        private
        returns (uint256 amountWei)
    {
        uint256 kept = sum.platform + sum.treasury + sum.owner + sum.node + sum.stakers;
        amountWei = kept + sum.contributors;
        totalOwed += kept;
        totalCollected += amountWei;
        _accrue(modelId, treasury, sum.platform + sum.treasury);
        _accrue(modelId, terms.owner, sum.owner);
        _accrue(modelId, terms.node, sum.node);
        _accrue(modelId, terms.stakers, sum.stakers);
        emit FeesCollected(modelId, count, amountWei, sum.contributors);
    }

    function _drawFromNode(uint256 amountWei, uint256 contributorsWei) private {
        bytes32 salt = _nodeSalt(msg.sender);
        address till = _tillOf(salt);
        uint256 balanceWei = token.balanceOf(till);
        require(balanceWei >= amountWei, TillTooLow(till, balanceWei, amountWei));
        if (till.code.length == 0) {
            new PaymentTill{salt: salt}();
            emit NodeTillOpened(msg.sender, till);
        }
        _draw(till, amountWei, contributorsWei);
    }

    function _draw(address till, uint256 amountWei, uint256 contributorsWei) private {
        token.safeTransferFrom(till, address(this), amountWei);
        if (contributorsWei != 0) rewards.fund(contributorsWei);
    }

    function _accrue(bytes32 modelId, address account, uint256 amountWei) private {
        if (amountWei == 0) return;
        owed[account] += amountWei;
        emit Accrued(account, modelId, amountWei);
    }

    function _nodeSalt(address node) private pure returns (bytes32) {
        return keccak256(abi.encode("node", node));
    }

    function _tillOf(bytes32 salt) private view returns (address) {
        return Create2.computeAddress(salt, keccak256(type(PaymentTill).creationCode));
    }

    function _add(FeeParts memory sum, FeeParts memory parts) private pure {
        sum.platform += parts.platform;
        sum.contributors += parts.contributors;
        sum.owner += parts.owner;
        sum.node += parts.node;
        sum.stakers += parts.stakers;
        sum.treasury += parts.treasury;
    }
}
