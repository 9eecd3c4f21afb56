// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {FeeToken} from "./fixtures/Tokens.sol";

contract PublishTest is MarketTest {
    function test_Publish_Eth_LocksPoolAndStoresTerms() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        ITrainingMarket.Terms memory stored = defaultTerms();
        stored.start = NOW;
        VM.expectEmit(address(market));
        emit ITrainingMarket.TaskPublished(1, sponsor, terms.specHash, stored);

        uint256 taskId = publish(terms);

        ITrainingMarket.Task memory task = market.getTask(taskId);
        VM.assertEq(taskId, 1, "tasks count from one");
        VM.assertEq(market.taskCount(), 1, "count");
        VM.assertEq(keccak256(abi.encode(task.terms)), keccak256(abi.encode(stored)), "terms");
        VM.assertEq(task.sponsor, sponsor, "sponsor");
        VM.assertEq(address(market).balance, POOL, "escrow");
        VM.assertEq(sponsor.balance, FUNDS - POOL, "sponsor's balance");
    }

    function test_Publish_Token_LocksPool() public {
        publishInTokens();

        VM.assertEq(token.balanceOf(address(market)), POOL, "escrow");
        VM.assertEq(address(market).balance, 0, "no ETH");
    }

    function test_Publish_LaterStart_IsPending() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.start = NOW + 60;

        uint256 taskId = publish(terms);

        (, ITrainingMarket.Phase phase) = market.phaseOf(taskId);
        VM.assertEq(uint256(phase), uint256(ITrainingMarket.Phase.Pending), "phase");
    }

    function test_Publish_ZeroPool_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.pool = 0;
        _expectRefusal(terms, 0, abi.encodeWithSelector(ITrainingMarket.PoolOutOfRange.selector, 0, type(uint128).max));
    }

    function test_Publish_PoolAbove128Bits_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(token);
        terms.pool = uint256(type(uint128).max) + 1;
        _expectRefusal(
            terms, 0, abi.encodeWithSelector(ITrainingMarket.PoolOutOfRange.selector, terms.pool, type(uint128).max)
        );
    }

    function test_Publish_ZeroSpecHash_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.specHash = 0;
        _expectRefusal(terms, POOL, abi.encodeWithSelector(ITrainingMarket.ZeroSpecHash.selector));
    }

    function test_Publish_ZeroProgramRoot_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.programRoot = 0;
        _expectRefusal(terms, POOL, abi.encodeWithSelector(ITrainingMarket.ZeroProgramRoot.selector));
    }

    function test_Publish_ZeroRounds_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.rounds = 0;
        _expectRefusal(terms, POOL, abi.encodeWithSelector(ITrainingMarket.ZeroRounds.selector));
    }

    function test_Publish_AnyZeroWindow_Reverts() public {
        for (uint256 position = 0; position < 5; ++position) {
            ITrainingMarket.Terms memory terms = defaultTerms();
            if (position == 0) terms.commitSeconds = 0;
            if (position == 1) terms.revealSeconds = 0;
            if (position == 2) terms.scoreSeconds = 0;
            if (position == 3) terms.challengeSeconds = 0;
            if (position == 4) terms.claimSeconds = 0;
            _expectRefusal(terms, POOL, abi.encodeWithSelector(ITrainingMarket.ZeroWindow.selector, position));
        }
    }

    function test_Publish_StartInPast_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.start = NOW - 1;
        _expectRefusal(terms, POOL, abi.encodeWithSelector(ITrainingMarket.StartInPast.selector, NOW - 1, NOW));
    }

    function test_Publish_EthAndTooLittleSent_Reverts() public {
        bytes memory refusal = abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, POOL, POOL - 1);
        _expectRefusal(defaultTerms(), POOL - 1, refusal);
    }

    function test_Publish_EthAndTooMuchSent_Reverts() public {
        bytes memory refusal = abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, POOL, POOL + 1);
        _expectRefusal(defaultTerms(), POOL + 1, refusal);
    }

    function test_Publish_TokenAndEthSent_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(token);
        _expectRefusal(terms, 1, abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, 0, 1));
    }

    function test_Publish_TokenWithoutCode_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = stranger;
        _expectRefusal(terms, 0, abi.encodeWithSelector(ITrainingMarket.TokenWithoutCode.selector, stranger));
    }

    function test_Publish_TokenWithFee_Reverts() public {
        FeeToken fee = new FeeToken();
        fee.mint(sponsor, FUNDS);
        VM.prank(sponsor);
        fee.approve(address(market), FUNDS);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(fee);

        bytes memory refusal =
            abi.encodeWithSelector(ITrainingMarket.WrongPoolReceived.selector, POOL, POOL - POOL / 100);
        _expectRefusal(terms, 0, refusal);
        VM.assertEq(fee.balanceOf(sponsor), FUNDS, "nothing moved");
    }

    function test_Publish_TokenNotApproved_Reverts() public {
        VM.prank(sponsor);
        token.approve(address(market), 0);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(token);

        VM.expectRevert();
        VM.prank(sponsor);
        market.publish(terms);
        VM.assertEq(market.taskCount(), 0, "no task");
    }

    function test_Market_PlainEth_Reverts() public {
        VM.prank(stranger);
        (bool sent,) = address(market).call{value: 1}("");

        VM.assertFalse(sent, "the market takes no ETH without a purpose");
    }

    function _expectRefusal(ITrainingMarket.Terms memory terms, uint256 value, bytes memory refusal) private {
        VM.expectRevert(refusal);
        VM.prank(sponsor);
        market.publish{value: value}(terms);
    }
}
