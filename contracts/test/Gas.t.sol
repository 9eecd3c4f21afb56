// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {RefuterStub} from "./fixtures/RefuterStub.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title GasTest
/// @author The Research authors
/// @notice What each step costs its sender, and that it does not depend on how many take part (I8).
/// @dev Every call is a transaction of its own (`isolate`): 21,000, calldata and cold storage are counted, with the floor
/// of EIP-7623. The figures go to snapshots/gas.json.
contract GasTest is MarketTest {
    /// @dev Medians of a round's steps.
    struct Figures {
        uint256 commit;
        uint256 commitLater;
        uint256 reveal;
        uint256 seal;
        uint256 post;
        uint256 finalise;
        uint256 claimFirst;
        uint256 claimLater;
        uint256 withdraw;
    }

    uint64 private constant POINTS = 10;
    uint32 private constant BYTES = 9640; // An update of the digits task.
    uint256 private constant SLACK = 200; // Zero bytes in hashes: 12 gas each.
    uint256 private constant SAMPLE = 15;

    /// @dev The market's own refuter answers, but where a claim must fall.
    function isStubbed() internal pure override returns (bool) {
        return false;
    }

    /// forge-config: default.isolate = true
    function test_Gas_Round_IsTheSameForAnyNumber() public {
        uint16[3] memory counts = [16, 256, 1024];
        Figures[3] memory all;
        for (uint256 i = 0; i < 3; ++i) {
            all[i] = _round(counts[i]);
            _write(all[i], counts[i]);
        }
        for (uint256 i = 1; i < 3; ++i) {
            _same(all[0].commit, all[i].commit, "I8: commit");
            _same(all[0].commitLater, all[i].commitLater, "I8: commit in a later round");
            _same(all[0].reveal, all[i].reveal, "I8: reveal");
            _same(all[0].seal, all[i].seal, "I8: seal");
            _same(all[0].post, all[i].post, "I8: post");
            _same(all[0].finalise, all[i].finalise, "I8: finalise");
            _same(all[0].withdraw, all[i].withdraw, "I8: withdraw");
            // A sibling more for each doubling: its 32 bytes, and a hash.
            uint256 doublings = i == 1 ? 4 : 6;
            VM.assertLe(all[i].claimLater, all[0].claimLater + doublings * 1000, "I8: claim by the logarithm");
            VM.assertLe(all[i].claimFirst, all[0].claimFirst + doublings * 1000, "I8: claim by the logarithm");
        }
    }

    /// forge-config: default.isolate = true
    function test_Gas_OtherSteps_Snapshot() public {
        ITrainingMarket.Terms memory terms = keyTerms(3, 120);
        terms.start = NOW + 10;
        bytes memory data = abi.encodeCall(ITrainingMarket.publish, (SPEC, terms));
        _gas(sponsor, due(terms), data); // The first number is the market's, not the task's.
        _snapshot("publish and fund (ETH)", _gas(sponsor, due(terms), data));
        VM.roll(block.number + 2);
        _snapshot("pin", _gas(sponsor, 0, abi.encodeCall(ITrainingMarket.pin, (1))));
        terms.token = address(token);
        _snapshot(
            "publish and fund (token)",
            _gas(sponsor, due(terms), abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)))
        );

        VM.warp(NOW + 10);
        _snapshotWhole();
        _snapshotAnswer();
        _snapshotStrike();
        _snapshot("runtime bytecode, bytes", address(market).code.length);
    }

    /// @dev A task with all its updates in reveals, and its keys.
    function _snapshotWhole() private {
        ITrainingMarket.Terms memory terms = keyTerms(3, 120);
        (terms.delivery, terms.answerSeconds, terms.updateBytes) = (ITrainingMarket.Delivery.Calldata, 0, BYTES);
        uint256 taskId = publish(terms);
        for (uint256 i = 0; i < 3; ++i) {
            fund(VM.addr(1000 + i));
            commitAs(VM.addr(1000 + i), taskId, 0, terms.stake);
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        uint256[] memory samples = new uint256[](3);
        for (uint256 i = 0; i < 3; ++i) {
            address who = VM.addr(1000 + i);
            samples[i] =
                _gas(who, 0, abi.encodeCall(ITrainingMarket.revealWhole, (taskId, updateOf(who, 0, BYTES), SALT)));
        }
        _snapshot("revealWhole, 9,640 bytes", _median(samples));
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
        (bytes memory keys, bytes32[] memory siblings) = keyChunk(0, 120, 0);
        bytes memory data = abi.encodeCall(ITrainingMarket.openKeys, (taskId, roundProof(taskId, 0), keys, siblings));
        _snapshot("openKeys, 120 keys", _gas(sponsor, 0, data));
    }

    /// @dev A whole piece of an update of four.
    function _snapshotAnswer() private {
        ITrainingMarket.Terms memory terms = keyTerms(3, 120);
        terms.updateBytes = uint32(4 * PIECE);
        uint256 taskId = publish(terms);
        commitAs(alice, taskId, 0, terms.stake);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealAs(alice, taskId, 0);
        VM.warp(market.scheduleOf(taskId, 0).answer);
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 1);
        _snapshot("demand", _gas(rival, 1 ether, abi.encodeCall(ITrainingMarket.demand, (taskId, piece))));
        (bytes memory update, bytes32[] memory siblings) = pieceData(alice, taskId, 0, 1);
        bytes memory data = abi.encodeCall(ITrainingMarket.answer, (taskId, piece, update, siblings));
        _snapshot("answer, 16,384 bytes", _gas(alice, 0, data));
    }

    /// @dev The second of two, so that a word of struck places is not empty any more.
    function _snapshotStrike() private {
        VM.etch(address(refuter), type(RefuterStub).runtimeCode);
        uint256 taskId = publishOpened(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        sealAs(poster, taskId, 0, twoResult());
        sealAs(carol, taskId, 0, twoResult());
        VM.warp(market.scheduleOf(taskId, 0).post);
        postAs(poster, taskId, twoResult());
        postAs(carol, taskId, twoResult());
        fall(taskId, 0, twoResult(), rival);
        market.strike(taskId, 0, poster);
        _snapshot("strike", _gas(stranger, 0, abi.encodeCall(ITrainingMarket.strike, (taskId, 0, carol))));
    }

    /// @dev A whole round of so many, in the mode of demands. Only the last of them are measured: the first writes what
    /// was empty.
    function _round(uint256 count) private returns (Figures memory figures) {
        ITrainingMarket.Terms memory terms = keyTerms(3, 4);
        terms.target = uint64(POINTS * count);
        uint256 taskId = publish(terms);
        figures.commit = _commits(taskId, 0, count, terms.stake);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        figures.reveal = _reveals(taskId, count);
        openKeys(taskId, 0);
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = Trees.result(i, VM.addr(1000 + i), POINTS);
        }
        _claims(figures, taskId, resultOf(leaves, uint64(POINTS * count)));
        figures.commitLater = _commits(taskId, 1, count, 0);
        warpTo(taskId, 1, ITrainingMarket.Phase.Reveal);
        _reveals(taskId, count);
        warpTo(taskId, 1, ITrainingMarket.Phase.Open);
        _payouts(figures, taskId, leaves);
    }

    function _commits(uint256 taskId, uint256 round, uint256 count, uint256 value) private returns (uint256) {
        uint256[] memory samples = new uint256[](SAMPLE);
        for (uint256 i = 0; i < count; ++i) {
            address who = VM.addr(1000 + i);
            if (who.balance == 0) VM.deal(who, FUNDS);
            bytes24 commitment = market.commitmentHash(taskId, round, who, _root(round, i), SALT);
            bytes memory data = abi.encodeCall(ITrainingMarket.commit, (taskId, commitment, noProof()));
            samples[i % SAMPLE] = _gas(who, value, data);
        }
        return _median(samples);
    }

    function _reveals(uint256 taskId, uint256 count) private returns (uint256) {
        (uint256 round,) = market.phaseOf(taskId);
        uint256[] memory samples = new uint256[](SAMPLE);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 file = keccak256(abi.encode("file", i));
            bytes memory data = abi.encodeCall(ITrainingMarket.reveal, (taskId, _root(round, i), file, SALT));
            samples[i % SAMPLE] = _gas(VM.addr(1000 + i), 0, data);
        }
        return _median(samples);
    }

    function _claims(Figures memory figures, uint256 taskId, ITrainingMarket.Result memory result) private {
        uint256[] memory samples = new uint256[](3);
        address[3] memory posters = [poster, rival, carol];
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        for (uint256 i = 0; i < 3; ++i) {
            bytes24 digest = market.sealHash(taskId, 0, posters[i], result, SALT);
            samples[i] = _gas(posters[i], BOND, abi.encodeCall(ITrainingMarket.sealClaim, (taskId, digest)));
        }
        figures.seal = _median(samples);
        VM.warp(market.scheduleOf(taskId, 0).post);
        bytes memory data = abi.encodeCall(ITrainingMarket.postClaim, (taskId, result, SALT, SPEC));
        for (uint256 i = 0; i < 3; ++i) {
            samples[i] = _gas(posters[i], 0, data);
        }
        figures.post = _median(samples);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        figures.finalise = _gas(stranger, 0, abi.encodeCall(ITrainingMarket.finalise, (taskId, 0, poster, result)));
        if (taskId > 1) return;
        data = abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, rival, poster, rival));
        _snapshot("claimBond", _gas(rival, 0, data));
    }

    function _payouts(Figures memory figures, uint256 taskId, bytes32[] memory leaves) private {
        figures.claimFirst = _reward(taskId, 0, leaves);
        uint256[] memory samples = new uint256[](SAMPLE);
        for (uint256 i = 0; i < SAMPLE; ++i) {
            samples[i] = _reward(taskId, i + 1, leaves);
        }
        figures.claimLater = _median(samples);
        for (uint256 i = 0; i < SAMPLE; ++i) {
            address who = VM.addr(1000 + i);
            samples[i] = _gas(who, 0, abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, who)));
        }
        figures.withdraw = _median(samples);
    }

    function _reward(uint256 taskId, uint256 index, bytes32[] memory leaves) private returns (uint256) {
        address who = VM.addr(1000 + index);
        bytes32[] memory proof = Trees.proof(leaves, 0, index);
        return _gas(who, 0, abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, index, who, POINTS, proof, who)));
    }

    function _write(Figures memory figures, uint256 count) private {
        string memory number = string.concat(", N = ", VM.toString(count));
        _snapshot(string.concat("commit with stake", number), figures.commit);
        _snapshot(string.concat("commit, later rounds", number), figures.commitLater);
        _snapshot(string.concat("reveal, demand mode", number), figures.reveal);
        _snapshot(string.concat("sealClaim", number), figures.seal);
        _snapshot(string.concat("postClaim", number), figures.post);
        _snapshot(string.concat("finalise", number), figures.finalise);
        _snapshot(string.concat("claimReward, first in a word", number), figures.claimFirst);
        _snapshot(string.concat("claimReward, later in a word", number), figures.claimLater);
        _snapshot(string.concat("withdrawStake", number), figures.withdraw);
        uint256 whole = figures.commit + figures.reveal + figures.claimLater + figures.withdraw;
        _snapshot(string.concat("participant, one round with its stake", number), whole);
    }

    /// @dev What a transaction costs: the EVM's figure (refunds taken off), or the floor of its calldata.
    function _gas(address who, uint256 value, bytes memory data) private returns (uint256 gas) {
        VM.prank(who);
        (bool success,) = address(market).call{value: value}(data);
        VM.assertTrue(success, "step");
        gas = VM.lastCallGas().gasTotalUsed;
        uint256 floor = 21_000;
        for (uint256 i = 0; i < data.length; ++i) {
            floor += data[i] == 0 ? 10 : 40;
        }
        if (gas < floor) gas = floor;
    }

    function _root(uint256 round, uint256 index) private pure returns (bytes32) {
        return keccak256(abi.encode("root", round, index));
    }

    function _median(uint256[] memory samples) private pure returns (uint256) {
        for (uint256 i = 1; i < samples.length; ++i) {
            for (uint256 j = i; j > 0 && samples[j - 1] > samples[j]; --j) {
                (samples[j - 1], samples[j]) = (samples[j], samples[j - 1]);
            }
        }
        return samples[samples.length / 2];
    }

    function _same(uint256 first, uint256 other, string memory what) private pure {
        VM.assertLe(first, other + SLACK, what);
        VM.assertLe(other, first + SLACK, what);
    }

    function _snapshot(string memory name, uint256 value) private {
        VM.snapshotValue("gas", name, value);
    }
}
