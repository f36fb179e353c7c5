// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ITokenAllocation} from "../interfaces/ITokenAllocation.sol";
import {Vesting} from "../libraries/Vesting.sol";
import {Grant} from "../types/Governance.sol";

/// @title TokenAllocation
/// @notice See {ITokenAllocation}. It has no owner.
contract TokenAllocation is ITokenAllocation {
    using SafeERC20 for IERC20;

    uint256 public constant MAX_GRANTS = 64;

    IERC20 public immutable token;
    /// @inheritdoc ITokenAllocation
    uint256 public immutable totalWei;
    /// @inheritdoc ITokenAllocation
    bool public isFunded;
    /// @inheritdoc ITokenAllocation
    mapping(uint256 index => uint256) public released;
    Grant[] private _grants;

    constructor(IERC20 token_, Grant[] memory grants) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(grants.length != 0 && grants.length <= MAX_GRANTS, InvalidGrantCount(grants.length, MAX_GRANTS));
        token = token_;
        uint256 sum;
        for (uint256 i = 0; i < grants.length; ++i) {
            Grant memory grant = grants[i];
            require(
                grant.beneficiary != address(0) && grant.amountWei != 0 && grant.cliffSeconds <= grant.durationSeconds,
                InvalidGrant(i)
            );
            sum += grant.amountWei;
            _grants.push(grant);
        }
        totalWei = sum;
    }

    /// @inheritdoc ITokenAllocation
    function fund() external {
        require(!isFunded, AlreadyFunded());
        isFunded = true;
        token.safeTransferFrom(msg.sender, address(this), totalWei);
        emit Funded(msg.sender, totalWei);
    }

    /// @inheritdoc ITokenAllocation
    function release(uint256 index) external returns (uint256 amountWei) {
        require(isFunded, NotFunded(totalWei));
        Grant memory grant = _grant(index);
        uint256 before = released[index];
        amountWei = Vesting.vestedWei(grant, uint64(block.timestamp)) - before;
        require(amountWei != 0, NothingToRelease(index, before));
        released[index] = before + amountWei;
        emit Released(index, grant.beneficiary, amountWei);
        token.safeTransfer(grant.beneficiary, amountWei);
    }

    /// @inheritdoc ITokenAllocation
    function vested(uint256 index, uint64 timestamp) external view returns (uint256) {
        return Vesting.vestedWei(_grant(index), timestamp);
    }

    /// @inheritdoc ITokenAllocation
    function grantAt(uint256 index) external view returns (Grant memory) {
        return _grant(index);
    }

    /// @inheritdoc ITokenAllocation
    function grantCount() external view returns (uint256) {
        return _grants.length;
    }

    function _grant(uint256 index) private view returns (Grant memory) {
        require(index < _grants.length, UnknownGrant(index, _grants.length));
        return _grants[index];
    }
}
