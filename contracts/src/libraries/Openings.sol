// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "../interfaces/IRefuter.sol";
import {ITrainingMarket} from "../interfaces/ITrainingMarket.sol";
import {LeafRange} from "./LeafRange.sol";
import {LeafTree} from "./LeafTree.sol";
import {RecordWords} from "./RecordWords.sol";
import {Refusal} from "./Refusal.sol";
import {StepMath} from "./StepMath.sol";

/// @title Openings
/// @author The Research authors
/// @notice Reads what a round's steps read, from leaves that somebody opens: the trace of a claim, and the round's inputs.
/// @dev Every root comes from the chain, from the claim, or from what leads to the task's `programRoot`.
library Openings {
    /// @notice A claim and what its round is scored by.
    /// @param market The market.
    /// @param taskId The task.
    /// @param round The round.
    /// @param traceRoot Root of the claim's trace.
    /// @param facts What the market says.
    /// @param seats Seats of the round.
    /// @param constants Root of the program's constants.
    /// @param layout Size of the trace, and depths of what it reads.
    /// @param records Root of the round's records.
    /// @param keys Root of their keys.
    /// @param initial Root of the model that the task starts from.
    struct Scene {
        ITrainingMarket market;
        uint256 taskId;
        uint256 round;
        bytes32 traceRoot;
        ITrainingMarket.CaseFacts facts;
        uint256 seats;
        bytes32 constants;
        bytes32 layout;
        bytes32 records;
        bytes32 keys;
        bytes32 initial;
    }

    /// @notice A step, and which of its inputs were not read yet.
    /// @param scene The claim.
    /// @param record Its record.
    /// @param at Its coordinates.
    /// @param next The first one.
    /// @param end Behind the last one.
    /// @param isBackwards Whether the last one is read next.
    struct Reading {
        Scene scene;
        bytes record;
        uint256 at;
        uint256 next;
        uint256 end;
        bool isBackwards;
    }

    /// @dev Where bytes lie.
    struct Place {
        uint256 tree;
        uint256 address_;
        uint256 size;
    }

    /// @dev The trees of SCORING.md.
    uint256 private constant TRACE = 0;
    uint256 private constant CONSTANTS = 1;
    uint256 private constant MODEL = 2;
    uint256 private constant RECORDS = 3;
    uint256 private constant KEYS = 4;
    uint256 private constant CHAIN = 5;
    uint256 private constant DIRECTIONS = 1 << 16;
    uint256 private constant UPDATES = 1 << 17;

    /// @dev Where the layout has the depths of trees.
    uint256 private constant CONSTANTS_DEPTH = 24;
    uint256 private constant MODEL_DEPTH = 25;
    uint256 private constant DIRECTION_DEPTH = 26;
    uint256 private constant RECORDS_DEPTH = 27;
    uint256 private constant KEYS_DEPTH = 28;

    uint256 private constant BLOCK = 16;
    uint256 private constant ROOT_WORD = 2; // Of an entry of the roster.

    /// @notice Reads all operands of a step.
    /// @param reading The step.
    /// @param inputs What is opened; neither fewer nor more than it reads.
    /// @return operands Their bytes; empty where one is absent.
    function operandsOf(Reading memory reading, IRefuter.Leaves[] calldata inputs)
        internal
        view
        returns (bytes[3] memory operands)
    {
        bool isTable = RecordWords.kind(reading.record) == StepMath.TABLE;
        for (uint256 i = 0; i < 3; ++i) {
            // A table's element follows from the third operand too, which is opened last.
            uint256 which = isTable && i != 0 ? 3 - i : i;
            reading.isBackwards = isTable && i == 1;
            operands[which] = _operand(reading, inputs, which, operands);
        }
        Refusal.malformedIf(reading.next != reading.end, "inputs");
    }

    /// @notice Gets the number of seats.
    /// @param reveals Number of updates revealed.
    /// @return seats Whole blocks of 16, at least one.
    function seatsOf(uint256 reveals) internal pure returns (uint256 seats) {
        seats = (reveals + BLOCK - 1) / BLOCK * BLOCK;
        if (seats == 0) seats = BLOCK;
    }

    /// @notice Gets the end of the trace.
    /// @param scene The claim.
    /// @return place Its bytes.
    function end(Scene memory scene) internal pure returns (uint256 place) {
        int256 value = RecordWords.polynomial(uint256(scene.layout) >> 64, int256(scene.seats / BLOCK));
        Refusal.malformedIf(value < 0, "record");
        place = uint256(value);
    }

    /// @notice Reads bytes of the trace.
    /// @param scene The claim.
    /// @param leaves The leaves that hold them.
    /// @param place Their address.
    /// @param size How many.
    /// @return data The bytes.
    function trace(Scene memory scene, IRefuter.Leaves calldata leaves, uint256 place, uint256 size)
        internal
        pure
        returns (bytes memory data)
    {
        data = open(leaves, scene.traceRoot, scene.facts.depth);
        data = LeafRange.slice(data, leaves.first, place, size, "output");
    }

    /// @notice Opens leaves of a tree.
    /// @param leaves The leaves.
    /// @param root The tree's root.
    /// @param depth Its levels above its leaves.
    /// @return data Their bytes.
    function open(IRefuter.Leaves calldata leaves, bytes32 root, uint256 depth)
        internal
        pure
        returns (bytes memory data)
    {
        data = leaves.data;
        _require(root, LeafRange.rootOf(data, leaves.first, depth, leaves.siblings));
    }

    /// @notice Gets the entry of a seat in the roster, which is what a trace begins with.
    /// @param scene The claim.
    /// @param leaves The leaf that has it.
    /// @param seat The seat.
    /// @return entry Its 128 bytes.
    function entryOf(Scene memory scene, IRefuter.Leaves calldata leaves, uint256 seat)
        internal
        pure
        returns (bytes memory entry)
    {
        entry = trace(scene, leaves, LeafTree.LEAF * seat, LeafTree.LEAF);
    }

    function _operand(
        Reading memory reading,
        IRefuter.Leaves[] calldata inputs,
        uint256 which,
        bytes[3] memory operands
    ) private view returns (bytes memory data) {
        RecordWords.Head memory head = RecordWords.headOf(reading.record, which);
        if (head.presence == 0) return "";

        Place memory place;
        uint256 coordinate = RecordWords.lastCoordinate(reading.record, reading.at);
        place.size = StepMath.bytesOf(reading.record, which, coordinate);
        (bool isZero, int256 address_) = RecordWords.operand(reading.record, which, reading.at, reading.scene.seats);
        (bool isNeedless, int256 moved) = _moved(reading.record, which, operands);
        if (isZero || isNeedless) return new bytes(place.size);

        address_ += moved;
        Refusal.malformedIf(address_ < 0, "record");
        (place.tree, place.address_) = (RecordWords.treeOf(head, reading.at), uint256(address_));
        data = _read(reading, inputs, place);
    }

    function _read(Reading memory reading, IRefuter.Leaves[] calldata inputs, Place memory place)
        private
        view
        returns (bytes memory data)
    {
        uint256 depth = _depthOf(reading.scene, place.tree);
        // What lies behind an input's tree is zero; nothing in a program reads behind the trace's.
        if (place.tree != TRACE && (place.address_ / LeafTree.LEAF) >> depth != 0) return new bytes(place.size);
        if (place.tree == CHAIN) {
            data = abi.encode(reading.scene.facts.seed, 0, 0, 0);
            return LeafRange.slice(data, 0, place.address_, place.size, "inputs");
        }

        (bool isZero, bytes32 root) = _rootOf(reading, inputs, place.tree);
        if (isZero) return new bytes(place.size);

        IRefuter.Leaves calldata leaves = _take(reading, inputs);
        if (place.tree == MODEL) data = _openHalf(leaves, root, depth, 0);
        else if (place.tree >= DIRECTIONS && place.tree < UPDATES) data = _openHalf(leaves, root, depth, 1);
        else data = open(leaves, root, depth);
        data = LeafRange.slice(data, leaves.first, place.address_, place.size, "inputs");
    }

    /// @dev The root of an input, or that it is zero throughout.
    function _rootOf(Reading memory reading, IRefuter.Leaves[] calldata inputs, uint256 tree)
        private
        view
        returns (bool isZero, bytes32 root)
    {
        Scene memory scene = reading.scene;
        if (tree == TRACE) return (false, scene.traceRoot);
        if (tree == CONSTANTS) return (false, scene.constants);
        if (tree == MODEL) return (false, scene.facts.model == 0 ? scene.initial : scene.facts.model);
        if (tree == RECORDS) return (false, scene.records);
        if (tree == KEYS) return (false, scene.keys);
        if (tree < UPDATES) {
            ITrainingMarket.Round memory past = scene.market.getRound(scene.taskId, tree - DIRECTIONS);
            return (past.outcome != ITrainingMarket.Outcome.Scored, past.modelRoot);
        }

        uint256 seat = tree - UPDATES;
        Refusal.malformedIf(seat >= scene.seats, "record");
        uint256 index = scene.seats - 1 - seat;
        if (index >= scene.facts.reveals || scene.market.isOut(scene.taskId, scene.round, index)) return (true, 0);

        root = bytes32(RecordWords.word(entryOf(scene, _take(reading, inputs), seat), ROOT_WORD));
    }

    /// @dev By how many bytes the values of others move an operand, and whether they make it needless.
    function _moved(bytes memory record, uint256 which, bytes[3] memory operands)
        private
        pure
        returns (bool isNeedless, int256 moved)
    {
        if (which == 0) return (false, 0);

        uint256 kind = RecordWords.kind(record);
        int256 length = int256(RecordWords.length(record));
        int256 index = StepMath.numberOf(record, 0, operands[0]);
        if (kind == StepMath.DECODE && index <= 0) return (false, which == 1 ? length : int256(LeafTree.LEAF));
        if (which == 2) return (false, 0);

        if (kind == StepMath.GATHER) {
            if (index < 0 || index >= length) return (true, 0);
        } else if (kind == StepMath.TABLE) {
            index += StepMath.numberOf(record, 2, operands[2]);
            if (index >= length) index = length - 1;
            if (index < 0) index = 0;
        } else {
            return (false, 0);
        }
        moved = index * int256(RecordWords.widthOf(record, 1));
    }

    /// @dev A model's root has that of its weights to the left, and that of its direction to the right: the last sibling is
    /// the other one.
    function _openHalf(IRefuter.Leaves calldata leaves, bytes32 root, uint256 depth, uint256 side)
        private
        pure
        returns (bytes memory data)
    {
        uint256 above = leaves.siblings.length;
        Refusal.malformedIf(above == 0, "siblings");

        data = leaves.data;
        bytes32 half = LeafRange.rootOf(data, leaves.first, depth, leaves.siblings[:above - 1]);
        _require(root, LeafTree.climb(half, side, leaves.siblings[above - 1:]));
    }

    function _take(Reading memory reading, IRefuter.Leaves[] calldata inputs)
        private
        pure
        returns (IRefuter.Leaves calldata leaves)
    {
        Refusal.malformedIf(reading.next == reading.end, "inputs");
        if (reading.isBackwards) return inputs[--reading.end];

        leaves = inputs[reading.next];
        ++reading.next;
    }

    function _depthOf(Scene memory scene, uint256 tree) private pure returns (uint256 depth) {
        if (tree == TRACE) return scene.facts.depth;
        if (tree == CHAIN) return 0;

        uint256 at_ = 0;
        if (tree == CONSTANTS) at_ = CONSTANTS_DEPTH;
        else if (tree == MODEL || tree >= UPDATES) at_ = MODEL_DEPTH;
        else if (tree == RECORDS) at_ = RECORDS_DEPTH;
        else if (tree == KEYS) at_ = KEYS_DEPTH;
        else if (tree >= DIRECTIONS) at_ = DIRECTION_DEPTH;
        Refusal.malformedIf(at_ == 0, "record");
        depth = uint8(scene.layout[at_]);
    }

    function _require(bytes32 expected, bytes32 actual) private pure {
        if (expected != actual) revert IRefuter.WrongPath(expected, actual);
    }
}
