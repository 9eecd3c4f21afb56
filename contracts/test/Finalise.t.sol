// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title FinaliseTest
/// @author The Research authors
/// @notice `finalise`: outcomes, carries, burns, to the wei.
contract FinaliseTest is MarketTest {
    function test_Finalise_Scored_PaysByPointsAndCarriesRest() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory result = twoResult();
        claimAs(poster, taskId, 0, result);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        VM.expectEmit(address(market));
        emit ITrainingMarket.RoundFinalised(taskId, 0, ITrainingMarket.Outcome.Scored, poster, FIRST, 3 ether, 0);

        VM.prank(stranger);
        market.finalise(taskId, 0, poster, result);

        ITrainingMarket.Round memory state = market.getRound(taskId, 0);
        VM.assertEq(state.pool, FIRST, "pool");
        VM.assertEq(state.remaining, 2 ether, "40 of 100 points");
        VM.assertEq(state.divisor, TARGET, "divisor");
        VM.assertEq(state.resultsRoot, result.resultsRoot, "results");
        VM.assertEq(state.modelRoot, result.modelRoot, "model");
        VM.assertEq(market.getTask(taskId).carried, 3 ether, "carried");
        VM.assertEq(market.getTask(taskId).finalised, 1, "finalised");
    }

    function test_Finalise_TotalAboveTarget_EarnsWholePool() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.target = 39;
        uint256 taskId = publishScored(terms);

        VM.assertEq(market.getRound(taskId, 0).divisor, 40, "the total divides");
        VM.assertEq(market.getRound(taskId, 0).remaining, FIRST, "all of it");
        VM.assertEq(market.getTask(taskId).carried, 0, "nothing left");
    }

    function test_Finalise_NoTarget_EarnsFromFirstPoint() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.target = 0;
        uint256 taskId = publishScored(terms);

        VM.assertEq(market.getRound(taskId, 0).remaining, FIRST, "all of it");
    }

    function test_Finalise_NoPointsAndNoTarget_CarriesAll() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.target = 0;
        uint256 taskId = publish(terms);
        scoreRound(taskId, 0, resultOf(twoLeaves(), 0));

        VM.assertEq(market.getRound(taskId, 0).remaining, 0, "nothing is earned");
        VM.assertEq(market.getTask(taskId).carried, FIRST, "all goes on");
        // Whoever has points where the total says none gets nothing, and nothing breaks.
        rewardAlice(taskId, 0);
        VM.assertEq(alice.balance, FUNDS - STAKE, "nothing");
    }

    function test_Finalise_CarriedPlusOwn_PaysInNextRound() public {
        uint256 taskId = publishScored();
        scoreRound(taskId, 1, twoResult());

        ITrainingMarket.Round memory state = market.getRound(taskId, 1);
        uint256 pool = SECOND + 3 ether;
        VM.assertEq(state.pool, pool, "own and carried");
        VM.assertEq(state.remaining, pool * 40 / 100, "earned");
        VM.assertEq(market.getTask(taskId).carried, 0, "the last round carries nothing");
    }

    function test_Finalise_LastRound_BurnsRest() public {
        uint256 taskId = publishScored();
        revealBoth(taskId, 1);
        openKeys(taskId, 1);
        claimAs(poster, taskId, 1, twoResult());
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        uint256 pool = SECOND + 3 ether;
        VM.expectEmit(address(market));
        emit ITrainingMarket.RoundFinalised(
            taskId, 1, ITrainingMarket.Outcome.Scored, poster, pool, 0, pool - pool * 40 / 100
        );

        market.finalise(taskId, 1, poster, twoResult());
    }

    function test_Finalise_Empty_KeepsOwnForSponsorAndPassesCarryOn() public {
        uint256 taskId = publishScored();
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        VM.expectEmit(address(market));
        emit ITrainingMarket.RoundFinalised(taskId, 1, ITrainingMarket.Outcome.Empty, address(0), SECOND, 0, 3 ether);

        finalise(taskId, 1);

        VM.assertEq(market.getRound(taskId, 1).remaining, SECOND, "the sponsor's");
    }

    function test_Finalise_EmptyFirst_CarriesNothing() public {
        uint256 taskId = publish();
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        VM.expectEmit(address(market));
        emit ITrainingMarket.RoundFinalised(taskId, 0, ITrainingMarket.Outcome.Empty, address(0), FIRST, 0, 0);

        finalise(taskId, 0);

        VM.assertEq(market.getTask(taskId).carried, 0, "carried");
    }

    /// @dev A commitment alone is no reveal.
    function test_Finalise_CommittedOnly_IsEmpty() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);

        finalise(taskId, 0);

        VM.assertEq(outcomeOf(taskId, 0), uint256(ITrainingMarket.Outcome.Empty), "outcome");
    }

    function test_Finalise_Unopened_BurnsPoolWithCarry() public {
        uint256 taskId = publishScored();
        revealBoth(taskId, 1);
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        VM.expectEmit(address(market));
        emit ITrainingMarket.RoundFinalised(
            taskId, 1, ITrainingMarket.Outcome.Unopened, address(0), SECOND + 3 ether, 0, SECOND + 3 ether
        );

        finalise(taskId, 1);

        VM.assertEq(market.getRound(taskId, 1).remaining, 0, "nothing to pay");
    }

    function test_Finalise_Unscored_BurnsPool() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(poster, taskId, 0, twoResult());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        VM.expectEmit(address(market));
        emit ITrainingMarket.RoundFinalised(taskId, 0, ITrainingMarket.Outcome.Unscored, address(0), FIRST, 0, FIRST);

        finalise(taskId, 0);

        VM.assertEq(market.getTask(taskId).carried, 0, "a burned pool is not carried");
    }

    function test_Finalise_BeforeEnd_Reverts() public {
        uint256 taskId = publish();
        uint256 end = market.scheduleOf(taskId, 0).end;
        ITrainingMarket.Result memory none;
        VM.warp(end - 1);

        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, address(0), none)), tooEarly(end));
        VM.warp(end);
        finalise(taskId, 0);
    }

    function test_Finalise_OutOfOrderOrAgain_Reverts() public {
        uint256 taskId = publish();
        ITrainingMarket.Result memory none;
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 1, address(0), none)),
            abi.encodeWithSelector(ITrainingMarket.WrongRound.selector, 0, 1)
        );
        finalise(taskId, 0);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, address(0), none)),
            abi.encodeWithSelector(ITrainingMarket.WrongRound.selector, 1, 0)
        );
        finalise(taskId, 1);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 1, address(0), none)),
            abi.encodeWithSelector(ITrainingMarket.WrongRound.selector, 2, 1)
        );
    }

    function test_Finalise_NotTheLeader_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        ITrainingMarket.Result memory result = twoResult();
        ITrainingMarket.Result memory other = resultOf(twoLeaves(), 90);
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(poster, taskId, 0, result);
        sealAs(rival, taskId, 0, other);
        sealAs(carol, taskId, 0, other);
        VM.warp(market.scheduleOf(taskId, 0).post);
        postAs(poster, taskId, result);
        postAs(rival, taskId, other);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        refuse(
            rival,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, rival, other)),
            abi.encodeWithSelector(ITrainingMarket.NotLeading.selector, 0, 1)
        );
        refuse(
            carol,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, carol, other)),
            wrongClaim(carol, ITrainingMarket.ClaimState.Sealed)
        );
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, stranger, other)),
            wrongClaim(stranger, ITrainingMarket.ClaimState.None)
        );
        refuse(
            rival,
            0,
            abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, poster, other)),
            abi.encodeWithSelector(
                ITrainingMarket.WrongResult.selector,
                bytes24(keccak256(abi.encode(result))),
                bytes24(keccak256(abi.encode(other)))
            )
        );
        market.finalise(taskId, 0, poster, result);
    }

    /// @dev A claim that fell decides nothing, struck or not; then the next one does.
    function test_Finalise_LeaderFell_NextDecides() public {
        uint256 taskId = _twoClaims();
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        fall(taskId, 0, twoResult(), carol);
        bytes memory first = abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, poster, twoResult()));
        bytes memory second = abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, rival, _other()));
        refuse(stranger, 0, first, wrongClaim(poster, ITrainingMarket.ClaimState.Fallen));
        refuse(stranger, 0, second, abi.encodeWithSelector(ITrainingMarket.NotLeading.selector, 0, 1));
        market.strike(taskId, 0, poster);
        refuse(stranger, 0, first, wrongClaim(poster, ITrainingMarket.ClaimState.Fallen));
        market.finalise(taskId, 0, rival, _other());

        ITrainingMarket.Round memory state = market.getRound(taskId, 0);
        VM.assertTrue(state.outcome == ITrainingMarket.Outcome.Scored, "outcome");
        VM.assertEq(state.lead, 1, "the place of what is final");
        VM.assertEq(state.divisor, 90 > TARGET ? 90 : TARGET, "its total");
        VM.assertEq(state.remaining, FIRST * 90 / 100, "earned");
    }

    /// @dev A later claim's fall does not touch the leader.
    function test_Finalise_LaterClaimFell_LeaderDecides() public {
        uint256 taskId = _twoClaims();
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        fall(taskId, 0, _other(), carol);
        market.strike(taskId, 0, rival);
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getRound(taskId, 0).lead, 0, "lead");
    }

    /// @dev As if nobody had claimed. What fell cannot stand up again, so nobody waits.
    function test_Finalise_AllStruck_IsUnscored() public {
        uint256 taskId = _twoClaims();
        fall(taskId, 0, twoResult(), carol);
        fall(taskId, 0, _other(), carol);
        market.strike(taskId, 0, rival);
        market.strike(taskId, 0, poster);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        VM.expectEmit(address(market));
        emit ITrainingMarket.RoundFinalised(taskId, 0, ITrainingMarket.Outcome.Unscored, address(0), FIRST, 0, FIRST);

        market.finalise(taskId, 0, rival, _other());

        VM.assertEq(market.getRound(taskId, 0).lead, 2, "nobody");
        refuse(
            rival,
            0,
            abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, rival, rival, rival)),
            wrongClaim(rival, ITrainingMarket.ClaimState.Fallen)
        );
    }

    /// @dev While a demanded node may still be missing, what it belongs to decides nothing.
    function test_Finalise_LeaderDemanded_WaitsUntilSettled() public {
        uint256 taskId = _twoClaims();
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        uint256 settled = block.timestamp + 1200;
        settleAt(taskId, 0, twoResult(), settled);
        bytes memory data = abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, poster, twoResult()));
        refuse(stranger, 0, data, tooEarly(settled));
        VM.warp(settled - 1);
        refuse(stranger, 0, data, tooEarly(settled));
        VM.warp(settled);
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getRound(taskId, 0).finalisedAt, settled, "when");
    }

    /// @dev What is demanded of others holds up nobody.
    function test_Finalise_OthersDemanded_DoesNotWait() public {
        uint256 taskId = _twoClaims();
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        settleAt(taskId, 0, _other(), block.timestamp + 1200);

        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getRound(taskId, 0).finalisedAt, block.timestamp, "when");
    }

    /// @dev The round before was finalised late: only since then is it known what this round starts from, and only since
    /// then can its claims be refuted. So the window counts from then.
    function test_Finalise_RoundBeforeWasLate_WaitsAWindow() public {
        uint256 taskId = _twoClaims();
        revealBoth(taskId, 1);
        openKeys(taskId, 1);
        claimAs(poster, taskId, 1, twoResult());
        uint256 end = market.scheduleOf(taskId, 1).end;
        bytes memory data = abi.encodeCall(ITrainingMarket.finalise, (taskId, 1, poster, twoResult()));
        uint256[4] memory finals = [end - 601, end - 600, end - 599, end + 9400];
        for (uint256 i = 0; i < 4; ++i) {
            uint256 state = VM.snapshotState();
            VM.warp(finals[i]);
            market.finalise(taskId, 0, poster, twoResult());
            uint256 earliest = i == 0 ? end : finals[i] + 600;
            VM.warp(earliest - 1);
            refuse(stranger, 0, data, tooEarly(earliest));
            VM.warp(earliest);
            market.finalise(taskId, 1, poster, twoResult());
            VM.revertToState(state);
        }
    }

    /// @dev Rounds without a claim that could be refuted need no window of their own: late, they end at once.
    function test_Finalise_RoundBeforeWasLate_EmptyDoesNotWait() public {
        uint256 taskId = _twoClaims();
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, twoResult());

        finalise(taskId, 1);

        VM.assertEq(market.getRound(taskId, 1).modelRoot, twoResult().modelRoot, "the model of the round before");
    }

    /// @dev Whatever happens, the parts telescope: earned, refunded, burned and carried sum to the pool.
    function testFuzz_Finalise_AnyOutcomes_SumToPool(uint128 pool, uint8 rounds, uint256 kinds, uint64 total) public {
        rounds = uint8(bound(rounds, 1, 5));
        ITrainingMarket.Terms memory terms = keyTerms(rounds, 2);
        terms.pool = uint128(bound(pool, 1 ether, type(uint96).max));
        terms.target = uint64(bound(total, 0, 1000));
        VM.deal(sponsor, uint256(type(uint128).max));
        uint256 taskId = publish(terms);
        uint256 sum;
        for (uint256 round = 0; round < rounds; ++round) {
            uint256 carriedIn = market.getTask(taskId).carried;
            _play(taskId, round, uint8(kinds >> (8 * round)) % 4, total);
            ITrainingMarket.Round memory state = market.getRound(taskId, round);
            uint256 own = uint256(terms.pool) * (round + 1) / rounds - uint256(terms.pool) * round / rounds;
            uint256 carriedOut = market.getTask(taskId).carried;
            uint256 burned;
            if (state.outcome == ITrainingMarket.Outcome.Unopened || state.outcome == ITrainingMarket.Outcome.Unscored)
            {
                burned = own + carriedIn;
                VM.assertEq(carriedOut, 0, "a burned pool is not carried");
            } else if (round + 1 == rounds) {
                burned = own + carriedIn - state.remaining;
            } else {
                VM.assertEq(state.remaining + carriedOut, own + carriedIn, "nothing is lost in a round");
            }
            sum += state.remaining + burned;
        }

        VM.assertEq(sum + market.getTask(taskId).carried, terms.pool, "the pool");
        VM.assertEq(market.getTask(taskId).carried, 0, "nothing is left to carry");
    }

    /// @dev The poster's and then the rival's claim, in their score window.
    function _twoClaims() private returns (uint256 taskId) {
        taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(poster, taskId, 0, twoResult());
        sealAs(rival, taskId, 0, _other());
        VM.warp(market.scheduleOf(taskId, 0).post);
        postAs(poster, taskId, twoResult());
        postAs(rival, taskId, _other());
    }

    function _other() private view returns (ITrainingMarket.Result memory) {
        return resultOf(twoLeaves(), 90);
    }

    /// @dev 0: nobody reveals; 1: no keys; 2: no claim; 3: scored.
    function _play(uint256 taskId, uint256 round, uint256 kind, uint64 total) private {
        if (kind != 0) {
            warpTo(taskId, round, ITrainingMarket.Phase.Commit);
            commitAs(alice, taskId, round, standingOf(taskId, alice) == 0 ? 0.001 ether : 0);
            warpTo(taskId, round, ITrainingMarket.Phase.Reveal);
            revealAs(alice, taskId, round);
        }
        if (kind > 1) {
            warpTo(taskId, round, ITrainingMarket.Phase.Open);
            openKeys(taskId, round);
        }
        ITrainingMarket.Result memory result = resultOf(twoLeaves(), total);
        if (kind > 2) claimAs(poster, taskId, round, result);
        warpTo(taskId, round, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, round, poster, result);
        uint256[4] memory outcomes = [uint256(2), 3, 4, 1];
        VM.assertEq(outcomeOf(taskId, round), outcomes[kind], "outcome");
    }
}
