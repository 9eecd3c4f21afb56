// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {ReentrantRecipient} from "./fixtures/Recipients.sol";
import {HookToken} from "./fixtures/Tokens.sol";

contract ReentrancyTest is MarketTest {
    ReentrantRecipient private _attacker;

    function setUp() public override {
        super.setUp();
        _attacker = new ReentrantRecipient();
        VM.deal(address(_attacker), FUNDS);
    }

    function test_ClaimDefault_Reentered_PaysOnce() public {
        uint256 taskId = _revealedByAttacker(defaultTerms());
        _finalise(taskId);
        uint256 before = address(_attacker).balance;
        bytes memory attack = abi.encodeCall(ITrainingMarket.claimDefault, (taskId, 0, address(_attacker)));
        _attacker.prepare(address(market), attack);

        market.claimDefault(taskId, 0, address(_attacker));

        _assertRefused();
        VM.assertEq(address(_attacker).balance, before + 5 ether, "one reward");
    }

    function test_ClaimDefault_ReenteredByOtherExit_Refused() public {
        uint256 taskId = _revealedByAttacker(defaultTerms());
        _finalise(taskId);
        _attacker.prepare(address(market), abi.encodeCall(ITrainingMarket.withdrawStake, (taskId)));

        market.claimDefault(taskId, 0, address(_attacker));

        _assertRefused();
        VM.assertEq(market.stakeOf(taskId, address(_attacker)), STAKE, "the stake is still there");
    }

    function test_WithdrawStake_Reentered_PaysOnce() public {
        uint256 taskId = _revealedByAttacker(defaultTerms());
        bytes memory attack = abi.encodeCall(ITrainingMarket.withdrawStake, (taskId));
        _attacker.prepare(address(market), attack);

        _attacker.send(address(market), 0, attack);

        _assertRefused();
        VM.assertEq(address(_attacker).balance, FUNDS, "one stake");
    }

    function test_Withdraw_Reentered_PaysOnce() public {
        uint256 taskId = publishRevealed();
        _attacker.send(
            address(market), BOND, abi.encodeCall(ITrainingMarket.postScore, (taskId, "root", 0, MODEL, TRACE))
        );
        _finalise(taskId);
        _attacker.prepare(address(market), abi.encodeCall(ITrainingMarket.withdraw, ()));

        _attacker.send(address(market), 0, abi.encodeCall(ITrainingMarket.withdraw, ()));

        _assertRefused();
        VM.assertEq(address(_attacker).balance, FUNDS, "one bond");
    }

    function test_Refund_Reentered_PaysOnce() public {
        _attacker.send(address(market), POOL, abi.encodeCall(ITrainingMarket.publish, (defaultTerms())));
        publish(); // A second pool, there to be stolen.
        VM.warp(market.claimDeadline(1));
        _attacker.prepare(address(market), abi.encodeCall(ITrainingMarket.refund, (1)));

        market.refund(1);

        _assertRefused();
        VM.assertEq(address(_attacker).balance, FUNDS, "one refund");
    }

    function test_Publish_ReenteredByTokenHook_CountsNoPoolTwice() public {
        HookToken hooked = new HookToken();
        hooked.mint(address(_attacker), 2 * POOL);
        hooked.hook(address(_attacker));
        _attacker.send(address(hooked), 0, abi.encodeCall(hooked.approve, (address(market), 2 * POOL)));
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(hooked);
        _attacker.prepare(address(market), abi.encodeCall(ITrainingMarket.publish, (terms)));

        _attacker.send(address(market), 0, abi.encodeCall(ITrainingMarket.publish, (terms)));

        _assertRefused();
        VM.assertEq(market.taskCount(), 1, "one task");
        VM.assertEq(hooked.balanceOf(address(market)), POOL, "one pool");
    }

    function test_ClaimDefault_ReenteredByTokenHook_PaysOnce() public {
        HookToken hooked = new HookToken();
        hooked.mint(sponsor, POOL);
        VM.prank(sponsor);
        hooked.approve(address(market), POOL);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(hooked);
        uint256 taskId = _revealedByAttacker(terms);
        _finalise(taskId);
        hooked.hook(address(_attacker));
        bytes memory attack = abi.encodeCall(ITrainingMarket.claimDefault, (taskId, 0, address(_attacker)));
        _attacker.prepare(address(market), attack);

        market.claimDefault(taskId, 0, address(_attacker));

        _assertRefused();
        VM.assertEq(hooked.balanceOf(address(_attacker)), 5 ether, "one reward");
    }

    function _revealedByAttacker(ITrainingMarket.Terms memory terms) private returns (uint256 taskId) {
        taskId = publish(terms);
        bytes32 commitment = market.commitmentHash(taskId, 0, address(_attacker), "update", "salt");
        _attacker.send(address(market), STAKE, abi.encodeCall(ITrainingMarket.commit, (taskId, commitment)));
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        _attacker.send(address(market), 0, abi.encodeCall(ITrainingMarket.reveal, (taskId, "update", "file", "salt")));
    }

    function _finalise(uint256 taskId) private {
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0);
    }

    function _assertRefused() private view {
        VM.assertEq(_attacker.attempts(), 1, "the attack ran");
        bytes memory refusal = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        VM.assertEq(keccak256(_attacker.failure()), keccak256(refusal), "and was refused");
    }
}
