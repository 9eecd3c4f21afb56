// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {BurningRecipient, RefusingRecipient} from "./fixtures/Recipients.sol";

/// @title RefundTest
/// @author The Research authors
/// @notice `refund`: an empty round's own part and its audit fee, once.
contract RefundTest is MarketTest {
    function test_Refund_Empty_PaysPartAndFee() public {
        uint256 taskId = _empty(defaultTerms());
        uint256 before = sponsor.balance;
        VM.expectEmit(address(market));
        emit ITrainingMarket.Refunded(taskId, 0, sponsor, FIRST, FEE);

        VM.prank(stranger);
        market.refund(taskId, 0, sponsor);

        VM.assertEq(sponsor.balance, before + FIRST + FEE, "part and fee");
        VM.assertEq(market.getRound(taskId, 0).remaining, 0, "remaining");
        refuse(
            sponsor,
            0,
            abi.encodeCall(ITrainingMarket.refund, (taskId, 0, sponsor)),
            abi.encodeWithSelector(ITrainingMarket.AlreadyPaid.selector, 0, 0)
        );
    }

    function test_Refund_Token_PaysTokensAndFeeInEth() public {
        uint256 taskId = _empty(tokenTerms());
        uint256 before = sponsor.balance;

        market.refund(taskId, 0, sponsor);

        VM.assertEq(token.balanceOf(sponsor), FUNDS - POOL + FIRST, "tokens");
        VM.assertEq(sponsor.balance, before + FEE, "fee");
    }

    function test_Refund_EveryRoundEmpty_ReturnsEverything() public {
        uint256 taskId = _empty(defaultTerms());
        market.refund(taskId, 0, sponsor);
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        finalise(taskId, 1);
        market.refund(taskId, 1, sponsor);

        VM.assertEq(sponsor.balance, FUNDS, "all of it");
        VM.assertEq(address(market).balance, 0, "nothing stays");
    }

    function test_Refund_AfterCarry_LeavesCarryAlone() public {
        uint256 taskId = publishScored();
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        finalise(taskId, 1);
        uint256 before = sponsor.balance;

        market.refund(taskId, 1, sponsor);

        VM.assertEq(sponsor.balance, before + SECOND + FEE, "the round's own part alone");
    }

    function test_Refund_OtherOutcomes_Revert() public {
        uint256 taskId = publishRevealed();
        bytes memory data = abi.encodeCall(ITrainingMarket.refund, (taskId, 0, sponsor));
        refuse(sponsor, 0, data, wrongOutcome(ITrainingMarket.Outcome.Empty, ITrainingMarket.Outcome.None));
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        finalise(taskId, 0);
        refuse(sponsor, 0, data, wrongOutcome(ITrainingMarket.Outcome.Empty, ITrainingMarket.Outcome.Unopened));
        VM.warp(NOW);
        taskId = publishScored();
        data = abi.encodeCall(ITrainingMarket.refund, (taskId, 0, sponsor));
        refuse(sponsor, 0, data, wrongOutcome(ITrainingMarket.Outcome.Empty, ITrainingMarket.Outcome.Scored));
    }

    function test_Refund_OtherRecipient_OnlyBySponsor() public {
        uint256 taskId = _empty(defaultTerms());
        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.refund, (taskId, 0, stranger)), notYours(sponsor, stranger));

        VM.prank(sponsor);
        market.refund(taskId, 0, carol);

        VM.assertEq(carol.balance, FUNDS + FIRST + FEE, "where the sponsor says");
    }

    /// @dev A sponsor contract that takes no ETH has lost nothing: it names another account.
    function test_Refund_SponsorRefuses_StaysClaimable() public {
        RefusingRecipient refusing = new RefusingRecipient();
        ITrainingMarket.Terms memory terms = defaultTerms();
        VM.deal(address(refusing), due(terms));
        refusing.send(address(market), due(terms), abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)));
        warpTo(1, 0, ITrainingMarket.Phase.Closed);
        finalise(1, 0);
        bytes memory data = abi.encodeCall(ITrainingMarket.refund, (1, 0, address(refusing)));
        refuse(stranger, 0, data, paymentFailed(address(refusing), FIRST + FEE));

        refusing.send(address(market), 0, abi.encodeCall(ITrainingMarket.refund, (1, 0, carol)));

        VM.assertEq(carol.balance, FUNDS + FIRST + FEE, "where the sponsor says");
    }

    function test_Refund_SponsorBurnsGas_CostsStrangerLittle() public {
        BurningRecipient burning = new BurningRecipient();
        ITrainingMarket.Terms memory terms = defaultTerms();
        VM.deal(address(burning), due(terms));
        burning.send(address(market), due(terms), abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)));
        warpTo(1, 0, ITrainingMarket.Phase.Closed);
        finalise(1, 0);
        VM.prank(stranger);
        uint256 before = gasleft();
        (bool success,) = address(market).call(abi.encodeCall(ITrainingMarket.refund, (1, 0, address(burning))));

        VM.assertFalse(success, "refused");
        VM.assertLe(before - gasleft(), 150_000, "bounded");
    }

    function _empty(ITrainingMarket.Terms memory terms) private returns (uint256 taskId) {
        taskId = publish(terms);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        finalise(taskId, 0);
    }
}
