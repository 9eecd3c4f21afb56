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
/// @dev Where only a refuter can stop an attack, the test says so and holds what holds without one.
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

    /// @dev A false claim by anybody. Completed by the refuter: until then it is final. What holds now: it takes no more
    /// than the round's pool, nothing returns to the sponsor, and no other task pays.
    function test_Attack_FalseClaimByAnyone_TakesNoMoreThanItsRound() public {
        publish();
        uint256 taskId = publishOpened(defaultTerms());
        uint256 sponsorBefore = sponsor.balance;
        uint256 held = address(market).balance;
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = Trees.result(0, stranger, type(uint64).max);
        leaves[1] = Trees.result(1, stranger, type(uint64).max);
        ITrainingMarket.Result memory result = resultOf(leaves, type(uint64).max);
        claimAs(stranger, taskId, 0, result);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, stranger, result);
        market.claimReward(taskId, 0, 0, stranger, type(uint64).max, Trees.proof(leaves, 0, 0), stranger);
        refuse(
            stranger,
            0,
            abi.encodeCall(
                ITrainingMarket.claimReward,
                (taskId, 0, 1, stranger, type(uint64).max, Trees.proof(leaves, 0, 1), stranger)
            ),
            abi.encodeWithSelector(ITrainingMarket.AboveRemaining.selector, FIRST, 0)
        );
        market.claimBond(taskId, 0, stranger, stranger, stranger);

        VM.assertEq(sponsor.balance, sponsorBefore, "nothing returns to the sponsor");
        VM.assertEq(address(market).balance, held - FIRST - FEE / 3, "one round's pool and one share");
        VM.assertEq(market.getTask(taskId).carried, 0, "the later rounds keep their own parts");
    }

    /// @dev The same where the terms end early: a claim that lies of the target takes what later rounds would have paid.
    /// Completed by the refuter. What holds now: it takes no more than its task holds, and returns nothing.
    function test_Attack_FalseTargetByAnyone_TakesNoMoreThanItsTask() public {
        publish();
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.targetRight = 7;
        uint256 taskId = publishOpened(terms);
        uint256 sponsorBefore = sponsor.balance;
        uint256 held = address(market).balance;
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = Trees.result(0, stranger, TARGET);
        ITrainingMarket.Result memory result = resultOf(leaves, TARGET);
        claimAs(stranger, taskId, 0, result);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, stranger, result);
        market.claimReward(taskId, 0, 0, stranger, TARGET, noProof(), stranger);
        market.claimBond(taskId, 0, stranger, stranger, stranger);

        VM.assertEq(sponsor.balance, sponsorBefore, "nothing returns to the sponsor");
        VM.assertEq(address(market).balance, held - POOL - FEE / 3, "one task's pool and one share");
    }

    /// @dev A false claim does not keep the honest one out: rivals stand side by side, and the honest bond comes back.
    function test_Attack_FalseClaimBesideHonest_DoesNotBlockIt() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory honest = twoResult();
        ITrainingMarket.Result memory lie = twoResult();
        lie.traceRoot = "a lie";
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(rival, taskId, 0, lie);
        sealAs(poster, taskId, 0, honest);
        VM.warp(market.scheduleOf(taskId, 0).post);
        postAs(rival, taskId, lie);
        postAs(poster, taskId, honest);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, rival, lie);

        market.claimBond(taskId, 0, poster, rival, poster);

        VM.assertEq(poster.balance, FUNDS, "the honest bond");
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

    /// @dev A claim with the hash of a wrong model. Completed by the refuter. What holds now: nothing returns to the
    /// sponsor, and the next round can be committed to, revealed and finalised.
    function test_Attack_WrongModel_ReturnsNothingAndStopsNothing() public {
        uint256 taskId = publish();
        uint256 before = sponsor.balance;
        ITrainingMarket.Result memory result = twoResult();
        result.modelRoot = "no model";
        scoreRound(taskId, 0, result);
        scoreRound(taskId, 1, twoResult());

        VM.assertEq(sponsor.balance, before, "nothing back");
        VM.assertEq(market.getTask(taskId).finalised, 2, "both rounds end");
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
