// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

contract ScoreTest is MarketTest {
    bytes32 private constant ROOT = keccak256("root");

    function test_PostScore_First_LocksBondAndStores() public {
        uint256 taskId = publishRevealed();
        VM.expectEmit(address(market));
        emit ITrainingMarket.ScorePosted(taskId, 0, poster, ROOT, 4 ether, MODEL, TRACE);

        postAs(poster, taskId, ROOT, 4 ether);

        ITrainingMarket.Round memory round = market.getRound(taskId, 0);
        VM.assertEq(round.root, ROOT, "root");
        VM.assertEq(round.total, 4 ether, "total");
        VM.assertEq(round.modelHash, MODEL, "model");
        VM.assertEq(round.traceRoot, TRACE, "trace");
        VM.assertEq(round.poster, poster, "poster");
        VM.assertEq(address(market).balance, POOL + 2 * STAKE + BOND, "escrow");
    }

    function test_PostScore_WholeRoundPool_IsTaken() public {
        uint256 taskId = publishRevealed();

        postAs(poster, taskId, ROOT, market.roundPool(taskId, 0));

        VM.assertEq(market.getRound(taskId, 0).total, 5 ether, "total");
    }

    function test_PostScore_AboveRoundPool_Reverts() public {
        uint256 taskId = publishRevealed();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.TotalAboveRoundPool.selector, 5 ether + 1, 5 ether));
        postAs(poster, taskId, ROOT, 5 ether + 1);
    }

    function test_PostScore_Second_Reverts() public {
        uint256 taskId = publishRevealed();
        postAs(poster, taskId, ROOT, 0);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.AlreadyPosted.selector, 0, poster));
        postAs(stranger, taskId, ROOT, 0);
    }

    function test_PostScore_NothingRevealed_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NothingRevealed.selector, 0));
        postAs(poster, taskId, ROOT, 0);
    }

    function test_PostScore_WrongBond_Reverts() public {
        uint256 taskId = publishRevealed();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, BOND, BOND - 1));
        VM.prank(poster);
        market.postScore{value: BOND - 1}(taskId, ROOT, 0, MODEL, TRACE);
    }

    function test_PostScore_InRevealWindow_Reverts() public {
        uint256 taskId = publish();
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);

        expectWrongPhase(ITrainingMarket.Phase.Score, ITrainingMarket.Phase.Reveal);
        postAs(poster, taskId, ROOT, 0);
    }

    function test_PostScore_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 9));
        postAs(poster, 9, ROOT, 0);
    }

    function test_Challenge_OtherRoot_LocksBond() public {
        uint256 taskId = _posted();
        VM.expectEmit(address(market));
        emit ITrainingMarket.Challenged(taskId, 0, challenger, "other");

        challengeAs(challenger, taskId, "other");

        VM.assertEq(market.getRound(taskId, 0).challenger, challenger, "challenger");
        VM.assertEq(address(market).balance, POOL + 2 * STAKE + 2 * BOND, "escrow");
    }

    function test_Challenge_SameRoot_Reverts() public {
        uint256 taskId = _posted();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.SameRoot.selector, ROOT));
        challengeAs(challenger, taskId, ROOT);
    }

    function test_Challenge_Second_Reverts() public {
        uint256 taskId = _posted();
        challengeAs(challenger, taskId, "other");

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.AlreadyChallenged.selector, 0, challenger));
        challengeAs(stranger, taskId, "another");
    }

    function test_Challenge_NothingPosted_Reverts() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 0, ITrainingMarket.Phase.Challenge);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NothingPosted.selector, 0));
        challengeAs(challenger, taskId, "other");
    }

    function test_Challenge_WrongBond_Reverts() public {
        uint256 taskId = _posted();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, BOND, 0));
        VM.prank(challenger);
        market.challenge(taskId, "other");
    }

    function test_Challenge_InScoreWindow_Reverts() public {
        uint256 taskId = publishRevealed();
        postAs(poster, taskId, ROOT, 0);

        expectWrongPhase(ITrainingMarket.Phase.Challenge, ITrainingMarket.Phase.Score);
        challengeAs(challenger, taskId, "other");
    }

    function test_Challenge_AfterWindow_Reverts() public {
        uint256 taskId = _posted();
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);

        expectWrongPhase(ITrainingMarket.Phase.Challenge, ITrainingMarket.Phase.Commit);
        challengeAs(challenger, taskId, "other");
    }

    function test_Challenge_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 9));
        challengeAs(challenger, 9, "other");
    }

    function _posted() private returns (uint256 taskId) {
        taskId = publishRevealed();
        postAs(poster, taskId, ROOT, 4 ether);
        warpTo(taskId, 0, ITrainingMarket.Phase.Challenge);
    }
}
