// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

/// @title CaseOfTest
/// @author The Research authors
/// @notice `caseOf` and `refuter`: what the refuter goes by.
contract CaseOfTest is MarketTest {
    function test_Refuter_IsTheMarketsFirstContract() public {
        ITrainingMarket other = ITrainingMarket(VM.deployCode("TrainingMarket.sol:TrainingMarket"));
        bytes32 rlp = keccak256(abi.encodePacked(uint8(0xd6), uint8(0x94), address(other), uint8(1)));
        VM.assertEq(other.refuter(), address(uint160(uint256(rlp))), "address");
        VM.assertTrue(other.refuter() != market.refuter(), "each market its own");
        bytes memory code = VM.getDeployedCode("Refuter.sol:Refuter");
        VM.assertEq(keccak256(other.refuter().code), keccak256(code), "and it is a refuter");
    }

    function test_CaseOf_Posted_SaysEverything() public {
        uint256 taskId = publishOpened(defaultTerms());
        claimAs(poster, taskId, 0, twoResult());

        ITrainingMarket.CaseFacts memory facts = market.caseOf(taskId, 0, poster);

        ITrainingMarket.Round memory state = market.getRound(taskId, 0);
        VM.assertEq(bytes32(facts.digest), bytes32(bytes24(keccak256(abi.encode(twoResult())))), "digest");
        VM.assertTrue(facts.state == ITrainingMarket.ClaimState.Posted, "state");
        VM.assertEq(facts.place, 0, "place");
        VM.assertEq(facts.base, market.scheduleOf(taskId, 0).refute, "base");
        VM.assertEq(facts.window, 600, "window");
        VM.assertEq(facts.depth, 6, "64 leaves");
        VM.assertEq(facts.depth, state.depth, "as the round says");
        VM.assertEq(facts.reveals, 2, "reveals");
        VM.assertEq(bytes32(facts.roster), bytes32(state.roster), "roster");
        VM.assertEq(facts.programRoot, market.getTask(taskId).terms.programRoot, "program");
        VM.assertEq(facts.model, 0, "the initial one");
        VM.assertEq(facts.seed, keccak256(abi.encode(market.pinOf(taskId), taskId, 0)), "seed");
    }

    function test_CaseOf_StateAndPlace_FollowTheClaim() public {
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(poster, taskId, 0, twoResult());
        sealAs(rival, taskId, 0, twoResult());
        VM.assertTrue(market.caseOf(taskId, 0, poster).state == ITrainingMarket.ClaimState.Sealed, "sealed");
        VM.assertTrue(market.caseOf(taskId, 0, carol).state == ITrainingMarket.ClaimState.None, "none");
        VM.warp(market.scheduleOf(taskId, 0).post);
        postAs(rival, taskId, twoResult());
        postAs(poster, taskId, twoResult());
        VM.assertEq(market.caseOf(taskId, 0, poster).place, 1, "place");
        fall(taskId, 0, twoResult(), carol);
        market.strike(taskId, 0, poster);
        VM.assertTrue(market.caseOf(taskId, 0, poster).state == ITrainingMarket.ClaimState.Fallen, "fallen");
    }

    /// @dev Nothing can be demanded of a claim whose model's start is not final, or of a round without keys.
    function test_CaseOf_Base_WaitsForTheRoundBefore() public {
        uint256 taskId = publishRevealed();
        VM.assertEq(market.caseOf(taskId, 0, poster).base, 0, "no keys in the first round");
        openKeys(taskId, 0);
        claimAs(poster, taskId, 0, twoResult());
        revealBoth(taskId, 1);
        VM.assertEq(market.caseOf(taskId, 1, poster).base, 0, "no keys");
        openKeys(taskId, 1);
        claimAs(poster, taskId, 1, twoResult());
        VM.assertEq(market.caseOf(taskId, 1, poster).base, 0, "round 0 is not final");
        uint256 refute = market.scheduleOf(taskId, 1).refute;
        uint256 state = VM.snapshotState();
        VM.warp(refute - 1);
        market.finalise(taskId, 0, poster, twoResult());
        VM.assertEq(market.caseOf(taskId, 1, poster).base, refute, "in time");
        VM.revertToState(state);
        VM.warp(refute + 1000);
        market.finalise(taskId, 0, poster, twoResult());
        VM.assertEq(market.caseOf(taskId, 1, poster).base, refute + 1000, "late");
        VM.assertEq(market.getRound(taskId, 0).finalisedAt, refute + 1000, "when");
    }

    function test_CaseOf_Model_IsThatOfTheLastScoredRound() public {
        ITrainingMarket.Terms memory terms = keyTerms(4, 4);
        uint256 taskId = publish(terms);
        scoreRound(taskId, 0, twoResult());
        // A round in which nobody reveals, and one without keys.
        warpTo(taskId, 2, ITrainingMarket.Phase.Commit);
        finalise(taskId, 1);
        revealBoth(taskId, 2);
        warpTo(taskId, 3, ITrainingMarket.Phase.Commit);
        finalise(taskId, 2);

        VM.assertEq(market.caseOf(taskId, 0, poster).model, 0, "round 0");
        for (uint256 round = 1; round < 4; ++round) {
            VM.assertEq(market.caseOf(taskId, round, poster).model, twoResult().modelRoot, "a later round");
            VM.assertEq(market.getRound(taskId, round - 1).modelRoot, twoResult().modelRoot, "as the round before says");
        }
    }

    function test_CaseOf_UnknownTaskOrRound_Reverts() public {
        uint256 taskId = publish();

        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.caseOf, (taskId + 1, 0, poster)), unknownTask(taskId + 1));
        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.caseOf, (taskId, 2, poster)), unknownRound(2, 2));
    }
}
