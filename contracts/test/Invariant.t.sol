// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TrainingMarket} from "../src/TrainingMarket.sol";
import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketHandler} from "./fixtures/MarketHandler.sol";
import {TestToken} from "./fixtures/Tokens.sol";
import {Vm} from "./fixtures/Vm.sol";

/// @dev Random sequences over several tasks, in ETH and in a token, through `MarketHandler`.
contract InvariantTest {
    /// @dev What forge calls FuzzSelector.
    struct Target {
        address target;
        bytes4[] selectors;
    }

    Vm private constant VM = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    TrainingMarket private _market;
    TestToken private _token;
    MarketHandler private _handler;

    function setUp() public {
        VM.warp(1_800_000_000);
        _market = new TrainingMarket();
        _token = new TestToken();
        _handler = new MarketHandler(_market, _token);
    }

    function targetSelectors() public view returns (Target[] memory targets) {
        targets = new Target[](1);
        targets[0].target = address(_handler);
        targets[0].selectors = new bytes4[](4);
        targets[0].selectors[0] = MarketHandler.publish.selector;
        targets[0].selectors[1] = MarketHandler.act.selector;
        targets[0].selectors[2] = MarketHandler.take.selector;
        targets[0].selectors[3] = MarketHandler.pass.selector;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev Balance = Σ pools + stakes + bonds + credits − paid, for ETH and for the token; no task pays more than its
    /// pool, and no round more than was posted for it or than its part.
    function invariant_Balance_EqualsWhatIsOwed() public view {
        uint256 ethOwed = 0;
        uint256 tokenOwed = 0;
        for (uint256 taskId = 1; taskId <= _market.taskCount(); ++taskId) {
            ITrainingMarket.Task memory task = _market.getTask(taskId);
            VM.assertLe(task.paid, task.terms.pool, "paid at most the pool");
            uint256 left = task.refunded ? 0 : task.terms.pool - task.paid;
            if (task.terms.token == address(0)) ethOwed += left;
            else tokenOwed += left;
            for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
                ethOwed += _market.stakeOf(taskId, _handler.actor(i));
            }
            ethOwed += _checkRounds(taskId, task);
        }
        for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
            ethOwed += _market.creditOf(_handler.actor(i));
        }

        VM.assertEq(address(_market).balance, ethOwed, "ETH held");
        VM.assertEq(_token.balanceOf(address(_market)), tokenOwed, "tokens held");
    }

    /// @dev After every run: let time end each task, let each role take what is its own; nothing may stay behind.
    function afterInvariant() public {
        _settle();

        VM.assertEq(address(_market).balance, 0, "no ETH is stuck");
        VM.assertEq(_token.balanceOf(address(_market)), 0, "no token is stuck");
        uint256 ethHeld = 0;
        uint256 tokensHeld = 0;
        for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
            ethHeld += _handler.actor(i).balance;
            tokensHeld += _token.balanceOf(_handler.actor(i));
        }
        VM.assertEq(ethHeld, _handler.ACTORS() * _handler.FUNDS(), "ETH is conserved");
        VM.assertEq(tokensHeld, _handler.ACTORS() * _handler.FUNDS(), "tokens are conserved");
    }

    /// @dev An invariant over steps that never happen holds nothing: sequences like forge's must reach every kind.
    function test_Handler_RandomSequences_ReachEveryStep() public {
        string[15] memory wanted = [
            "publish",
            "commit",
            "commitAfterSilence",
            "reveal",
            "postScore",
            "challenge",
            "finalise",
            "claim",
            "claimAboveTotal",
            "claimDefault",
            "refund",
            "withdrawStake",
            "forfeitStake",
            "withdraw",
            "pass"
        ];
        uint256[15] memory counts;
        for (uint256 run = 0; run < 24; ++run) {
            setUp();
            for (uint256 i = 0; i < 128; ++i) {
                _step(uint256(keccak256(abi.encode(run, i))));
            }
            invariant_Balance_EqualsWhatIsOwed();
            for (uint256 i = 0; i < wanted.length; ++i) {
                counts[i] += _handler.taken(wanted[i]);
            }
            afterInvariant();
        }

        for (uint256 i = 0; i < wanted.length; ++i) {
            VM.assertTrue(counts[i] > 0, wanted[i]);
        }
    }

    /// @dev Returns the bonds that one task still holds.
    function _checkRounds(uint256 taskId, ITrainingMarket.Task memory task) private view returns (uint256 bonds) {
        uint256 paid = 0;
        for (uint256 round = 0; round < task.terms.rounds; ++round) {
            ITrainingMarket.Round memory state = _market.getRound(taskId, round);
            uint256 part = _market.roundPool(taskId, round);
            VM.assertLe(state.total, part, "posted at most the round's part");
            VM.assertLe(
                state.claimed,
                state.outcome == ITrainingMarket.Outcome.Scored ? state.total : part,
                "claimed at most what the outcome allows"
            );
            paid += state.claimed;
            if (state.outcome != ITrainingMarket.Outcome.None) continue;
            VM.assertEq(state.claimed, 0, "nothing is claimed before the outcome");
            if (state.poster != address(0)) bonds += task.terms.bond;
            if (state.challenger != address(0)) bonds += task.terms.bond;
        }
        VM.assertEq(task.paid, paid, "a task pays what its rounds pay");
    }

    function _settle() private {
        for (uint256 taskId = 1; taskId <= _market.taskCount(); ++taskId) {
            uint256 deadline = _market.claimDeadline(taskId);
            if (block.timestamp < deadline) VM.warp(deadline);
        }
        for (uint256 number = 0; number < _market.taskCount(); ++number) {
            for (uint256 round = 0; round < 3; ++round) {
                _handler.finalise(number, round);
            }
            _handler.refund(number);
            for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
                _handler.forfeitStake(i, number);
                _handler.withdrawStake(i, number);
            }
        }
        for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
            _handler.withdraw(i);
        }
    }

    function _step(uint256 random) private {
        (uint256 seed, uint256 other) = (random >> 16, random >> 128);
        uint256 kind = random % 4;
        if (kind == 0) _handler.publish(seed, other);
        if (kind == 1) _handler.act(seed, other);
        if (kind == 2) _handler.take(random >> 200, seed, other);
        if (kind == 3) _handler.pass(seed);
    }
}
