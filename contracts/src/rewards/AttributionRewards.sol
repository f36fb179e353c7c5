// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAttributionRewards} from "../interfaces/IAttributionRewards.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {EarningsLeaf} from "../libraries/EarningsLeaf.sol";

/// @title AttributionRewards
/// @notice See {IAttributionRewards}. It has no owner and must not know of models, vaults or rows.
contract AttributionRewards is IAttributionRewards {
    using SafeERC20 for IOpenToken;

    IOpenToken public immutable token;
    address public immutable settler;

    /// @inheritdoc IAttributionRewards
    uint256 public collected;
    /// @inheritdoc IAttributionRewards
    uint256 public totalClaimed;
    /// @inheritdoc IAttributionRewards
    uint64 public latestEpoch;
    /// @inheritdoc IAttributionRewards
    mapping(address account => uint256) public claimed;
    mapping(uint64 epoch => Epoch) private _epochs;

    /// @param token_ OPEN.
    /// @param settler_ Submits the roots, for ever; a contract if it is to be replaceable.
    constructor(IOpenToken token_, address settler_) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(settler_ != address(0), ZeroAccount("settler"));
        token = token_;
        settler = settler_;
    }

    /// @inheritdoc IAttributionRewards
    function fund(uint256 amountWei) external {
        require(amountWei != 0, ZeroAmount());
        // Money first, count after: should the token ever call back, it finds less collected than there is.
        token.safeTransferFrom(msg.sender, address(this), amountWei);
        collected += amountWei;
        emit Funded(msg.sender, amountWei, collected);
    }

    /// @inheritdoc IAttributionRewards
    function submitRoot(uint64 epoch, bytes32 receiptsRoot, bytes32 earningsRoot, uint256 totalCumulativeWei) external {
        require(msg.sender == settler, NotSettler(msg.sender, settler));
        uint64 latest = latestEpoch;
        require(epoch == latest + 1, InvalidEpoch(epoch, latest + 1));
        uint256 previous = _epochs[latest].totalCumulativeWei;
        require(totalCumulativeWei >= previous, TotalShrinks(totalCumulativeWei, previous));
        require(totalCumulativeWei <= collected, TotalExceedsCollected(totalCumulativeWei, collected));
        require(
            (earningsRoot == 0) == (totalCumulativeWei == 0), RootDisagreesWithTotal(earningsRoot, totalCumulativeWei)
        );
        latestEpoch = epoch;
        _epochs[epoch] = Epoch(receiptsRoot, earningsRoot, totalCumulativeWei, uint64(block.timestamp));
        emit RootSubmitted(epoch, receiptsRoot, earningsRoot, totalCumulativeWei);
    }

    /// @inheritdoc IAttributionRewards
    function claim(address account, uint256 cumulativeWei, bytes32[] calldata proof)
        external
        returns (uint256 amountWei)
    {
        uint64 epoch = latestEpoch;
        Epoch storage latest = _epochs[epoch];
        require(
            MerkleProof.verifyCalldata(proof, latest.earningsRoot, EarningsLeaf.hash(account, cumulativeWei)),
            InvalidProof(account, cumulativeWei)
        );
        uint256 before = claimed[account];
        require(cumulativeWei > before, NothingToClaim(account, cumulativeWei, before));
        amountWei = cumulativeWei - before;
        uint256 claims = totalClaimed + amountWei;
        require(claims <= latest.totalCumulativeWei, ClaimsExceedTotal(claims, latest.totalCumulativeWei));
        claimed[account] = cumulativeWei;
        totalClaimed = claims;
        emit Claimed(account, epoch, amountWei, cumulativeWei);
        token.safeTransfer(account, amountWei);
    }

    /// @inheritdoc IAttributionRewards
    function getEpoch(uint64 epoch) external view returns (Epoch memory) {
        return _epochs[epoch];
    }
}
