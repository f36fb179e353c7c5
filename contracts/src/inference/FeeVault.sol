// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IAttributionRewards} from "../interfaces/IAttributionRewards.sol";
import {IFeeVault} from "../interfaces/IFeeVault.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {FeeParts, FeeTerms, Payment} from "../types/Fees.sol";
import {PaymentTill} from "./PaymentTill.sol";

/// @title FeeVault
/// @notice See {IFeeVault}. It has no owner and must not know who contributed what.
contract FeeVault is IFeeVault {
    using SafeERC20 for IOpenToken;

    uint256 public constant MAX_PAYMENTS = 64;

    IOpenToken public immutable token;
    IModelRegistry public immutable models;
    IAttributionRewards public immutable rewards;
    address public immutable treasury;

    /// @inheritdoc IFeeVault
    mapping(address account => uint256) public owed;
    /// @inheritdoc IFeeVault
    mapping(address payer => mapping(bytes32 nonce => bytes32)) public receiptOf;
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
        uint256 count = payments.length;
        require(count != 0 && count <= MAX_PAYMENTS, InvalidPaymentCount(count, MAX_PAYMENTS));
        FeeTerms memory terms = models.feeTerms(modelId);
        require(msg.sender == terms.node, NotModelNode(modelId, msg.sender, terms.node));
        address till = _tillOf(modelId);

        FeeParts memory sum;
        for (uint256 i; i < count; ++i) {
            _take(modelId, till, payments[i]);
            FeeParts memory parts = FeeSplit.cut(payments[i].amountWei, terms.rates.platformWei, terms.split);
            _add(sum, parts);
            _emitCollected(modelId, payments[i], parts);
        }

        uint256 kept = sum.platform + sum.treasury + sum.owner + sum.node + sum.stakers;
        totalOwed += kept;
        totalCollected += kept + sum.contributors;
        _accrue(modelId, treasury, sum.platform + sum.treasury);
        _accrue(modelId, terms.owner, sum.owner);
        _accrue(modelId, terms.node, sum.node);
        _accrue(modelId, terms.stakers, sum.stakers);
        emit FeesCollected(modelId, count, kept + sum.contributors, sum.contributors);

        if (till.code.length == 0) _open(modelId);
        token.safeTransferFrom(till, address(this), kept + sum.contributors);
        if (sum.contributors != 0) rewards.fund(sum.contributors);
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

    /// @dev Checks one payment against the token's own record and marks it, and its receipt, as collected.
    function _take(bytes32 modelId, address till, Payment calldata payment) private {
        (address payer, bytes32 nonce, bytes32 receiptId) = (payment.payer, payment.nonce, payment.receiptId);
        require(receiptId != 0, ZeroReceiptId());
        require(receiptOf[payer][nonce] == 0, PaymentAlreadyCollected(payer, nonce, receiptOf[payer][nonce]));
        require(!isCollected[modelId][receiptId], ReceiptAlreadyCollected(modelId, receiptId));
        (address paidTo, uint256 paidWei) = token.authorizedTransfer(payer, nonce);
        require(paidTo != address(0), PaymentNotMade(payer, nonce));
        require(paidTo == till, PaymentNotForModel(payer, nonce, paidTo, till));
        require(paidWei == payment.amountWei, PaymentAmountMismatch(payer, nonce, payment.amountWei, paidWei));
        receiptOf[payer][nonce] = receiptId;
        isCollected[modelId][receiptId] = true;
    }

    function _accrue(bytes32 modelId, address account, uint256 amountWei) private {
        if (amountWei == 0) return;
        owed[account] += amountWei;
        emit Accrued(account, modelId, amountWei);
    }

    function _open(bytes32 modelId) private {
        emit TillOpened(modelId, address(new PaymentTill{salt: modelId}()));
    }

    function _tillOf(bytes32 modelId) private view returns (address) {
        return Create2.computeAddress(modelId, keccak256(type(PaymentTill).creationCode));
    }

    function _add(FeeParts memory sum, FeeParts memory parts) private pure {
        sum.platform += parts.platform;
        sum.contributors += parts.contributors;
        sum.owner += parts.owner;
        sum.node += parts.node;
        sum.stakers += parts.stakers;
        sum.treasury += parts.treasury;
    }

    function _emitCollected(bytes32 modelId, Payment calldata payment, FeeParts memory parts) private {
        emit PaymentCollected(modelId, payment.receiptId, payment.payer, payment.nonce, payment.amountWei, parts);
    }
}
