// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";

/// @title OpenToken
/// @notice OPEN. One billion, minted once; nobody owns the contract. It must not know of vaults or models.
contract OpenToken is ERC20Burnable, ERC20Permit, ERC20Votes, ERC3009, IOpenToken {
    uint256 public constant INITIAL_SUPPLY = 1_000_000_000 ether;

    /// @dev What became of an authorisation: 0 unused, CANCELLED, or receiver ‖ amount. The supply fits 96 bits, and
    /// no receiver is zero, so the three never meet. It replaces the flag of ERC3009 and costs no more storage.
    mapping(address authorizer => mapping(bytes32 nonce => uint256 record)) private _authorizations;
    uint256 private constant CANCELLED = 1;

    /// @param treasury Receives the whole supply.
    constructor(address treasury) ERC20("OpenLedger", "OPEN") ERC20Permit("OpenLedger") {
        _mint(treasury, INITIAL_SUPPLY);
    }

    /// @inheritdoc IOpenToken
    function authorizedTransfer(address authorizer, bytes32 nonce) external view returns (address to, uint256 value) {
        uint256 record = _authorizations[authorizer][nonce];
        if (record > CANCELLED) return (address(uint160(record >> 96)), uint96(record));
    }

    /// @inheritdoc IERC3009
    function authorizationState(address authorizer, bytes32 nonce)
        public
        view
        override(ERC3009, IERC3009)
        returns (bool)
    {
        return _authorizations[authorizer][nonce] != 0;
    }

    /// @inheritdoc IOpenToken
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _checkSignature(
            from,
            keccak256(
                abi.encode(TRANSFER_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce)
            ),
            signature
        );
        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @inheritdoc IOpenToken
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        require(to == _msgSender(), ERC20InvalidReceiver(to));
        _checkSignature(
            from,
            keccak256(abi.encode(RECEIVE_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce)),
            signature
        );
        _transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
    }

    /// @inheritdoc IOpenToken
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external {
        _checkSignature(authorizer, keccak256(abi.encode(CANCEL_AUTHORIZATION_TYPEHASH, authorizer, nonce)), signature);
        _cancelAuthorization(authorizer, nonce);
    }

    /// @notice Votes count by time, not by block (ERC-6372), so that a change of block time changes no vote.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice The clock, in ERC-6372's words.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Permit
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _checkSignature(address signer, bytes32 structHash, bytes calldata signature) private view {
        require(
            SignatureChecker.isValidSignatureNowCalldata(signer, _hashTypedDataV4(structHash), signature),
            ERC3009InvalidSignature()
        );
    }

    function _transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce
    ) internal override {
        super._transferWithAuthorization(from, to, value, validAfter, validBefore, nonce);
        _authorizations[from][nonce] = (uint256(uint160(to)) << 96) | value;
    }

    function _consumeNonce(address authorizer, bytes32 nonce) internal override {
        require(_authorizations[authorizer][nonce] == 0, ERC3009UsedAuthorization(authorizer, nonce));
        _authorizations[authorizer][nonce] = CANCELLED;
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
