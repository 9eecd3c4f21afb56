// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {BurningRecipient, RefusingRecipient} from "./fixtures/Recipients.sol";
import {LyingToken} from "./fixtures/Tokens.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title AttacksTest
/// @author The Research authors
/// @notice What was played on earlier markets, a test each: the attacker ends with no more than it began with.
/// @dev What makes a claim fall is the refuter's, and its tests'; here it says so, and the market must do its part.
contract AttacksTest is MarketTest {
    /// @dev Garbage accounts, and nobody who scores: nothing is split by heads, the round's pool is burned.
    function test_Attack_GarbageAccountsAndNobodyScores_GainNothing() public {
        uint256 taskId = publish();
        address[] memory sybils = _sybils(taskId, 45);
        openKeys(taskId, 0);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        finalise(taskId, 0);

        VM.assertEq(outcomeOf(taskId, 0), uint256(ITrainingMarket.Outcome.Unscored), "outcome");
        for (uint256 i = 0; i < sybils.length; ++i) {
            VM.prank(sybils[i]);
            market.withdrawStake(taskId, sybils[i]);
            VM.assertEq(sybils[i].balance, STAKE, "its own stake");
        }
    }

    /// @dev Garbage accounts beside honest ones: what has no points has no share, however many there are.
    function test_Attack_GarbageAccountsBesideHonest_GainNothing() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        address[] memory sybils = _sybils(taskId, 45);
        VM.warp(market.scheduleOf(taskId, 0).reveal);
        revealAs(alice, taskId, 0);
        openKeys(taskId, 0);
        bytes32[] memory leaves = new bytes32[](46);
        for (uint256 i = 0; i < 45; ++i) {
            leaves[i] = Trees.result(i, sybils[i], 0);
        }
        leaves[45] = Trees.result(45, alice, TARGET);
        ITrainingMarket.Result memory result = resultOf(leaves, TARGET);
        claimAs(poster, taskId, 0, result);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, result);
        market.claimReward(taskId, 0, 45, alice, TARGET, Trees.proof(leaves, 0, 45), alice);
        market.claimReward(taskId, 0, 7, sybils[7], 0, Trees.proof(leaves, 0, 7), sybils[7]);

        VM.assertEq(alice.balance, FUNDS - STAKE + FIRST, "the honest account has it all");
        VM.assertEq(sybils[7].balance, 0, "and a sybil nothing");
    }

    /// @dev A false claim by anybody, opened first: it falls, the honest one decides, and the liar has lost its bond.
    function test_Attack_FalseClaimByAnyone_FallsAndCostsItsBond() public {
        publish();
        uint256 taskId = publishOpened(defaultTerms());
        uint256 held = address(market).balance;
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = Trees.result(0, stranger, type(uint64).max);
        ITrainingMarket.Result memory lie = resultOf(leaves, type(uint64).max);
        _claimBoth(taskId, stranger, lie, poster, twoResult());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        fall(taskId, 0, lie, rival);
        // From now on nothing makes it final, struck or not.
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, stranger, lie)),
            wrongClaim(stranger, ITrainingMarket.ClaimState.Fallen)
        );
        market.strike(taskId, 0, stranger);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, stranger, lie)),
            wrongClaim(stranger, ITrainingMarket.ClaimState.Fallen)
        );
        market.finalise(taskId, 0, poster, twoResult());
        rewardAlice(taskId, 0);
        rewardBob(taskId, 0);
        market.claimBond(taskId, 0, poster, poster, poster);

        VM.assertEq(stranger.balance, FUNDS - BOND, "the liar");
        VM.assertEq(rival.balance, FUNDS + BOND / 2, "who refuted");
        VM.assertEq(poster.balance, FUNDS + FEE / 3, "the honest claimant");
        VM.assertEq(alice.balance, FUNDS - STAKE + 1.5 ether, "the owners");
        // Two bonds came in after `held`: of the liar's, half is burned.
        VM.assertEq(address(market).balance, held + BOND / 2 - 2 ether - FEE / 3, "to the wei");
    }

    /// @dev The same where the terms end early: a claim that lies of the target does not take what later rounds pay.
    function test_Attack_FalseTargetByAnyone_FallsAndEndsNothing() public {
        ITrainingMarket.Terms memory terms = keyTerms(2, 16);
        (terms.stake, terms.targetRight) = (STAKE, 8);
        uint256 taskId = publishOpened(terms);
        ITrainingMarket.Result memory lie = twoResult();
        lie.right = 8;
        _claimBoth(taskId, stranger, lie, poster, twoResult());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        fall(taskId, 0, lie, rival);
        market.strike(taskId, 0, stranger);
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getTask(taskId).terms.rounds, 2, "the task goes on");
        VM.assertEq(market.getRound(taskId, 0).pool, FIRST, "and pays the round's own part");
    }

    /// @dev Nobody honest claims, and one who looks makes the lie fall: the pool is burned, and not the liar's.
    function test_Attack_FalseClaimAlone_BurnsPool() public {
        uint256 taskId = publishOpened(defaultTerms());
        claimAs(sponsor, taskId, 0, twoResult());
        uint256 before = sponsor.balance;
        fall(taskId, 0, twoResult(), rival);
        market.strike(taskId, 0, sponsor);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        finalise(taskId, 0);

        VM.assertEq(outcomeOf(taskId, 0), uint256(ITrainingMarket.Outcome.Unscored), "outcome");
        VM.assertEq(sponsor.balance, before, "nothing for the liar");
        VM.assertEq(market.getTask(taskId).carried, 0, "nor for later rounds");
    }

    /// @dev Forty lies in front of the honest claim, by as many accounts: each falls on its own, none holds up the others.
    function test_Attack_ManyFalseClaims_CostTheirBondsAndHoldUpNothing() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        ITrainingMarket.Result memory lie = twoResult();
        for (uint256 i = 0; i < 40; ++i) {
            VM.deal(VM.addr(1000 + i), BOND);
            lie.traceRoot = bytes32(i);
            sealAs(VM.addr(1000 + i), taskId, 0, lie);
        }
        sealAs(poster, taskId, 0, twoResult());
        VM.warp(market.scheduleOf(taskId, 0).post);
        for (uint256 i = 0; i < 40; ++i) {
            lie.traceRoot = bytes32(i);
            postAs(VM.addr(1000 + i), taskId, lie);
            fall(taskId, 0, lie, rival);
        }
        postAs(poster, taskId, twoResult());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        for (uint256 i = 0; i < 40; ++i) {
            market.strike(taskId, 0, VM.addr(1000 + i));
        }
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(rival.balance, FUNDS + 40 * uint256(BOND / 2), "whoever looks is paid for each");
        VM.assertEq(outcomeOf(taskId, 0), uint256(ITrainingMarket.Outcome.Scored), "at the round's end");
    }

    /// @dev A claimant refutes its own lie by another account: a quarter of the bond is lost at any base fee.
    function test_Attack_SelfRefutation_LosesAtLeastAQuarter() public {
        uint256[3] memory fees = [uint256(0), 100 gwei, 1_000_000 gwei];
        for (uint256 i = 0; i < 3; ++i) {
            uint256 state = VM.snapshotState();
            uint256 taskId = publishOpened(defaultTerms());
            claimAs(stranger, taskId, 0, twoResult());
            fall(taskId, 0, twoResult(), carol);
            VM.fee(fees[i]);
            market.strike(taskId, 0, stranger);
            VM.assertLe(stranger.balance + carol.balance, 2 * FUNDS - BOND / 4, "a quarter");
            VM.revertToState(state);
        }
    }

    /// @dev A winner that takes no money holds up nothing: its part is burned too.
    function test_Attack_WinnerRefusesPayment_HoldsUpNothing() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory lie = twoResult();
        lie.traceRoot = "a lie";
        _claimBoth(taskId, stranger, lie, poster, twoResult());
        fall(taskId, 0, lie, address(new BurningRecipient()));
        market.strike(taskId, 0, stranger);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(outcomeOf(taskId, 0), uint256(ITrainingMarket.Outcome.Scored), "outcome");
    }

    /// @dev Demands of every level of the leading claim, as late as they are taken, in terms that a public chain takes: the
    /// round that reached its target is final before the next one's commitments close all the same.
    function test_Attack_DemandsAgainstEarlyEnd_DoNotStopIt() public {
        VM.chainId(1);
        ITrainingMarket.Terms memory terms = publicTerms();
        (terms.keys, terms.targetRight, terms.commitSeconds) = (14, 7, 15 days);
        terms.programRoot = programRootOf(2, 14);
        uint256 taskId = publishOpened(terms);
        claimAs(poster, taskId, 0, twoResult());
        // Eight levels below the root: a trace of 2^32 leaves.
        uint256 settled = market.caseOf(taskId, 0, poster).base + 10 * uint256(36 hours);
        settleAt(taskId, 0, twoResult(), settled);
        VM.warp(settled);
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getTask(taskId).terms.rounds, 1, "it ends");
    }

    /// @dev A sponsor that does not like the records that the chain chose, or does not care: anybody pins. Where nobody
    /// does, nothing is opened and the pool is burned.
    function test_Attack_SponsorDoesNotPin_LosesPool() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        VM.prank(sponsor);
        uint256 taskId = market.publish{value: due(terms)}(SPEC, terms);
        uint256 paid = sponsor.balance;
        revealBoth(taskId, 0);
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
        (bytes memory keys, bytes32[] memory siblings) = keyChunk(0, 4, 0);
        refuse(
            sponsor,
            0,
            abi.encodeCall(ITrainingMarket.openKeys, (taskId, roundProof(taskId, 0), keys, siblings)),
            abi.encodeWithSelector(ITrainingMarket.NotPinned.selector, taskId)
        );
        uint256 state = VM.snapshotState();
        VM.roll(block.number + 256);
        VM.prank(stranger);
        market.pin(taskId);
        openKeys(taskId, 0);
        VM.revertToState(state);
        _close(taskId);

        VM.assertEq(outcomeOf(taskId, 0), uint256(ITrainingMarket.Outcome.Unopened), "outcome");
        VM.assertEq(sponsor.balance, paid, "nothing back");
    }

    /// @dev A sponsor that keeps its keys burns its pool: with sybils among the participants or without.
    function test_Attack_SponsorNeverOpensKeys_LosesPoolAndGainsNothing() public {
        uint256 taskId = publish();
        uint256 paid = sponsor.balance;
        address[] memory sybils = _sybils(taskId, 3);
        _close(taskId);

        VM.assertEq(outcomeOf(taskId, 0), uint256(ITrainingMarket.Outcome.Unopened), "outcome");
        VM.assertEq(sponsor.balance, paid, "nothing back of the first round");
        for (uint256 i = 0; i < sybils.length; ++i) {
            refuse(
                sybils[i],
                0,
                abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, i, sybils[i], 1, noProof(), sybils[i])),
                wrongOutcome(ITrainingMarket.Outcome.Scored, ITrainingMarket.Outcome.Unopened)
            );
        }
        refuse(
            sponsor,
            0,
            abi.encodeCall(ITrainingMarket.refund, (taskId, 0, sponsor)),
            wrongOutcome(ITrainingMarket.Outcome.Empty, ITrainingMarket.Outcome.Unopened)
        );
    }

    /// @dev Whatever a sponsor leaves undone, it ends with no more than a sponsor that did its part.
    function test_Attack_AnyOmissionOfSponsor_GainsItNothing() public {
        uint256 state = VM.snapshotState();
        uint256 honest = _sponsorAfter(3);
        for (uint256 kind = 1; kind < 3; ++kind) {
            VM.revertToState(state);
            state = VM.snapshotState();
            VM.assertLe(_sponsorAfter(kind), honest, "an omission pays");
        }
    }

    /// @dev Even a claim of zero points, which the sponsor posts itself, returns nothing to it.
    function test_Attack_SponsorPostsZeroPoints_GetsNothingBack() public {
        uint256 taskId = publish();
        uint256 before = sponsor.balance;
        for (uint256 round = 0; round < 2; ++round) {
            revealBoth(taskId, round);
            openKeys(taskId, round);
            ITrainingMarket.Result memory nothing = resultOf(twoLeaves(), 0);
            claimAs(sponsor, taskId, round, nothing);
            warpTo(taskId, round, ITrainingMarket.Phase.Closed);
            market.finalise(taskId, round, sponsor, nothing);
            market.claimBond(taskId, round, sponsor, sponsor, sponsor);
        }

        // Bonds come back, and a third of each audit fee: one poster's share of what it paid itself.
        VM.assertEq(sponsor.balance, before + 2 * (FEE / 3), "not a wei of the pool");
        VM.assertEq(market.getTask(taskId).carried, 0, "it is burned");
    }

    /// @dev A claim with the hash of a wrong model, and all else right: it falls, and the next round starts from the right
    /// one.
    function test_Attack_WrongModel_Falls() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory lie = twoResult();
        lie.modelRoot = "no model";
        _claimBoth(taskId, stranger, lie, poster, twoResult());
        fall(taskId, 0, lie, rival);
        market.strike(taskId, 0, stranger);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getRound(taskId, 0).modelRoot, twoResult().modelRoot, "the right one");
        VM.assertEq(market.caseOf(taskId, 1, poster).model, twoResult().modelRoot, "from which round 1 starts");
        VM.assertEq(stranger.balance, FUNDS - BOND, "the liar");
    }

    /// @dev A file withheld after the score: what a claim pays needs the results in its event's file, which anybody
    /// recomputes from what is on chain. Here: the reward is claimed with nothing but the claim's leaves.
    function test_Attack_UpdateWithheldAfterScore_RewardNeedsNoFile() public {
        uint256 taskId = publishScored();
        VM.warp(block.timestamp + 365 days);

        rewardAlice(taskId, 0);

        VM.assertEq(alice.balance, FUNDS - STAKE + 1.5 ether, "paid");
    }

    /// @dev A piece withheld before the score: out for everybody, stake burned, and the demander has its fee back.
    function test_Attack_UpdatePieceWithheld_IsOutForEverybody() public {
        uint256 taskId = publishRevealed();
        demandAs(stranger, taskId, pieceOf(bob, taskId, 0, 1, 0), 0.1 ether);
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
        market.forfeitStake(taskId, bob);
        market.reclaimFee(taskId, 0, bob, 0, stranger);

        VM.assertTrue(market.isOut(taskId, 0, 1), "out");
        VM.assertEq(bob.balance, FUNDS - STAKE, "the stake is burned");
        VM.assertEq(stranger.balance, FUNDS, "asking cost nothing");
    }

    /// @dev Demands for what is there cost whoever asks, and pay the participant.
    function test_Attack_DemandsAgainstHonest_PayTheHonest() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.updateBytes = uint32(3 * PIECE);
        uint256 taskId = publish(terms);
        revealBoth(taskId, 0);
        VM.fee(10 gwei);
        uint256 each = market.demandFee();
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            demandAs(rival, taskId, pieceOf(alice, taskId, 0, 0, chunk), each);
        }
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            answerAs(alice, taskId, 0, pieceOf(alice, taskId, 0, 0, chunk));
        }

        VM.assertFalse(market.isOut(taskId, 0, 0), "in");
        VM.assertEq(alice.balance, FUNDS - STAKE + 3 * each, "paid for half of its gas");
        VM.assertEq(rival.balance, FUNDS - 3 * each, "the attacker paid");
    }

    /// @dev Whoever demands copies each answer, and its copy is mined first: the fees go to the participant all the same.
    function test_Attack_DemanderCopiesAnswers_PaysTheHonest() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.updateBytes = uint32(3 * PIECE);
        uint256 taskId = publish(terms);
        revealBoth(taskId, 0);
        VM.fee(10 gwei);
        uint256 each = market.demandFee();
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            demandAs(rival, taskId, pieceOf(alice, taskId, 0, 0, chunk), each);
        }
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            uint256 before = rival.balance;
            answerAs(rival, taskId, 0, pieceOf(alice, taskId, 0, 0, chunk));
            VM.assertLe(rival.balance, before, "a copy pays");
        }

        VM.assertFalse(market.isOut(taskId, 0, 0), "in");
        VM.assertEq(alice.balance, FUNDS - STAKE + 3 * each, "paid without gas of its own");
        VM.assertEq(rival.balance, FUNDS - 3 * each, "the attacker paid");
    }

    function test_Attack_TrapTerms_RefusedOnPublicChains() public {
        VM.chainId(1);
        ITrainingMarket.Terms memory terms = publicTerms();
        terms.revealSeconds = 1;
        _refused(terms, "revealSeconds", 1, 12 hours, 90 days);
        terms = publicTerms();
        terms.answerSeconds = 2;
        _refused(terms, "answerSeconds", 2, 1 days, 90 days);
        terms = publicTerms();
        terms.scoreSeconds = 11;
        _refused(terms, "scoreSeconds", 11, 1 days, 90 days);
        terms = publicTerms();
        terms.refuteSeconds = 13;
        _refused(terms, "refuteSeconds", 13, 36 hours, 14 days);
    }

    function test_Attack_HugeStakes_Refused() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.stake = 1 ether + 1;
        _refused(terms, "stake", 1 ether + 1, 1, 1 ether);
        (terms.pool, terms.stake) = (0.8 ether, 0.1 ether + 1);
        _refused(terms, "stake", 0.1 ether + 1, 1, 0.1 ether);
        (terms.stake, terms.bond) = (0.1 ether, type(uint64).max);
        _refused(terms, "bond", type(uint64).max, 1, 10 ether);
    }

    /// @dev Burned stakes are no income: twenty victims' stakes bring the sponsor nothing.
    function test_Attack_SilentVictimsStakes_DoNotReachSponsor() public {
        uint256 taskId = publish();
        for (uint256 i = 0; i < 20; ++i) {
            fund(VM.addr(1000 + i));
            commitAs(VM.addr(1000 + i), taskId, 0, STAKE);
        }
        _close(taskId);
        market.refund(taskId, 0, sponsor);
        for (uint256 i = 0; i < 20; ++i) {
            market.forfeitStake(taskId, VM.addr(1000 + i));
        }

        VM.assertEq(sponsor.balance, FUNDS - SECOND - FEE, "the empty round's part and fee, and no stake");
    }

    /// @dev A token that only its sponsor can move pays nobody, and is never said to have paid.
    function test_Attack_TokenThatDoesNotMove_IsNeverBookedAsPaid() public {
        LyingToken liar = new LyingToken();
        liar.mint(sponsor, POOL);
        VM.prank(sponsor);
        liar.approve(address(market), POOL);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(liar);
        uint256 taskId = publishScored(terms);
        liar.lie(LyingToken.Lie.Nothing);
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 0);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, proof, alice)),
            abi.encodeWithSelector(ITrainingMarket.WrongTokenMove.selector, 1.5 ether, 0)
        );
        VM.assertFalse(market.isPaid(taskId, 0, 0), "not booked");
        VM.prank(alice);
        market.withdrawStake(taskId, alice);
        VM.assertEq(alice.balance, FUNDS, "its ETH does not hang on the token");
    }

    /// @dev A token's lies do not touch the pools of other tasks in the same token.
    function test_Attack_TokenTakesTwice_LeavesOtherTasksPoolAlone() public {
        LyingToken liar = new LyingToken();
        liar.mint(sponsor, 2 * uint256(POOL));
        VM.prank(sponsor);
        liar.approve(address(market), type(uint256).max);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(liar);
        publish(terms);
        uint256 taskId = publishScored(terms);
        liar.lie(LyingToken.Lie.TakesTwice);
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 0);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, proof, alice)),
            abi.encodeWithSelector(ITrainingMarket.WrongTokenMove.selector, 1.5 ether, 3 ether)
        );
        VM.assertEq(liar.balanceOf(address(market)), 2 * uint256(POOL), "both pools");
    }

    /// @dev A sponsor that takes no ETH holds up nobody, and finds another account for its refund.
    function test_Attack_SponsorRefusesEth_HoldsUpNobody() public {
        RefusingRecipient refusing = new RefusingRecipient();
        ITrainingMarket.Terms memory terms = defaultTerms();
        VM.deal(address(refusing), due(terms));
        refusing.send(address(market), due(terms), abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)));
        pin(1);
        scoreRound(1, 0, twoResult());
        rewardAlice(1, 0);
        rewardBob(1, 0);
        warpTo(1, 1, ITrainingMarket.Phase.Closed);
        finalise(1, 1);
        refusing.send(address(market), 0, abi.encodeCall(ITrainingMarket.refund, (1, 1, carol)));

        VM.assertEq(alice.balance, FUNDS - STAKE + 1.5 ether, "paid");
        VM.assertEq(carol.balance, FUNDS + SECOND + FEE, "not stuck");
    }

    /// @dev A participant that burns all gas costs whoever pays it a bounded sum, and nobody else anything.
    function test_Attack_RecipientBurnsAllGas_CostsOthersLittle() public {
        BurningRecipient burning = new BurningRecipient();
        address who = address(burning);
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = Trees.result(0, who, 50);
        leaves[1] = Trees.result(1, bob, 50);
        uint256 taskId = publish();
        ITrainingMarket.Result memory result = resultOf(leaves, 100);
        scoreRound(taskId, 0, result);
        bytes32[] memory proof = Trees.proof(leaves, 0, 0);
        uint256 before = gasleft();
        (bool success,) =
            address(market).call(abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, who, 50, proof, who)));
        VM.assertFalse(success, "refused");
        VM.assertLe(before - gasleft(), 150_000, "bounded");

        market.claimReward(taskId, 0, 1, bob, 50, Trees.proof(leaves, 0, 1), bob);

        VM.assertEq(bob.balance, FUNDS - STAKE + 2.5 ether, "the others are paid");
    }

    /// @dev Whoever looks is paid for it, and no more than the terms hold.
    function test_Attack_ScorersShares_SumToNoMoreThanFee() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory result = twoResult();
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        for (uint256 i = 0; i < 6; ++i) {
            fund(VM.addr(1000 + i));
            sealAs(VM.addr(1000 + i), taskId, 0, result);
        }
        VM.warp(market.scheduleOf(taskId, 0).post);
        for (uint256 i = 0; i < 6; ++i) {
            postAs(VM.addr(1000 + i), taskId, result);
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, VM.addr(1000), result);
        uint256 shares;
        for (uint256 i = 0; i < 6; ++i) {
            market.claimBond(taskId, 0, VM.addr(1000 + i), VM.addr(1000), VM.addr(1000 + i));
            shares += VM.addr(1000 + i).balance - FUNDS;
        }

        VM.assertEq(VM.addr(1000).balance, FUNDS + FEE / 3, "looking pays");
        VM.assertEq(shares, 3 * (FEE / 3), "three shares of six");
    }

    /// @dev A commitment seen in the mempool is worth nothing to another account, sent before or after its owner's.
    function test_Attack_CopiedCommitment_NeverOpens() public {
        uint256 taskId = publish();
        bytes24 seen = commitmentOf(alice, taskId, 0);
        VM.prank(stranger);
        market.commit{value: STAKE}(taskId, seen, noProof());
        commitAs(alice, taskId, 0, STAKE);
        bytes32 root = rootOf(alice, taskId, 0);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealAs(alice, taskId, 0);

        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (taskId, root, SPEC, SALT)),
            abi.encodeWithSelector(
                ITrainingMarket.WrongReveal.selector, seen, market.commitmentHash(taskId, 0, stranger, root, SALT)
            )
        );
    }

    function test_Attack_CopiedSeal_NeverOpens() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory result = twoResult();
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        bytes24 seen = market.sealHash(taskId, 0, poster, result, SALT);
        VM.prank(stranger);
        market.sealClaim{value: BOND}(taskId, seen);
        sealAs(poster, taskId, 0, result);
        VM.warp(market.scheduleOf(taskId, 0).post);
        postAs(poster, taskId, result);

        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.postClaim, (taskId, result, SALT, "file")),
            abi.encodeWithSelector(
                ITrainingMarket.WrongResult.selector, seen, market.sealHash(taskId, 0, stranger, result, SALT)
            )
        );
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, result);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, stranger, poster, stranger)),
            wrongClaim(stranger, ITrainingMarket.ClaimState.Sealed)
        );
    }

    /// @dev A reveal says what a commitment hid, and fits no other round, task, market or chain.
    function test_Attack_ReplayedReveal_FitsNowhereElse() public {
        uint256 taskId = publish();
        uint256 other = publish();
        bytes24 seen = commitmentOf(alice, taskId, 0);
        VM.prank(alice);
        market.commit{value: STAKE}(other, seen, noProof());
        bytes32 root = rootOf(alice, taskId, 0);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (other, root, SPEC, SALT)),
            abi.encodeWithSelector(
                ITrainingMarket.WrongReveal.selector, seen, market.commitmentHash(other, 0, alice, root, SALT)
            )
        );
        VM.chainId(1);
        VM.assertTrue(market.commitmentHash(taskId, 0, alice, root, SALT) != seen, "another chain");
        VM.chainId(31_337);
        VM.assertTrue(market.commitmentHash(taskId, 1, alice, root, SALT) != seen, "another round");
        ITrainingMarket market2 = ITrainingMarket(VM.deployCode("TrainingMarket.sol:TrainingMarket"));
        VM.assertTrue(market2.commitmentHash(taskId, 0, alice, root, SALT) != seen, "another market");
    }

    /// @dev A participant that stays away when it sees that it loses has lost its stake.
    function test_Attack_RevealOnlyWhenWinning_CostsStake() public {
        uint256 taskId = publish();
        commitAs(stranger, taskId, 0, STAKE);
        revealBoth(taskId, 0);

        market.forfeitStake(taskId, stranger);

        VM.assertEq(stranger.balance, FUNDS - STAKE, "burned");
    }

    /// @dev A seal opened only when it suits costs its bond.
    function test_Attack_SealAndSilence_CostsBond() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(stranger, taskId, 0, twoResult());
        _close(taskId);

        VM.assertEq(stranger.balance, FUNDS - BOND, "burned");
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, stranger, stranger, stranger)),
            wrongClaim(stranger, ITrainingMarket.ClaimState.Sealed)
        );
    }

    /// @dev What the sponsor holds after a task in which the rounds are revealed, and then: 1: no keys; 2: keys, and no
    /// claim; 3: keys and an honest claim.
    function _sponsorAfter(uint256 kind) private returns (uint256) {
        uint256 taskId = publish();
        for (uint256 round = 0; round < 2; ++round) {
            revealBoth(taskId, round);
            if (kind > 1) openKeys(taskId, round);
            if (kind > 2) claimAs(poster, taskId, round, twoResult());
            warpTo(taskId, round, ITrainingMarket.Phase.Closed);
            market.finalise(taskId, round, poster, twoResult());
            (bool success,) = address(market).call(abi.encodeCall(ITrainingMarket.refund, (taskId, round, sponsor)));
            VM.assertFalse(success, "no refund");
        }
        return sponsor.balance;
    }

    /// @dev Accounts that commit and reveal at no cost but their stakes.
    function _sybils(uint256 taskId, uint256 count) private returns (address[] memory sybils) {
        sybils = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            sybils[i] = VM.addr(1000 + i);
            VM.deal(sybils[i], STAKE);
            commitAs(sybils[i], taskId, 0, STAKE);
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        for (uint256 i = 0; i < count; ++i) {
            revealAs(sybils[i], taskId, 0);
        }
        VM.warp(market.scheduleOf(taskId, 0).answer);
    }

    /// @dev The first posts first.
    function _claimBoth(
        uint256 taskId,
        address first,
        ITrainingMarket.Result memory one,
        address second,
        ITrainingMarket.Result memory other
    ) private {
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(first, taskId, 0, one);
        sealAs(second, taskId, 0, other);
        VM.warp(market.scheduleOf(taskId, 0).post);
        postAs(first, taskId, one);
        postAs(second, taskId, other);
    }

    function _close(uint256 taskId) private {
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        finalise(taskId, 0);
    }

    function _refused(
        ITrainingMarket.Terms memory terms,
        string memory field,
        uint256 value,
        uint256 least,
        uint256 most
    ) private {
        refuse(
            sponsor,
            due(terms),
            abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)),
            abi.encodeWithSelector(ITrainingMarket.TermOutOfRange.selector, field, value, least, most)
        );
    }
}
