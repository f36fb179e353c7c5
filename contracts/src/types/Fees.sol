// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// What an answer costs and who gets it. Plain data; the arithmetic lives in libraries/FeeSplit.sol.

/// @notice Prices of one model version, in wei of OPEN.
/// @param platformWei Fixed part of every fee; goes to the treasury before the split.
/// @param inWeiPer1000 Price of 1,000 prompt tokens.
/// @param outWeiPer1000 Price of 1,000 generated tokens.
struct FeeRates {
    uint96 platformWei;
    uint96 inWeiPer1000;
    uint96 outWeiPer1000;
}

/// @notice Shares of the fee net of its platform part, in parts per million; they sum to 1,000,000.
struct Split {
    uint32 contributorsPpm;
    uint32 ownerPpm;
    uint32 nodePpm;
    uint32 stakersPpm;
    uint32 treasuryPpm;
}

/// @notice One fee cut into its parts, in wei; they sum to the fee.
struct FeeParts {
    uint256 platform;
    uint256 contributors;
    uint256 owner;
    uint256 node;
    uint256 stakers;
    uint256 treasury;
}

/// @notice All the vault has to know of a model version.
struct FeeTerms {
    address owner;
    address node;
    address stakers;
    FeeRates rates;
    Split split;
}

/// @notice One paid answer, as the node reports it for collection.
/// @param receiptId Id of the signed receipt (see packages/protocol).
/// @param payer Account that signed the ERC-3009 authorisation, or that the channel or key belongs to.
/// @param nonce Nonce of that authorisation; of channels and keys a hash that names the request.
/// @param amountWei Amount the receipt states; of an authorisation it must equal what the token recorded.
struct Payment {
    bytes32 receiptId;
    address payer;
    bytes32 nonce;
    uint256 amountWei;
}

/// @notice Many paid answers of one model at once, cut answer by answer and summed.
/// @param receiptsRoot Merkle root over the ids of their signed receipts (see packages/protocol).
/// @param count How many they are.
/// @param parts Sum of the parts of each answer's fee.
struct PaymentSum {
    bytes32 receiptsRoot;
    uint256 count;
    FeeParts parts;
}
