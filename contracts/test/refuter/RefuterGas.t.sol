// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "../../src/interfaces/IRefuter.sol";
import {ITrainingMarket} from "../../src/interfaces/ITrainingMarket.sol";
import {Records} from "../fixtures/refuter/Records.sol";
import {RefuterTest} from "../fixtures/refuter/RefuterTest.sol";
import {SparseTree} from "../fixtures/refuter/SparseTree.sol";

/// @title RefuterGasTest
/// @author The Research authors
/// @notice What refuting costs in traces of real size: 2^16 to 2^28 leaves.
/// @dev Every call is a transaction of its own (`isolate`): 21,000, calldata and cold storage are counted, with the floor
/// of EIP-7623. The figures go to snapshots/refuter.json. The program has 512 records and the task 8 rounds.
contract RefuterGasTest is RefuterTest {
    uint256 private constant CODE_LEVELS = 12; // Above the leaves of the records: 512 of eight.
    uint256 private constant NUMBER = 333;
    uint256 private constant AT = 3 | (2 << 32) | (1 << 64) | (5 << 96) | (7 << 128);
    uint256 private constant FEE = 180_000 gwei;

    SparseTree private _trace;
    SparseTree private _code;
    SparseTree private _constants;
    SparseTree private _weights;
    uint256 private _depth;
    bytes[] private _inputs;

    /// forge-config: default.isolate = true
    function test_Gas_Steps_Snapshot() public {
        uint8[4] memory depths = [16, 20, 24, 28];
        for (uint256 i = 0; i < 4; ++i) {
            string memory size = string.concat(", 2^", VM.toString(depths[i]), " leaves");
            _snapshot(string.concat("Dot of 256", size), _dot(depths[i], 256, 0, false));
            _snapshot(string.concat("Dot of 256, across leaves, with a bias", size), _dot(depths[i], 256, 64, true));
            _snapshot(string.concat("Dot of 128", size), _dot(depths[i], 128, 0, false));
            _snapshot(string.concat("Dot of 128, across leaves, with a bias", size), _dot(depths[i], 128, 64, true));
            _snapshot(string.concat("Sum of 256, 8 bytes each", size), _sum(depths[i], 8));
            _snapshot(string.concat("Sum of 256, 2 bytes each", size), _sum(depths[i], 2));
            _snapshot(string.concat("Mac of the trace", size), _mac(depths[i]));
            _snapshot(string.concat("Table", size), _table(depths[i]));
            _snapshot(string.concat("Update's weight", size), _update(depths[i]));
        }
    }

    /// forge-config: default.isolate = true
    function test_Gas_Descent_Snapshot() public {
        uint8[4] memory depths = [16, 20, 24, 28];
        for (uint256 i = 0; i < 4; ++i) {
            _descent(depths[i]);
        }
    }

    /// forge-config: default.isolate = true
    function test_Gas_OtherSteps_Snapshot() public {
        _new(24);
        _trace.add(1 << 20, noise("leaf", 128));
        IRefuter.Case memory claimed = _claim();
        (bytes32 node, bytes32[] memory none) = (_trace.root(), new bytes32[](0));
        bytes memory data = abi.encodeCall(IRefuter.demand, (claimed, IRefuter.Tree.Trace, 0, 0, node, none));
        _gas(rival, FEE, data);
        bytes32 id = idOf(claimed);
        uint256 state = VM.snapshotState();
        VM.warp(BASE + WINDOW / 2);
        data = abi.encodeCall(IRefuter.expire, (id, IRefuter.Tree.Trace, 0, node));
        _snapshot("expire", _gas(rival, 0, data));
        data = abi.encodeCall(IRefuter.payFee, (claimed, IRefuter.Tree.Trace, 0, node));
        _snapshot("payFee", _gas(rival, 0, data));
        VM.revertToState(state);
        data =
            abi.encodeCall(IRefuter.answerOwn, (claimed.market, TASK, ROUND, IRefuter.Tree.Trace, 0, _children(20, 0)));
        _snapshot("answerOwn", _gas(poster, 0, data));
        _snapshot("intend", _gas(rival, 0, abi.encodeCall(IRefuter.intend, (keccak256("intent")))));
        _snapshot("runtime bytecode, bytes", address(refuter).code.length);
    }

    function _descent(uint256 depth) private {
        _new(depth);
        uint256 leaf = uint256(keccak256(abi.encode(depth))) % (2 ** depth);
        _trace.add(leaf, noise("leaf", 128));
        IRefuter.Case memory claimed = _claim();
        bytes32 id = idOf(claimed);
        (uint256 demands, uint256 answers, uint256 count) = (0, 0, 0);
        for (uint256 level = 0; 4 * level <= depth; ++level) {
            uint256 above = depth - 4 * level; // All depths here are multiples of four.
            demands += _demand(claimed, level, above, leaf >> above);
            bytes memory below = above == 0 ? _trace.opened(leaf, 1).data : _children(above - 4, (leaf >> above) << 4);
            bytes memory data = abi.encodeCall(IRefuter.answer, (id, IRefuter.Tree.Trace, level, below));
            answers += _gas(poster, 0, data);
            ++count;
        }
        string memory size = string.concat(VM.toString(count), " of a descent, 2^", VM.toString(depth), " leaves");
        _snapshot(string.concat("demands, ", size), demands);
        _snapshot(string.concat("answers, ", size), answers);
    }

    function _demand(IRefuter.Case memory claimed, uint256 level, uint256 above, uint256 index)
        private
        returns (uint256)
    {
        bytes32[] memory siblings = _trace.proof(above, index);
        bytes memory data = abi.encodeCall(
            IRefuter.demand, (claimed, IRefuter.Tree.Trace, level, index, _trace.node(above, index), siblings)
        );
        return _gas(rival, FEE, data);
    }

    function _children(uint256 level, uint256 first) private view returns (bytes memory nodes) {
        for (uint256 i = 0; i < 16; ++i) {
            nodes = bytes.concat(nodes, _trace.node(level, first + i));
        }
    }

    /// @dev Both runs in the trace, `skip` bytes behind the beginning of a leaf; and perhaps a bias there.
    function _dot(uint256 depth, uint256 terms, uint256 skip, bool hasBias) private returns (uint256) {
        _new(depth);
        bytes memory record = _record(1, 2, terms);
        uint256 count = (2 * terms + skip + 127) / 128;
        _operand(record, 0, 2, count, skip);
        _operand(record, 1, 2, count, skip);
        if (hasBias) _operand(record, 2, 2, 1, 0);
        return _refute(record);
    }

    function _sum(uint256 depth, uint256 width) private returns (uint256) {
        _new(depth);
        bytes memory record = _record(2, 8, 256);
        _operand(record, 0, width, 2 * width, 0);
        return _refute(record);
    }

    function _mac(uint256 depth) private returns (uint256) {
        _new(depth);
        bytes memory record = _record(3, 8, 1);
        _operand(record, 0, 8, 1, 0);
        _operand(record, 1, 8, 1, 0);
        _operand(record, 2, 8, 1, 0);
        return _refute(record);
    }

    function _table(uint256 depth) private returns (uint256) {
        _new(depth);
        bytes memory record = _record(6, 2, 1);
        _operand(record, 0, 2, 1, 0);
        Records.operand(record, 1, 1, 2, int256(128 * 555));
        Records.operand(record, 2, 1, 2, 0);
        _constants.add(0, noise("constant", 128));
        _constants.add(555, noise("table", 128));
        _inputs.push(abi.encode(_constants.opened(555, 1)));
        _inputs.push(abi.encode(_constants.opened(0, 1)));
        return _refute(record);
    }

    function _update(uint256 depth) private returns (uint256) {
        _new(depth);
        _weights.add(77, noise("weights", 128));
        bytes memory record = _record(3, 2, 1);
        Records.operand(record, 0, 131_072 + 15, 4, 128 * 77);
        _trace.add(15, abi.encode(uint256(0), alice, _weights.root(), 100));
        _operand(record, 1, 2, 1, 0);
        bytes memory last = _inputs[0];
        _inputs[0] = abi.encode(15, 1);
        _inputs.push(abi.encode(_weights.opened(77, 1)));
        _inputs.push(last);
        return _refute(record);
    }

    function _new(uint256 depth) private {
        (_depth, _trace) = (depth, new SparseTree(depth));
        (_code, _constants, _weights) = (new SparseTree(CODE_LEVELS), new SparseTree(12), new SparseTree(14));
        delete _inputs;
    }

    /// @dev Three loops around, two of its own and one of parts, as a layer of a training has.
    function _record(uint256 kind, uint256 width, uint256 length) private view returns (bytes memory record) {
        record = Records.step(kind, width);
        // At the coordinates AT its output is the last one of the leaf.
        Records.start(record, int256(128 * _place("output")) - _moved(), 0, 0);
        Records.length(record, length);
        Records.shifts(record, 10, 12);
        uint24[3] memory strides = [1_234_560, 345_600, 65_536];
        for (uint256 i = 0; i < 3; ++i) {
            Records.loop(record, true, 9, int256(uint256(strides[i])), 0);
        }
        Records.loop(record, false, 32, 64, 0);
        Records.loop(record, false, 10, 2, 0);
        Records.loop(record, false, 1, 2, 0);
    }

    function _moved() private pure returns (int256) {
        return 3 * 1_234_560 + 2 * 345_600 + 65_536 + 5 * 64 + 7 * 2;
    }

    /// @dev An operand in the trace that moves with the loops around and one of its own.
    function _operand(bytes memory record, uint256 which, uint256 width, uint256 count, uint256 skip) private {
        string memory name = string.concat("operand ", VM.toString(which));
        uint256 first = _place(name);
        Records.operand(record, which, 0, width, int256(128 * first + skip) - 11 * 12_288);
        for (uint256 i = 0; i < 4; ++i) {
            Records.stride(record, which, i, 12_288, 0);
        }
        _trace.add(first, noise(name, 128 * count));
        _inputs.push(abi.encode(first, count));
    }

    /// @dev A place in a quarter of the trace of its own, so that ways meet near the root only.
    function _place(string memory name) private view returns (uint256) {
        return 1024 + uint256(keccak256(abi.encode(name, _depth))) % ((2 ** _depth) - 2048);
    }

    /// @dev Refutes the output at the coordinates AT.
    function _refute(bytes memory record) private returns (uint256) {
        _trace.add(_place("output"), noise("output", 128));
        _code.add(8 * NUMBER, record);
        IRefuter.Step memory step;
        step.record = _recordProof(record);
        step.at = AT;
        step.output = _trace.opened(_place("output"), 1);
        step.inputs = new IRefuter.Leaves[](_inputs.length);
        for (uint256 i = 0; i < _inputs.length; ++i) {
            if (_inputs[i].length == 64) {
                (uint256 first, uint256 count) = abi.decode(_inputs[i], (uint256, uint256));
                step.inputs[i] = _trace.opened(first, count);
            } else {
                step.inputs[i] = abi.decode(_inputs[i], (IRefuter.Leaves));
            }
        }
        bytes memory data = abi.encodeCall(IRefuter.refuteStep, (_claim(), step));
        VM.roll(block.number + 1);
        announce(rival, data);
        return _gas(rival, 0, data);
    }

    function _recordProof(bytes memory record) private view returns (IRefuter.ProgramRecord memory proved) {
        (proved.proof, proved.keys) = (_proof(), keccak256("keys"));
        proved.number = NUMBER;
        (proved.mask, proved.words) = Records.words(record);
        proved.siblings = _code.proof(3, NUMBER);
    }

    function _proof() private view returns (ITrainingMarket.RoundProof memory proof) {
        (proof.code, proof.constants) = (_code.root(), _constants.root());
        bytes memory layout = new bytes(32);
        Records.polynomial(layout, 0, int256((2 ** _depth) * 128), 123_456, 2048);
        for (uint256 i = 24; i < 29; ++i) {
            layout[i] = bytes1(uint8(i == 24 ? 12 : 14));
        }
        (proof.layout, proof.records, proof.initial) = (bytes32(layout), keccak256("records"), keccak256("initial"));
        proof.siblings = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) {
            proof.siblings[i] = keccak256(abi.encode("round", i));
        }
    }

    function _claim() private returns (IRefuter.Case memory claimed) {
        ITrainingMarket.Result memory result =
            ITrainingMarket.Result(_trace.root(), keccak256("results"), keccak256("model"), 123_456_789, 1234);
        ITrainingMarket.CaseFacts memory facts = factsOf(result);
        ITrainingMarket.RoundProof memory proof = _proof();
        bytes32 node = keccak256(abi.encode(proof.code, proof.constants, proof.layout));
        node = keccak256(abi.encode(node, proof.records, keccak256("keys"), proof.initial));
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 sibling = proof.siblings[i];
            bool isRight = (ROUND >> i) & 1 == 1;
            node = isRight ? keccak256(abi.encode(sibling, node)) : keccak256(abi.encode(node, sibling));
        }
        (facts.depth, facts.programRoot) = (uint8(_depth), node);
        market.setCase(TASK, ROUND, poster, facts);
        return IRefuter.Case(ITrainingMarket(address(market)), TASK, ROUND, poster, result);
    }

    /// @dev What a transaction costs: the EVM's figure (refunds taken off), or the floor of its calldata.
    function _gas(address who, uint256 value, bytes memory data) private returns (uint256 gas) {
        VM.prank(who);
        (bool success,) = address(refuter).call{value: value}(data);
        VM.assertTrue(success, "step");
        gas = VM.lastCallGas().gasTotalUsed;
        uint256 floor = 21_000;
        for (uint256 i = 0; i < data.length; ++i) {
            floor += data[i] == 0 ? 10 : 40;
        }
        if (gas < floor) gas = floor;
    }

    function _snapshot(string memory name, uint256 value) private {
        VM.snapshotValue("refuter", name, value);
    }
}
