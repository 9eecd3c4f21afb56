// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ITrainingMarket} from "../interfaces/ITrainingMarket.sol";

/// @title Payments
/// @author The Research authors
/// @notice Moves ETH (token zero) and ERC-20 tokens, and believes balances only.
/// @dev Whoever is paid by somebody else gets `BOUNDED_GAS` in ETH: a recipient must not burn a stranger's gas.
library Payments {
    using SafeERC20 for IERC20;

    /// @dev Enough for a wallet contract to log a receipt.
    uint256 private constant BOUNDED_GAS = 30_000;

    /// @dev What must be there for a recipient to get `BOUNDED_GAS`: 64 of 63 parts of it, and at most 36,700 for a call with
    /// value to a new account.
    uint256 private constant OFFER_GAS = 70_000;

    /// @notice Pays an amount, or reverts.
    /// @param token The token, or zero for ETH.
    /// @param owner Whose money it is; nobody else may name another recipient.
    /// @param recipient Where it goes.
    /// @param amount How much; nothing moves where it is zero.
    function pay(address token, address owner, address recipient, uint256 amount) internal {
        bool isOwner = msg.sender == owner;
        if (recipient == address(0) || (!isOwner && recipient != owner)) {
            revert ITrainingMarket.NotYours(owner, recipient);
        }
        if (amount == 0) return;
        if (token != address(0)) return _payTokens(IERC20(token), recipient, amount);

        uint256 limit = isOwner ? gasleft() : BOUNDED_GAS;
        bool done;
        // No data is wanted back: a recipient must not make the sender pay for copying it.
        assembly ("memory-safe") { done := call(limit, recipient, amount, 0, 0, 0, 0) }
        if (!done) revert ITrainingMarket.PaymentFailed(recipient, amount);
    }

    /// @notice Pays ETH to who may not take it.
    /// @dev Reverts where the sender brought too little gas: else anybody could make a willing recipient fail.
    /// @param recipient Where it goes.
    /// @param amount How much.
    /// @return done Whether it was taken.
    function offer(address recipient, uint256 amount) internal returns (bool done) {
        if (gasleft() < OFFER_GAS) revert ITrainingMarket.PaymentFailed(recipient, amount);
        assembly ("memory-safe") { done := call(BOUNDED_GAS, recipient, amount, 0, 0, 0, 0) }
    }

    /// @notice Pulls tokens from the sender and holds the token to having moved them whole.
    /// @param token The token.
    /// @param amount How much.
    function pull(IERC20 token, uint256 amount) internal {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert ITrainingMarket.WrongTokenMove(amount, received);
    }

    function _payTokens(IERC20 token, address recipient, uint256 amount) private {
        uint256 here = token.balanceOf(address(this));
        uint256 there = token.balanceOf(recipient);
        token.safeTransfer(recipient, amount);
        uint256 left = here - token.balanceOf(address(this));
        if (left != amount) revert ITrainingMarket.WrongTokenMove(amount, left);
        uint256 arrived = token.balanceOf(recipient) - there;
        if (arrived != amount) revert ITrainingMarket.WrongTokenMove(amount, arrived);
    }
}
