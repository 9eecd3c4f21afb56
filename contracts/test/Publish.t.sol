// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {FeeToken, NoReturnToken} from "./fixtures/Tokens.sol";

/// @title PublishTest
/// @author The Research authors
/// @notice `publish`, and what a task says of itself.
contract PublishTest is MarketTest {
    function test_Publish_Eth_LocksPoolAndFees() public {
        VM.expectEmit(address(market));
        emit ITrainingMarket.TaskPublished(1, sponsor, SPEC);

        uint256 taskId = publish();

        VM.assertEq(taskId, 1, "number");
        VM.assertEq(market.taskCount(), 1, "count");
        VM.assertEq(address(market).balance, POOL + 2 * uint256(FEE), "held");
        VM.assertEq(sponsor.balance, FUNDS - POOL - 2 * uint256(FEE), "paid");
    }

    function test_Publish_Token_LocksTokensAndFeesInEth() public {
        publish(tokenTerms());

        VM.assertEq(token.balanceOf(address(market)), POOL, "tokens");
        VM.assertEq(address(market).balance, 2 * uint256(FEE), "fees");
        VM.assertEq(token.balanceOf(sponsor), FUNDS - POOL, "sponsor");
    }

    function test_Publish_EveryTerm_ReadsBack() public {
        ITrainingMarket.Terms memory terms = tokenTerms();
        (terms.allowRoot, terms.targetRight, terms.start) = (keccak256("allowed"), 2, NOW + 50);

        ITrainingMarket.Task memory task = market.getTask(publish(terms));

        VM.assertEq(keccak256(abi.encode(task.terms)), keccak256(abi.encode(terms)), "terms");
        VM.assertEq(task.sponsor, sponsor, "sponsor");
        VM.assertEq(task.finalised, 0, "finalised");
        VM.assertEq(task.carried, 0, "carried");
    }

    function test_Publish_NoStart_StartsNow() public {
        uint256 taskId = publish();

        VM.assertEq(market.getTask(taskId).terms.start, NOW, "start");
        (uint256 round, ITrainingMarket.Phase phase) = market.phaseOf(taskId);
        VM.assertEq(round, 0, "round");
        VM.assertTrue(phase == ITrainingMarket.Phase.Commit, "phase");
    }

    function test_Publish_StartAhead_IsPendingUntilThen() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.start = NOW + 90 days;
        uint256 taskId = publish(terms);
        bytes24 commitment = commitmentOf(alice, taskId, 0);

        VM.warp(NOW + 90 days - 1);
        refuse(
            alice,
            STAKE,
            abi.encodeCall(ITrainingMarket.commit, (taskId, commitment, noProof())),
            wrongPhase(ITrainingMarket.Phase.Commit, ITrainingMarket.Phase.Pending)
        );
        VM.warp(NOW + 90 days);
        commitAs(alice, taskId, 0, STAKE);
    }

    function test_Publish_WrongValue_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        bytes memory data = abi.encodeCall(ITrainingMarket.publish, (SPEC, terms));
        uint256 expected = POOL + 2 * uint256(FEE);

        refuse(sponsor, expected - 1, data, wrongValue(expected, expected - 1));
        refuse(sponsor, expected + 1, data, wrongValue(expected, expected + 1));
    }

    function test_Publish_TokenWithEthOfPool_Reverts() public {
        bytes memory data = abi.encodeCall(ITrainingMarket.publish, (SPEC, tokenTerms()));

        refuse(sponsor, POOL + 2 * uint256(FEE), data, wrongValue(2 * uint256(FEE), POOL + 2 * uint256(FEE)));
    }

    function test_Publish_ZeroHashes_Revert() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        refuse(sponsor, 0, abi.encodeCall(ITrainingMarket.publish, (bytes32(0), terms)), zeroHash("specHash"));
        terms.programRoot = 0;
        refuse(sponsor, 0, abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)), zeroHash("programRoot"));
    }

    function test_Publish_TokenWithoutCode_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = stranger;

        refuse(
            sponsor,
            due(terms),
            abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)),
            abi.encodeWithSelector(ITrainingMarket.TokenWithoutCode.selector, stranger)
        );
    }

    function test_Publish_FeeOnTransfer_Reverts() public {
        FeeToken taxed = new FeeToken();
        taxed.mint(sponsor, POOL);
        VM.prank(sponsor);
        taxed.approve(address(market), POOL);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(taxed);

        refuse(
            sponsor,
            due(terms),
            abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)),
            abi.encodeWithSelector(ITrainingMarket.WrongTokenMove.selector, POOL, POOL - POOL / 100)
        );
        VM.assertEq(market.taskCount(), 0, "no task");
    }

    function test_Publish_NoReturnToken_IsTaken() public {
        NoReturnToken silent = new NoReturnToken();
        silent.mint(sponsor, POOL);
        VM.prank(sponsor);
        silent.approve(address(market), POOL);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(silent);

        publish(terms);

        VM.assertEq(silent.balanceOf(address(market)), POOL, "tokens");
    }

    function test_GetTask_Unknown_Reverts() public {
        bytes memory failure = unknownTask(7);
        ITrainingMarket.Result memory result;
        ITrainingMarket.RoundProof memory proof;
        ITrainingMarket.Piece memory piece;
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.getTask, (7)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.getRound, (7, 0)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.phaseOf, (7)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.scheduleOf, (7, 0)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.commit, (7, "x", noProof())), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.reveal, (7, SPEC, SPEC, SALT)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.revealWhole, (7, "x", SALT)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.demand, (7, piece)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.answer, (7, piece, "x", noProof())), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.reclaimFee, (7, 0, alice, 0, alice)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.openKeys, (7, proof, "x", noProof())), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.sealClaim, (7, "x")), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.postClaim, (7, result, SALT, SPEC)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.finalise, (7, 0, alice, result)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.withdrawStake, (7, alice)), failure);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.forfeitStake, (7, alice)), failure);
    }

    function test_GetRound_Unknown_Reverts() public {
        uint256 taskId = publish();
        ITrainingMarket.Result memory result;

        refuse(alice, 0, abi.encodeCall(ITrainingMarket.getRound, (taskId, 2)), unknownRound(2, 2));
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.scheduleOf, (taskId, 2)), unknownRound(2, 2));
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.finalise, (taskId, 2, alice, result)), unknownRound(2, 2));
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 2, alice, 0, alice)), unknownRound(2, 2));
    }

    function test_Market_PlainEth_Refused() public {
        VM.prank(alice);
        (bool success,) = address(market).call{value: 1}("");

        VM.assertFalse(success, "nobody can lose ETH by sending it");
    }
}
