// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {BurningRecipient, HungryRecipient, RefusingRecipient} from "./fixtures/Recipients.sol";

/// @title StrikingRecipient
/// @author The Research authors
/// @notice Answers its payment with another strike.
contract StrikingRecipient {
    ITrainingMarket private immutable _MARKET;
    uint256 private immutable _TASK_ID;
    address private immutable _CLAIMANT;

    bool public isRefused;

    constructor(ITrainingMarket market, uint256 taskId, address claimant) {
        (_MARKET, _TASK_ID, _CLAIMANT) = (market, taskId, claimant);
    }

    receive() external payable {
        try _MARKET.strike(_TASK_ID, 0, _CLAIMANT) {}
        catch {
            isRefused = true;
        }
    }
}

/// @title CarefulRecipient
/// @author The Research authors
/// @notice Takes ETH only with all of a bounded payment's gas: 30,000, and the 2,300 that come with value.
contract CarefulRecipient {
    error TooLittle();

    receive() external payable {
        if (gasleft() < 32_000) revert TooLittle();
    }
}

/// @title StrikeTest
/// @author The Research authors
/// @notice `strike`: who gets what of a lost bond, and who leads then.
contract StrikeTest is MarketTest {
    function test_Strike_Refuted_PaysHalfAndBurnsHalf() public {
        uint256 taskId = _claimed();
        uint256 held = address(market).balance;
        fall(taskId, 0, twoResult(), rival);
        VM.expectEmit(address(market));
        emit ITrainingMarket.BondLost(taskId, 0, poster, rival, BOND / 2, BOND / 2);

        VM.prank(stranger);
        market.strike(taskId, 0, poster);

        VM.assertEq(rival.balance, FUNDS + BOND / 2, "the winner");
        VM.assertEq(poster.balance, FUNDS - BOND, "the claimant");
        VM.assertEq(address(market).balance, held - BOND / 2, "half stays for ever");
        VM.assertTrue(market.claimOf(taskId, 0, poster).state == ITrainingMarket.ClaimState.Fallen, "state");
        VM.assertEq(market.getRound(taskId, 0).lead, 1, "nobody leads");
        VM.assertEq(market.getRound(taskId, 0).claims, 1, "claims");
    }

    /// @dev The winner's gas first, and half of the rest: 0.07 and 0.965 of 2 ETH at 100 gwei.
    function test_Strike_BaseFee_PaysGasFirst() public {
        uint256 taskId = _claimed();
        fall(taskId, 0, twoResult(), rival);
        VM.fee(100 gwei);
        VM.expectEmit(address(market));
        emit ITrainingMarket.BondLost(taskId, 0, poster, rival, 1.035 ether, 0.965 ether);

        market.strike(taskId, 0, poster);

        VM.assertEq(rival.balance, FUNDS + 1.035 ether, "the winner");
    }

    function test_Strike_HugeBaseFee_PaysThreeQuarters() public {
        uint256 taskId = _claimed();
        fall(taskId, 0, twoResult(), rival);
        VM.fee(1 ether);

        market.strike(taskId, 0, poster);

        VM.assertEq(rival.balance, FUNDS + BOND / 4 * 3, "at most");
    }

    function test_Strike_BondOfOneWei_IsBurned() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.bond = 1;
        uint256 taskId = publishOpened(terms);
        claimAs(poster, taskId, 0, twoResult());
        fall(taskId, 0, twoResult(), rival);
        VM.expectEmit(address(market));
        emit ITrainingMarket.BondLost(taskId, 0, poster, rival, 0, 1);

        market.strike(taskId, 0, poster);
    }

    function test_Strike_NotRefutedOrTwice_Reverts() public {
        uint256 taskId = _claimed();
        bytes memory data = abi.encodeCall(ITrainingMarket.strike, (taskId, 0, poster));
        bytes memory standing = abi.encodeWithSelector(ITrainingMarket.NotRefuted.selector, poster);
        refuse(rival, 0, data, standing);
        // That something was demanded of it is not that it fell.
        settleAt(taskId, 0, twoResult(), block.timestamp + 1);
        refuse(rival, 0, data, standing);
        // Another case of the same round, and the same result of another round and task.
        ITrainingMarket.Result memory other = twoResult();
        ++other.total;
        fall(taskId, 0, other, rival);
        fall(taskId, 1, twoResult(), rival);
        fall(taskId + 1, 0, twoResult(), rival);
        refuse(rival, 0, data, standing);
        fall(taskId, 0, twoResult(), rival);
        market.strike(taskId, 0, poster);
        refuse(rival, 0, data, wrongClaim(poster, ITrainingMarket.ClaimState.Fallen));
    }

    function test_Strike_NotPosted_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        fall(taskId, 0, twoResult(), rival);
        bytes memory data = abi.encodeCall(ITrainingMarket.strike, (taskId, 0, poster));
        refuse(rival, 0, data, wrongClaim(poster, ITrainingMarket.ClaimState.None));
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(poster, taskId, 0, twoResult());
        refuse(rival, 0, data, wrongClaim(poster, ITrainingMarket.ClaimState.Sealed));
    }

    /// @dev All who say it lose their bonds, each by its own strike.
    function test_Strike_EqualClaims_FallOneByOne() public {
        uint256 taskId = publishOpened(defaultTerms());
        _claimAll(taskId, [poster, carol, bob]);
        fall(taskId, 0, twoResult(), rival);
        market.strike(taskId, 0, carol);
        VM.assertEq(market.getRound(taskId, 0).lead, 0, "the first is not struck yet");
        market.strike(taskId, 0, poster);
        VM.assertEq(market.getRound(taskId, 0).lead, 2, "two of three");
        market.strike(taskId, 0, bob);
        VM.assertEq(market.getRound(taskId, 0).lead, 3, "all");

        VM.assertEq(rival.balance, FUNDS + 3 * uint256(BOND / 2), "the winner has a part of each");
    }

    function test_Strike_BondTakenBack_Reverts() public {
        uint256 taskId = publishScored();
        market.claimBond(taskId, 0, poster, poster, poster);
        fall(taskId, 0, twoResult(), rival);

        refuse(
            rival,
            0,
            abi.encodeCall(ITrainingMarket.strike, (taskId, 0, poster)),
            wrongClaim(poster, ITrainingMarket.ClaimState.Paid)
        );
    }

    /// @dev What is final stays; the bond of a claim that falls late is lost all the same, the final one's too.
    function test_Strike_AfterFinal_TakesBondAndChangesNothing() public {
        uint256 taskId = publishScored();
        fall(taskId, 0, twoResult(), rival);

        market.strike(taskId, 0, poster);

        VM.assertEq(rival.balance, FUNDS + BOND / 2, "the winner");
        VM.assertEq(market.getRound(taskId, 0).lead, 0, "the place of what is final");
        rewardAlice(taskId, 0);
        VM.assertEq(alice.balance, FUNDS - STAKE + 1.5 ether, "paid");
    }

    /// @dev A strike must not fail because of who wins: what it does not take is burned, and gas is bounded.
    function test_Strike_WinnerRefuses_BurnsAll() public {
        address[3] memory winners =
            [address(new RefusingRecipient()), address(new BurningRecipient()), address(new HungryRecipient())];
        for (uint256 i = 0; i < 3; ++i) {
            uint256 state = VM.snapshotState();
            uint256 taskId = _claimed();
            uint256 held = address(market).balance;
            fall(taskId, 0, twoResult(), winners[i]);
            VM.expectEmit(address(market));
            emit ITrainingMarket.BondLost(taskId, 0, poster, winners[i], 0, BOND);
            uint256 before = gasleft();
            market.strike(taskId, 0, poster);
            VM.assertLe(before - gasleft(), 150_000, "bounded");
            VM.assertEq(address(market).balance, held, "burned");
            VM.assertEq(market.getRound(taskId, 0).lead, 1, "struck");
            VM.revertToState(state);
        }
    }

    /// @dev Whoever sends it must not make a willing winner fail by bringing too little gas for it.
    function test_Strike_AnyGas_PaysWillingWinnerOrReverts() public {
        address winner = address(new CarefulRecipient());
        uint256 taskId = _claimed();
        fall(taskId, 0, twoResult(), winner);
        bytes memory data = abi.encodeCall(ITrainingMarket.strike, (taskId, 0, poster));
        uint256 paid;
        for (uint256 gas = 20_000; gas < 250_000; gas += 1000) {
            uint256 state = VM.snapshotState();
            (bool success,) = address(market).call{gas: gas}(data);
            if (success) {
                ++paid;
                VM.assertEq(winner.balance, BOND / 2, "paid");
            }
            VM.revertToState(state);
        }
        VM.assertTrue(paid > 0, "and it can be sent");
    }

    function test_Strike_WinnerReenters_GetsNothingMore() public {
        uint256 taskId = publishOpened(defaultTerms());
        _claimAll(taskId, [poster, carol, bob]);
        StrikingRecipient winner = new StrikingRecipient(market, taskId, carol);
        fall(taskId, 0, twoResult(), address(winner));

        market.strike(taskId, 0, poster);

        VM.assertEq(address(winner).balance, BOND / 2, "paid once");
        VM.assertTrue(winner.isRefused(), "the guard holds");
        VM.assertEq(market.getRound(taskId, 0).lead, 1, "the second is not struck");
    }

    /// @dev Places lie in words of 256.
    function test_Strike_MoreThanAWord_LeadIsTheNext() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        for (uint256 i = 0; i < 258; ++i) {
            VM.deal(VM.addr(1000 + i), BOND);
            sealAs(VM.addr(1000 + i), taskId, 0, twoResult());
        }
        sealAs(poster, taskId, 0, resultOf(twoLeaves(), 1));
        VM.warp(market.scheduleOf(taskId, 0).post);
        for (uint256 i = 0; i < 258; ++i) {
            postAs(VM.addr(1000 + i), taskId, twoResult());
        }
        postAs(poster, taskId, resultOf(twoLeaves(), 1));
        fall(taskId, 0, twoResult(), rival);
        for (uint256 i = 0; i < 258; ++i) {
            VM.assertEq(market.getRound(taskId, 0).lead, i, "the earliest");
            market.strike(taskId, 0, VM.addr(1000 + i));
        }
        VM.assertEq(market.getRound(taskId, 0).lead, 258, "the honest one");
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, resultOf(twoLeaves(), 1));
        VM.assertEq(market.getRound(taskId, 0).lead, 258, "and it is final");
    }

    /// @dev Whatever falls and is struck: the earliest place that was not leads.
    function testFuzz_Strike_AnyOrder_LeadIsEarliestStanding(uint256 seed) public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        for (uint256 i = 0; i < 6; ++i) {
            VM.deal(VM.addr(1000 + i), BOND);
            sealAs(VM.addr(1000 + i), taskId, 0, twoResult());
        }
        VM.warp(market.scheduleOf(taskId, 0).post);
        for (uint256 i = 0; i < 6; ++i) {
            postAs(VM.addr(1000 + i), taskId, twoResult());
        }
        fall(taskId, 0, twoResult(), rival);
        bool[7] memory struck;
        for (uint256 i = 0; i < 6; ++i) {
            uint256 place = (seed >> (8 * i)) % 6;
            if (struck[place]) continue;
            market.strike(taskId, 0, VM.addr(1000 + place));
            struck[place] = true;
            uint256 lead;
            while (struck[lead]) ++lead;
            VM.assertEq(market.getRound(taskId, 0).lead, lead, "lead");
        }
    }

    function _claimed() private returns (uint256 taskId) {
        taskId = publishOpened(defaultTerms());
        claimAs(poster, taskId, 0, twoResult());
    }

    function _claimAll(uint256 taskId, address[3] memory who) private {
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        for (uint256 i = 0; i < 3; ++i) {
            sealAs(who[i], taskId, 0, twoResult());
        }
        VM.warp(market.scheduleOf(taskId, 0).post);
        uint256 before = rival.balance;
        for (uint256 i = 0; i < 3; ++i) {
            postAs(who[i], taskId, twoResult());
        }
        VM.assertEq(rival.balance, before, "not a claimant");
    }
}
