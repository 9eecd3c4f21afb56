// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {RefusingRecipient} from "./fixtures/Recipients.sol";

/// @title ClaimTest
/// @author The Research authors
/// @notice `sealClaim`, `postClaim` and `claimBond`.
contract ClaimTest is MarketTest {
    function test_SealClaim_Opened_LocksBond() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        ITrainingMarket.Result memory result = twoResult();
        bytes24 digest = market.sealHash(taskId, 0, poster, result, SALT);
        VM.expectEmit(address(market));
        emit ITrainingMarket.ClaimSealed(taskId, 0, poster, digest);

        sealAs(poster, taskId, 0, result);

        ITrainingMarket.Claim memory claim = market.claimOf(taskId, 0, poster);
        VM.assertEq(bytes32(claim.digest), bytes32(digest), "digest");
        VM.assertTrue(claim.state == ITrainingMarket.ClaimState.Sealed, "state");
        VM.assertEq(poster.balance, FUNDS - BOND, "bond");
        VM.assertEq(market.getRound(taskId, 0).claims, 0, "nothing is posted");
    }

    function test_SealHash_IsWhatTheInterfaceSays() public {
        uint256 taskId = publish();
        ITrainingMarket.Result memory result = twoResult();
        bytes32 expected = keccak256(abi.encode(block.chainid, address(market), taskId, 1, poster, result, SALT));

        VM.assertEq(bytes32(market.sealHash(taskId, 1, poster, result, SALT)), bytes32(bytes24(expected)), "hash");
    }

    function test_SealClaim_Window_FirstAndLastSecond() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 0);
        bytes memory data = abi.encodeCall(ITrainingMarket.sealClaim, (taskId, "seal"));
        VM.assertEq(schedule.post, schedule.score + 250, "half");
        VM.warp(schedule.score - 1);
        refuse(carol, BOND, data, wrongPhase(ITrainingMarket.Phase.Score, ITrainingMarket.Phase.Open));
        VM.warp(schedule.score);
        sealAs(poster, taskId, 0, twoResult());
        VM.warp(schedule.post - 1);
        sealAs(rival, taskId, 0, twoResult());
        VM.warp(schedule.post);
        refuse(carol, BOND, data, tooLate(schedule.post));
        VM.warp(schedule.refute);
        refuse(carol, BOND, data, wrongPhase(ITrainingMarket.Phase.Score, ITrainingMarket.Phase.Refute));
    }

    function test_SealClaim_NothingRevealed_Reverts() public {
        uint256 taskId = publish();
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);

        refuse(
            poster,
            BOND,
            abi.encodeCall(ITrainingMarket.sealClaim, (taskId, "seal")),
            abi.encodeWithSelector(ITrainingMarket.NothingRevealed.selector, 0)
        );
    }

    function test_SealClaim_KeysMissing_Reverts() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);

        refuse(
            poster,
            BOND,
            abi.encodeCall(ITrainingMarket.sealClaim, (taskId, "seal")),
            abi.encodeWithSelector(ITrainingMarket.WrongKeys.selector, 1, 0)
        );
    }

    function test_SealClaim_WrongBondOrZeroOrTwice_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        bytes memory data = abi.encodeCall(ITrainingMarket.sealClaim, (taskId, "seal"));
        refuse(poster, BOND - 1, data, wrongValue(BOND, BOND - 1));
        refuse(poster, BOND + 1, data, wrongValue(BOND, BOND + 1));
        refuse(poster, BOND, abi.encodeCall(ITrainingMarket.sealClaim, (taskId, 0)), zeroHash("seal"));
        sealAs(poster, taskId, 0, twoResult());
        refuse(poster, BOND, data, wrongClaim(poster, ITrainingMarket.ClaimState.Sealed));
    }

    function test_PostClaim_Sealed_TakesNextPlace() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        ITrainingMarket.Result memory result = twoResult();
        sealAs(poster, taskId, 0, result);
        sealAs(rival, taskId, 0, result);
        VM.warp(market.scheduleOf(taskId, 0).post);
        postAs(rival, taskId, result);
        VM.expectEmit(address(market));
        emit ITrainingMarket.ClaimPosted(taskId, 0, poster, 1, result, "file");

        postAs(poster, taskId, result);

        ITrainingMarket.Claim memory claim = market.claimOf(taskId, 0, poster);
        VM.assertEq(claim.place, 1, "place");
        VM.assertTrue(claim.state == ITrainingMarket.ClaimState.Posted, "state");
        VM.assertEq(bytes32(claim.digest), bytes32(bytes24(keccak256(abi.encode(result)))), "digest");
        VM.assertEq(market.getRound(taskId, 0).claims, 2, "claims");
        VM.assertEq(market.getRound(taskId, 0).lead, 0, "lead");
    }

    function test_PostClaim_Window_FirstAndLastSecond() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory result = twoResult();
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 0);
        VM.warp(schedule.score);
        sealAs(poster, taskId, 0, result);
        sealAs(rival, taskId, 0, result);
        bytes memory data = abi.encodeCall(ITrainingMarket.postClaim, (taskId, result, SALT, "file"));
        VM.warp(schedule.post - 1);
        refuse(poster, 0, data, tooEarly(schedule.post));
        VM.warp(schedule.post);
        postAs(poster, taskId, result);
        VM.warp(schedule.refute);
        refuse(rival, 0, data, wrongPhase(ITrainingMarket.Phase.Score, ITrainingMarket.Phase.Refute));
        VM.warp(schedule.refute - 1);
        postAs(rival, taskId, result);
    }

    function test_PostClaim_UnsealedOrTwice_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory result = twoResult();
        claimAs(poster, taskId, 0, result);
        bytes memory data = abi.encodeCall(ITrainingMarket.postClaim, (taskId, result, SALT, "file"));

        refuse(poster, 0, data, wrongClaim(poster, ITrainingMarket.ClaimState.Posted));
        refuse(rival, 0, data, wrongClaim(rival, ITrainingMarket.ClaimState.None));
    }

    function test_PostClaim_OtherResultOrSalt_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        ITrainingMarket.Result memory result = twoResult();
        sealAs(poster, taskId, 0, result);
        VM.warp(market.scheduleOf(taskId, 0).post);
        bytes24 sealed_ = market.claimOf(taskId, 0, poster).digest;
        refuse(
            poster,
            0,
            abi.encodeCall(ITrainingMarket.postClaim, (taskId, result, SPEC, "file")),
            abi.encodeWithSelector(
                ITrainingMarket.WrongResult.selector, sealed_, market.sealHash(taskId, 0, poster, result, SPEC)
            )
        );
        ++result.total;
        refuse(
            poster,
            0,
            abi.encodeCall(ITrainingMarket.postClaim, (taskId, result, SALT, "file")),
            abi.encodeWithSelector(
                ITrainingMarket.WrongResult.selector, sealed_, market.sealHash(taskId, 0, poster, result, SALT)
            )
        );
    }

    function test_ClaimBond_Final_PaysBondAndThird() public {
        uint256 taskId = publishScored();
        VM.expectEmit(address(market));
        emit ITrainingMarket.BondPaid(taskId, 0, poster, poster, BOND + FEE / 3);

        VM.prank(stranger);
        market.claimBond(taskId, 0, poster, poster, poster);

        VM.assertEq(poster.balance, FUNDS + FEE / 3, "bond and a third");
        refuse(
            poster,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, poster, poster, poster)),
            wrongClaim(poster, ITrainingMarket.ClaimState.Paid)
        );
    }

    /// @dev Three of the same mind share; a fourth and one of another mind get their bonds alone.
    function test_ClaimBond_FourSameAndOneOther_ThreeShare() public {
        uint256 taskId = publishOpened(defaultTerms());
        address[5] memory who = [poster, carol, rival, stranger, sponsor];
        uint256[5] memory before = _claimAll(taskId, who);

        // The leader's own bond first: the others' must not need it to be unpaid.
        for (uint256 i = 0; i < 5; ++i) {
            market.claimBond(taskId, 0, who[i], poster, who[i]);
        }

        VM.assertEq(poster.balance, before[0] + FEE / 3, "first");
        VM.assertEq(carol.balance, before[1], "another result");
        VM.assertEq(rival.balance, before[2] + FEE / 3, "third");
        VM.assertEq(stranger.balance, before[3], "fourth");
        VM.assertEq(sponsor.balance, before[4], "fifth");
    }

    function test_ClaimBond_BeforeFinal_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        claimAs(poster, taskId, 0, twoResult());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);

        refuse(
            poster,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, poster, poster, poster)),
            wrongOutcome(ITrainingMarket.Outcome.Scored, ITrainingMarket.Outcome.None)
        );
    }

    /// @dev Silence after a seal costs the bond.
    function test_ClaimBond_SealedOnly_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(rival, taskId, 0, twoResult());
        claimAs(poster, taskId, 0, twoResult());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, twoResult());

        refuse(
            rival,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, rival, poster, rival)),
            wrongClaim(rival, ITrainingMarket.ClaimState.Sealed)
        );
        refuse(
            poster,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, poster, rival, poster)),
            wrongClaim(rival, ITrainingMarket.ClaimState.Sealed)
        );
        refuse(
            carol,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, carol, poster, carol)),
            wrongClaim(carol, ITrainingMarket.ClaimState.None)
        );
    }

    /// @dev Beside what is final: not before nobody can let it fall any more.
    function test_ClaimBond_OtherResultDemanded_WaitsUntilSettled() public {
        uint256 taskId = publishOpened(defaultTerms());
        _claimAll(taskId, [poster, carol, rival, stranger, sponsor]);
        ITrainingMarket.Result memory other = twoResult();
        other.traceRoot = "another";
        uint256 settled = block.timestamp + 600;
        settleAt(taskId, 0, other, settled);
        bytes memory data = abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, carol, poster, carol));
        refuse(carol, 0, data, tooEarly(settled));
        market.claimBond(taskId, 0, rival, poster, rival); // Who says what is final does not wait.
        VM.warp(settled - 1);
        refuse(carol, 0, data, tooEarly(settled));
        VM.warp(settled);
        market.claimBond(taskId, 0, carol, poster, carol);

        VM.assertEq(carol.balance, FUNDS, "its bond");
    }

    function test_ClaimBond_Fallen_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        _claimAll(taskId, [poster, carol, rival, stranger, sponsor]);
        ITrainingMarket.Result memory other = twoResult();
        other.traceRoot = "another";
        fall(taskId, 0, other, rival);
        bytes memory data = abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, carol, poster, carol));
        refuse(carol, 0, data, wrongClaim(carol, ITrainingMarket.ClaimState.Fallen));
        market.strike(taskId, 0, carol);
        refuse(carol, 0, data, wrongClaim(carol, ITrainingMarket.ClaimState.Fallen));
    }

    /// @dev The claim that decided falls later: nothing of what it decided changes, and others' bonds come back by it.
    function test_ClaimBond_LeaderFellLater_PaysOthers() public {
        uint256 taskId = publishOpened(defaultTerms());
        _claimAll(taskId, [poster, carol, rival, stranger, sponsor]);
        fall(taskId, 0, twoResult(), carol);
        market.strike(taskId, 0, poster);
        uint256 before = carol.balance;
        market.claimBond(taskId, 0, carol, poster, carol);

        VM.assertEq(carol.balance, before + BOND, "its bond");
        refuse(
            rival,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, rival, poster, rival)),
            wrongClaim(rival, ITrainingMarket.ClaimState.Fallen)
        );
    }

    /// @dev The three from the final one on: who was struck before it is not counted, who was after it is.
    function test_ClaimBond_LeaderIsSecond_PaysSharesFromThere() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory lie = twoResult();
        lie.traceRoot = "a lie";
        address[5] memory who = [carol, poster, rival, stranger, sponsor];
        uint256[5] memory before;
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        for (uint256 i = 0; i < 5; ++i) {
            before[i] = who[i].balance;
            sealAs(who[i], taskId, 0, i == 0 ? lie : twoResult());
        }
        VM.warp(market.scheduleOf(taskId, 0).post);
        for (uint256 i = 0; i < 5; ++i) {
            postAs(who[i], taskId, i == 0 ? lie : twoResult());
        }
        fall(taskId, 0, lie, bob);
        market.strike(taskId, 0, carol);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, twoResult());
        for (uint256 i = 1; i < 5; ++i) {
            market.claimBond(taskId, 0, who[i], poster, who[i]);
            VM.assertEq(who[i].balance, before[i] + (i < 4 ? FEE / 3 : 0), "a third for three");
        }
    }

    function test_ClaimBond_WrongLeader_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        _claimAll(taskId, [poster, carol, rival, stranger, sponsor]);

        refuse(
            carol,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, carol, carol, carol)),
            abi.encodeWithSelector(ITrainingMarket.NotLeading.selector, 0, 1)
        );
    }

    function test_ClaimBond_OtherRecipient_OnlyByClaimant() public {
        uint256 taskId = publishScored();
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, poster, poster, stranger)),
            notYours(poster, stranger)
        );

        VM.prank(poster);
        market.claimBond(taskId, 0, poster, poster, carol);

        VM.assertEq(carol.balance, FUNDS + BOND + FEE / 3, "where the claimant says");
    }

    function test_ClaimBond_ClaimantRefuses_StaysClaimable() public {
        RefusingRecipient refusing = new RefusingRecipient();
        address who = address(refusing);
        VM.deal(who, FUNDS);
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory result = twoResult();
        claimAs(who, taskId, 0, result);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, who, result);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, who, who, who)),
            paymentFailed(who, BOND + FEE / 3)
        );

        VM.prank(who);
        market.claimBond(taskId, 0, who, who, carol);

        VM.assertEq(carol.balance, FUNDS + BOND + FEE / 3, "where the claimant says");
    }

    /// @dev All five claim, the second another result; the first is final.
    function _claimAll(uint256 taskId, address[5] memory who) private returns (uint256[5] memory before) {
        ITrainingMarket.Result memory result = twoResult();
        ITrainingMarket.Result memory other = twoResult();
        other.traceRoot = "another";
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        for (uint256 i = 0; i < 5; ++i) {
            before[i] = who[i].balance;
            sealAs(who[i], taskId, 0, i == 1 ? other : result);
        }
        VM.warp(market.scheduleOf(taskId, 0).post);
        for (uint256 i = 0; i < 5; ++i) {
            postAs(who[i], taskId, i == 1 ? other : result);
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, who[0], result);
    }
}
