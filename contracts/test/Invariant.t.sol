// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketHandler} from "./fixtures/MarketHandler.sol";
import {RefuterStub} from "./fixtures/RefuterStub.sol";
import {TestToken} from "./fixtures/Tokens.sol";
import {Vm} from "./fixtures/Vm.sol";

/// @title InvariantTest
/// @author The Research authors
/// @notice README.md's invariants over random sequences: several tasks, in ETH and in a token, both deliveries.
/// @dev `MarketHandler` holds I4, I5 and I7 at every step: it also sends what must be refused, and every revert counts.
/// I8 is in Gas.t.sol.
contract InvariantTest {
    /// @dev What forge calls FuzzSelector.
    struct Target {
        address target;
        bytes4[] selectors;
    }

    Vm private constant VM = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    ITrainingMarket private _market;
    TestToken private _token;
    MarketHandler private _handler;

    function setUp() public {
        VM.chainId(31_337);
        VM.warp(1_800_000_000);
        _market = ITrainingMarket(VM.deployCode("TrainingMarket.sol:TrainingMarket"));
        VM.etch(_market.refuter(), type(RefuterStub).runtimeCode);
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

    /// @dev All of them in one function: forge runs every invariant function's sequences anew.
    function invariant_Market_HoldsItsBooks() public view {
        checkBalances();
        checkTasks();
        checkRounds();
        checkSponsors();
    }

    /// @dev After every run: let time end each task, let each role take what is its own; what stays is burned.
    function afterInvariant() public {
        _settle();

        invariant_Market_HoldsItsBooks();
        for (uint256 taskId = 1; taskId <= _market.taskCount(); ++taskId) {
            MarketHandler.Books memory books = _handler.booksOf(taskId);
            VM.assertEq(books.stakes, 0, "no stake is stuck");
            VM.assertEq(books.fees, 0, "no fee is stuck");
            VM.assertEq(books.finalised, books.rounds, "I5: anybody finalises every round");
            uint256 left;
            for (uint256 round = 0; round < books.rounds; ++round) {
                left += _market.getRound(taskId, round).remaining;
            }
            VM.assertEq(books.pool, left, "only what nobody can prove stays in a pool");
            _checkClaims(taskId);
        }
    }

    /// @dev I1: the market holds what its tasks hold and what is burned, and no wei more or less.
    function checkBalances() public view {
        uint256 eth;
        uint256 tokens;
        for (uint256 taskId = 1; taskId <= _market.taskCount(); ++taskId) {
            (uint256 taskEth, uint256 taskTokens) = _handler.held(taskId);
            (eth, tokens) = (eth + taskEth, tokens + taskTokens);
        }
        VM.assertEq(address(_market).balance, eth, "I1: ETH");
        VM.assertEq(_token.balanceOf(address(_market)), tokens, "I1: tokens");
    }

    /// @dev I2: what each task's steps moved in and out is what it holds.
    function checkTasks() public view {
        for (uint256 taskId = 1; taskId <= _market.taskCount(); ++taskId) {
            MarketHandler.Books memory books = _handler.booksOf(taskId);
            (uint256 eth, uint256 tokens) = _handler.held(taskId);
            VM.assertLe(books.ethOut, books.ethIn, "I2: no task pays another's ETH");
            VM.assertLe(books.tokensOut, books.tokensIn, "I2: no task pays another's tokens");
            VM.assertEq(books.ethIn - books.ethOut, eth, "I2: ETH of a task");
            VM.assertEq(books.tokensIn - books.tokensOut, tokens, "I2: tokens of a task");
        }
    }

    /// @dev I3: rewards stay below the round's pool, and pools, carries, burns and refunds telescope to the task's.
    function checkRounds() public view {
        for (uint256 taskId = 1; taskId <= _market.taskCount(); ++taskId) {
            MarketHandler.Books memory books = _handler.booksOf(taskId);
            ITrainingMarket.Task memory task = _market.getTask(taskId);
            VM.assertEq(task.carried, books.carried, "I3: carried");
            VM.assertEq(task.finalised, books.finalised, "I3: finalised");
            uint256 sum = books.carried + books.poolBurned;
            for (uint256 round = 0; round < books.finalised; ++round) {
                sum += _checkRound(taskId, round);
            }
            uint256 played = uint256(task.terms.pool) * books.finalised / books.terms.rounds;
            // An early end plays out every part.
            if (books.finalised == books.rounds) played = task.terms.pool;
            VM.assertEq(sum, played, "I3: the parts of the rounds played");
        }
    }

    /// @dev I6: a sponsor has what it had, less what it locked, plus the refunds of empty rounds.
    function checkSponsors() public view {
        for (uint256 i = 0; i < _handler.SPONSORS(); ++i) {
            address sponsor = _handler.sponsorOf(i);
            uint256 eth = _handler.FUNDS();
            uint256 tokens = eth;
            for (uint256 taskId = 1; taskId <= _market.taskCount(); ++taskId) {
                MarketHandler.Books memory books = _handler.booksOf(taskId);
                if (books.sponsor != sponsor) continue;
                eth = eth + books.refunds - uint256(books.terms.auditFee) * books.terms.rounds;
                if (books.terms.token == address(0)) eth -= books.terms.pool;
                else tokens = tokens + _tokenRefunds(taskId, books) - books.terms.pool;
            }
            VM.assertEq(sponsor.balance, eth, "I6: ETH of a sponsor");
            VM.assertEq(_token.balanceOf(sponsor), tokens, "I6: tokens of a sponsor");
        }
    }

    /// @dev An invariant over steps that never happen holds nothing: sequences like forge's must reach every kind.
    function test_Handler_RandomSequences_ReachEveryStep() public {
        string[40] memory wanted = _steps();
        uint256[40] memory counts;
        for (uint256 run = 0; run < 12; ++run) {
            // In a call of its own, which gives its memory back.
            uint256[40] memory more = this.sequence(run);
            for (uint256 i = 0; i < wanted.length; ++i) {
                counts[i] += more[i];
            }
        }

        for (uint256 i = 0; i < wanted.length; ++i) {
            VM.assertTrue(counts[i] > 0, wanted[i]);
        }
    }

    function sequence(uint256 run) external returns (uint256[40] memory counts) {
        setUp();
        for (uint256 i = 0; i < 160; ++i) {
            _step(uint256(keccak256(abi.encode(run, i))));
        }
        this.invariant_Market_HoldsItsBooks();
        string[40] memory wanted = _steps();
        for (uint256 i = 0; i < wanted.length; ++i) {
            counts[i] = _handler.taken(wanted[i]);
        }
        afterInvariant();
    }

    /// @dev Returns what a round took out of the pool, apart from what was burned.
    function _checkRound(uint256 taskId, uint256 round) private view returns (uint256 spent) {
        ITrainingMarket.Round memory state = _market.getRound(taskId, round);
        MarketHandler.RoundBooks memory books = _handler.roundBooksOf(taskId, round);
        VM.assertLe(books.paid, books.earned, "I3: rewards");
        VM.assertLe(books.earned, books.pool, "I3: earned");
        if (state.outcome == ITrainingMarket.Outcome.Scored) {
            VM.assertEq(state.pool, books.pool, "I3: pool");
            VM.assertEq(state.remaining, books.earned - books.paid, "I3: remaining");
            return books.earned;
        }
        bool isEmpty = state.outcome == ITrainingMarket.Outcome.Empty;
        VM.assertEq(state.remaining, isEmpty && !books.refunded ? books.pool : 0, "I3: refundable");
        return isEmpty ? books.pool : 0;
    }

    /// @dev An honest claim has its bond; one that fell was struck, before the round was final or after; none is stuck.
    function _checkClaims(uint256 taskId) private view {
        for (uint256 round = 0; round < _handler.booksOf(taskId).rounds; ++round) {
            for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
                address who = _handler.actor(i);
                (ITrainingMarket.ClaimState state, bool isRight) = _handler.claimOf(taskId, round, who);
                VM.assertTrue(state == _market.claimOf(taskId, round, who).state, "claim");
                VM.assertTrue(state != ITrainingMarket.ClaimState.Posted, "no bond is stuck");
                if (isRight) VM.assertTrue(state != ITrainingMarket.ClaimState.Fallen, "an honest bond comes back");
                bool isLeader = who == _handler.roundBooksOf(taskId, round).leader;
                if (isLeader) VM.assertTrue(state >= ITrainingMarket.ClaimState.Paid, "what was final was posted");
            }
        }
    }

    function _tokenRefunds(uint256 taskId, MarketHandler.Books memory books) private view returns (uint256 sum) {
        for (uint256 round = 0; round < books.finalised; ++round) {
            MarketHandler.RoundBooks memory own = _handler.roundBooksOf(taskId, round);
            if (own.refunded) sum += own.pool;
        }
    }

    function _settle() private {
        for (uint256 taskId = 1; taskId <= _market.taskCount(); ++taskId) {
            uint256 rounds = _handler.booksOf(taskId).terms.rounds;
            for (uint256 round = 0; round < _handler.booksOf(taskId).rounds; ++round) {
                if (_handler.quietAt(taskId, round) > block.timestamp) VM.warp(_handler.quietAt(taskId, round));
                for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
                    _handler.strike(taskId, round, i);
                }
                _handler.finalise(taskId, 1);
            }
            for (uint256 round = 0; round < rounds; ++round) {
                for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
                    _handler.reward(taskId, round, i);
                    _handler.bond(taskId, round, i);
                    _handler.fee(taskId, round, i);
                    _handler.fee(taskId, round, 256 + i);
                }
                _handler.refund(taskId, round, 1);
            }
            for (uint256 i = 0; i < _handler.ACTORS(); ++i) {
                _handler.stake(taskId, _handler.actor(i), i);
            }
        }
    }

    function _steps() private pure returns (string[40] memory) {
        return [
            "publish",
            "commit",
            "commitAgain",
            "commitAfterBurn",
            "copiedCommitment",
            "reveal",
            "revealWhole",
            "demand",
            "answer",
            "answerOfSome",
            "openKeys",
            "seal",
            "copiedSeal",
            "post",
            "nodeDemanded",
            "fell",
            "strike",
            "strikeByItself",
            "strikeAfterFinal",
            "allStruck",
            "laterDecides",
            "finalise",
            "scored",
            "empty",
            "emptyWhileCarried",
            "unopened",
            "unscored",
            "earlyEnd",
            "reward",
            "rewardAboveEarned",
            "bond",
            "bondAndShare",
            "bondLate",
            "fee",
            "refund",
            "stake",
            "stakeOfRoundNotPlayed",
            "forfeit",
            "pass",
            "refused"
        ];
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
