// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "./interfaces/IRefuter.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {BoardWords} from "./libraries/BoardWords.sol";
import {Descent} from "./libraries/Descent.sol";
import {LeafRange} from "./libraries/LeafRange.sol";
import {LeafTree} from "./libraries/LeafTree.sol";
import {Openings} from "./libraries/Openings.sol";
import {Payments} from "./libraries/Payments.sol";
import {RecordWords} from "./libraries/RecordWords.sol";
import {Refusal} from "./libraries/Refusal.sol";
import {StepMath} from "./libraries/StepMath.sol";

/// @title Refuter
/// @author The Research authors
/// @notice Lets a wrong claim fall: to one step that is computed again, or because what it commits to is withheld.
/// @dev PROTOCOL.md is the design, `IRefuter` the reference of every function, and the libraries what they compute.
contract Refuter is IRefuter {
    uint256 private constant UNIT = 2 ** 30; // Wei, of fees.
    uint256 private constant ANSWER_GAS = 45_000; // An answer of 512 bytes.
    uint256 private constant FEE_FACTOR = 4;

    uint256 private constant NUMBER = 8; // Bytes of a number of a claim.
    uint256 private constant LAST_NUMBERS = 5; // Leaves, at the trace's end: total, losses and right ones.
    uint256 private constant NOWHERE = type(uint256).max;

    // See `BoardWords`.
    mapping(bytes32 id => uint256 board) private _boards;
    mapping(bytes32 key => BoardWords.Demand demand) private _demands;
    mapping(bytes32 intent => uint256 number) private _intents;

    /// @inheritdoc IRefuter
    function intend(bytes32 intent) external {
        // The first one stands: who repeats another's intent must not make it too late.
        if (_intents[intent] != 0) return;

        _intents[intent] = block.number;
        emit Intended(msg.sender, intent);
    }

    /// @inheritdoc IRefuter
    function refuteStep(Case calldata claimed, Step calldata step) external {
        (bytes32 id, Openings.Scene memory scene) = _begin(claimed, step.record.proof, step.record.keys);
        bytes memory record = _recordOf(step.record);
        uint256 count = RecordWords.loops(record);
        RecordWords.checkCoordinates(record, step.at, count, scene.seats);
        uint256 place = RecordWords.output(record, step.at, count, scene.seats);
        bytes memory posted = Openings.trace(scene, step.output, place, RecordWords.width(record));
        bytes[3] memory operands =
            Openings.operandsOf(Openings.Reading(scene, record, step.at, 0, step.inputs.length, false), step.inputs);
        if (_isRight(scene, record, step.at, place, posted, operands)) revert IsRight();

        _refute(id, place);
    }

    /// @inheritdoc IRefuter
    function refutePadding(Case calldata claimed, ProgramRecord calldata record, uint256 at, Leaves calldata output)
        external
    {
        (bytes32 id, Openings.Scene memory scene) = _begin(claimed, record.proof, record.keys);
        bytes memory words = _recordOf(record);
        uint256 count = RecordWords.around(words);
        RecordWords.checkCoordinates(words, at, count, scene.seats);
        uint256 place = RecordWords.output(words, at, count, scene.seats) + RecordWords.arrayBytes(words, scene.seats);
        uint256 padding = (LeafTree.LEAF - place % LeafTree.LEAF) % LeafTree.LEAF;
        _requireOther(_isZero(Openings.trace(scene, output, place, padding)));

        _refute(id, place);
    }

    /// @inheritdoc IRefuter
    function refuteEnd(
        Case calldata claimed,
        ITrainingMarket.RoundProof calldata proof,
        bytes32 keys,
        Leaves calldata output
    ) external {
        (bytes32 id, Openings.Scene memory scene) = _begin(claimed, proof, keys);
        Refusal.malformedIf(output.first < Openings.end(scene) / LeafTree.LEAF, "index");
        _requireOther(_isZero(Openings.open(output, scene.traceRoot, scene.facts.depth)));

        _refute(id, output.first * LeafTree.LEAF);
    }

    /// @inheritdoc IRefuter
    function refuteField(
        Case calldata claimed,
        ITrainingMarket.RoundProof calldata proof,
        bytes32 keys,
        Field field,
        Leaves calldata output
    ) external {
        (bytes32 id, Openings.Scene memory scene) = _begin(claimed, proof, keys);
        uint256 place = Openings.end(scene);
        if (field == Field.Right) {
            place -= LeafTree.LEAF;
            _requireOther(_numberAt(scene, output, place) == claimed.result.right);
        } else if (field == Field.Total) {
            place -= LAST_NUMBERS * LeafTree.LEAF;
            _requireOther(_numberAt(scene, output, place) == claimed.result.total);
        } else {
            place = _pointsAt(scene) - LeafTree.LEAF;
            _requireOther(bytes32(Openings.trace(scene, output, place, 32)) == claimed.result.modelRoot);
        }

        _refute(id, NOWHERE);
    }

    /// @inheritdoc IRefuter
    function refuteResult(
        Case calldata claimed,
        ITrainingMarket.RoundProof calldata proof,
        bytes32 keys,
        Leaves calldata result,
        Leaves calldata entry,
        Leaves calldata points
    ) external {
        (bytes32 id, Openings.Scene memory scene) = _begin(claimed, proof, keys);
        Refusal.malformedIf(result.data.length != LeafTree.LEAF, "leaves");
        bytes memory leaf = Openings.open(result, claimed.result.resultsRoot, _resultsDepth(scene.facts.reveals));
        uint256 index = result.first;
        if (index >= scene.facts.reveals) {
            Refusal.malformedIf(entry.data.length + points.data.length != 0, "inputs");
            _requireOther(_isZero(leaf));
        } else {
            uint256 seat = scene.seats - 1 - index;
            uint256 participant = RecordWords.word(Openings.entryOf(scene, entry, seat), 1);
            uint256 earned = _numberAt(scene, points, _pointsAt(scene) + NUMBER * seat);
            _requireOther(keccak256(leaf) == keccak256(abi.encode(index, participant, earned, 0)));
        }

        _refute(id, NOWHERE);
    }

    /// @inheritdoc IRefuter
    function demand(
        Case calldata claimed,
        Tree tree,
        uint256 level,
        uint256 index,
        bytes32 node,
        bytes32[] calldata siblings
    ) external payable {
        bytes32 id = _idOf(claimed);
        Board memory board = _boardFor(id, claimed);
        uint256 depth = _depthOf(board, tree);
        // No level is skipped: so nothing can be demanded once a case is settled.
        Refusal.malformedIf(level > Descent.last(depth) || level > board.levels, "level");
        _requireBefore(board.base + uint256(board.window) * (level + 1));
        bytes32 root = tree == Tree.Trace ? claimed.result.traceRoot : claimed.result.resultsRoot;
        _checkPath(root, node, index, Descent.below(depth, level), siblings);

        if (level >= board.levels) {
            board.levels = uint8(level + 1);
            _boards[id] = BoardWords.wordOf(board);
        }
        bytes32 key = _keyOf(id, tree, level, node);
        BoardWords.Demand storage slot = _demands[key];
        if (slot.word != 0) revert WrongDemand(key);
        uint256 asked = _asked(board, Descent.opened(depth, level));
        slot.word = asked;
        _emitDemand(id, tree, level, index, node, asked);
    }

    /// @inheritdoc IRefuter
    function answer(bytes32 id, Tree tree, uint256 level, bytes calldata data) external {
        _answer(id, tree, level, data, BoardWords.ANSWERED);
    }

    /// @inheritdoc IRefuter
    function answerOwn(
        ITrainingMarket market,
        uint256 taskId,
        uint256 round,
        Tree tree,
        uint256 level,
        bytes calldata data
    ) external {
        ITrainingMarket.CaseFacts memory facts = market.caseOf(taskId, round, msg.sender);
        uint256 state = BoardWords.ANSWERED + 1 + facts.place;
        if (facts.state != ITrainingMarket.ClaimState.Posted || state > type(uint24).max) {
            revert NoSuchClaim(msg.sender);
        }
        _answer(idOf(market, taskId, round, facts.digest), tree, level, data, state);
    }

    /// @inheritdoc IRefuter
    function expire(bytes32 id, Tree tree, uint256 level, bytes32 node) external {
        uint256 board = _boardOf(id);
        bytes32 key = _keyOf(id, tree, level, node);
        uint256 demanded = _demands[key].word;
        if (!BoardWords.isOpen(demanded)) revert WrongDemand(key);
        uint256 due = BoardWords.dueOf(demanded);
        if (block.timestamp < due) revert WrongTime(due, block.timestamp);
        _requireBefore(_settled(BoardWords.board(board)));

        _fall(id, BoardWords.demanderOf(demanded), NOWHERE);
    }

    /// @inheritdoc IRefuter
    function payFee(Case calldata claimed, Tree tree, uint256 level, bytes32 node) external {
        bytes32 id = _idOf(claimed);
        bytes32 key = _keyOf(id, tree, level, node);
        uint256 demanded = _demands[key].word;
        if (demanded == 0) revert WrongDemand(key);
        address recipient = _recipient(claimed, BoardWords.board(_boards[id]), demanded);
        uint256 amount = UNIT * BoardWords.unitsOf(demanded);

        delete _demands[key];
        emit NodeFeePaid(id, node, recipient, amount);

        Payments.offer(recipient, amount);
    }

    /// @inheritdoc IRefuter
    function standing(bytes32 id) external view returns (address winner, uint256 settled) {
        Board memory board = BoardWords.board(_boards[id]);
        if (board.hasFallen) winner = board.party;
        settled = _settled(board);
    }

    /// @inheritdoc IRefuter
    function boardOf(bytes32 id) external view returns (Board memory board) {
        board = BoardWords.board(_boards[id]);
    }

    /// @inheritdoc IRefuter
    function demandOf(bytes32 id, Tree tree, uint256 level, bytes32 node)
        external
        view
        returns (Demand memory demanded)
    {
        uint256 word = _demands[_keyOf(id, tree, level, node)].word;
        (demanded.demander, demanded.due) = (BoardWords.demanderOf(word), uint40(BoardWords.dueOf(word)));
        demanded.fee = uint32(BoardWords.unitsOf(word));
        uint256 state = BoardWords.stateOf(word);
        if (state >= BoardWords.ANSWERED) demanded.answerer = uint24(state - BoardWords.ANSWERED + 1);
    }

    /// @inheritdoc IRefuter
    function intendedAt(bytes32 intent) external view returns (uint256 number) {
        number = _intents[intent];
    }

    /// @inheritdoc IRefuter
    function compute(
        bytes32[32] calldata record,
        uint256 coordinate,
        uint256 place,
        bytes calldata a,
        bytes calldata b,
        bytes calldata c
    ) external pure returns (bytes memory output) {
        bytes memory words = abi.encodePacked(record);
        uint256 width = RecordWords.width(words);
        Refusal.malformedIf(RecordWords.kind(words) == StepMath.ENTRY || width > 32, "record");
        bytes[3] memory operands;
        for (uint256 i = 0; i < 3; ++i) {
            operands[i] = _given(words, i, coordinate, i == 0 ? a : i == 1 ? b : c);
        }
        output = abi.encode(StepMath.compute(words, coordinate, place, operands));
        assembly ("memory-safe") { mstore(output, width) }
    }

    /// @inheritdoc IRefuter
    function fee() public view returns (uint256 least) {
        uint256 units = (FEE_FACTOR * ANSWER_GAS * block.basefee + UNIT - 1) / UNIT;
        if (units > type(uint32).max) units = type(uint32).max;
        least = units * UNIT;
    }

    /// @inheritdoc IRefuter
    function idOf(ITrainingMarket market, uint256 taskId, uint256 round, bytes24 digest)
        public
        pure
        returns (bytes32 id)
    {
        id = keccak256(abi.encode(market, taskId, round, digest));
    }

    // The board

    function _emitDemand(bytes32 id, Tree tree, uint256 level, uint256 index, bytes32 node, uint256 asked) private {
        emit NodeDemanded(
            id, tree, level, index, node, msg.sender, BoardWords.dueOf(asked), UNIT * BoardWords.unitsOf(asked)
        );
    }

    function _answer(bytes32 id, Tree tree, uint256 level, bytes calldata data, uint256 state) private {
        (bytes32 node, uint256 opened) = _nodeOf(id, tree, level, data);
        bytes32 key = _keyOf(id, tree, level, node);
        BoardWords.Demand storage slot = _demands[key];
        uint256 demanded = slot.word;
        if (!BoardWords.isOpen(demanded)) revert WrongDemand(key);
        // Fewer levels than are asked for would leave nodes that nobody can demand.
        Refusal.malformedIf(BoardWords.stateOf(demanded) != opened, "leaves");
        _requireBefore(BoardWords.dueOf(demanded));

        slot.word = BoardWords.answer(demanded, state);
        emit NodeShown(id, node, data);
    }

    function _fall(bytes32 id, address winner, uint256 place) private {
        _boards[id] = BoardWords.fall(_boards[id], winner);
        emit Refuted(id, winner, place);
    }

    /// @dev Last: whoever calls without having announced it learns whether it would hold.
    function _refute(bytes32 id, uint256 place) private {
        bytes32 intent = keccak256(abi.encode(msg.sender, keccak256(msg.data)));
        uint256 announced = _intents[intent];
        if (announced == 0 || announced >= block.number) revert NotIntended(intent);

        _fall(id, msg.sender, place);
    }

    /// @dev A demand by the sender, now.
    function _asked(Board memory board, uint256 opened) private view returns (uint256 asked) {
        uint256 units = msg.value / UNIT;
        Refusal.malformedIf(msg.value < fee() || units > type(uint32).max, "fee");
        uint256 due = block.timestamp < board.base ? board.base : block.timestamp;
        due += board.window < 2 ? 1 : board.window / 2;
        asked = BoardWords.demandOf(msg.sender, due, units, opened);
    }

    /// @dev The word of a case that stands.
    function _boardOf(bytes32 id) private view returns (uint256 board) {
        board = _boards[id];
        if (BoardWords.hasFallen(board)) revert HasFallen(id);
    }

    /// @dev The board of a case that stands. The market is asked only where nothing was demanded before: what the claims of a
    /// case say cannot change while it can be demanded.
    function _boardFor(bytes32 id, Case calldata claimed) private view returns (Board memory board) {
        board = BoardWords.board(_boardOf(id));
        if (board.base != 0) return board;

        ITrainingMarket.CaseFacts memory facts = _factsOf(claimed);
        (board.party, board.base, board.depth) = (claimed.claimant, facts.base, facts.depth);
        board.window = facts.window < type(uint24).max ? uint24(facts.window) : type(uint24).max;
        board.resultsDepth = uint8(_resultsDepth(facts.reveals));
    }

    function _recipient(Case calldata claimed, Board memory board, uint256 demanded)
        private
        view
        returns (address recipient)
    {
        if (board.hasFallen) return BoardWords.demanderOf(demanded);

        uint256 settled = _settled(board);
        if (block.timestamp < settled) revert WrongTime(settled, block.timestamp);
        if (BoardWords.isOpen(demanded)) return BoardWords.demanderOf(demanded);
        uint256 state = BoardWords.stateOf(demanded);
        if (state == BoardWords.ANSWERED) return board.party;

        recipient = claimed.claimant;
        ITrainingMarket.CaseFacts memory facts = claimed.market.caseOf(claimed.taskId, claimed.round, recipient);
        // A claim that is only sealed has the place of the first one posted, and another digest than any.
        if (facts.digest != _digestOf(claimed) || BoardWords.ANSWERED + 1 + facts.place != state) {
            revert NoSuchClaim(recipient);
        }
    }

    /// @dev The node that an answer opens, and by how many levels.
    function _nodeOf(bytes32 id, Tree tree, uint256 level, bytes calldata data)
        private
        view
        returns (bytes32 node, uint256 opened)
    {
        // 128 bytes are a leaf, or four nodes: these only below a root.
        if (data.length == LeafTree.LEAF && (level != 0 || _depthOf(BoardWords.board(_boards[id]), tree) == 0)) {
            return (keccak256(data), 0);
        }

        opened = Descent.levelsOf(data.length);
        Refusal.malformedIf(opened == 0, "leaves");
        node = LeafTree.rootOfNodes(data);
    }

    // Refutations

    /// @dev What every refutation needs: the claim stands, and this is what it is scored by.
    function _begin(Case calldata claimed, ITrainingMarket.RoundProof calldata proof, bytes32 keys)
        private
        view
        returns (bytes32 id, Openings.Scene memory scene)
    {
        id = _idOf(claimed);
        _boardOf(id);
        scene.facts = _factsOf(claimed);
        bytes32 program = keccak256(abi.encode(proof.code, proof.constants, proof.layout));
        bytes32 leaf = keccak256(abi.encode(program, proof.records, keys, proof.initial));
        bytes32 root = LeafTree.climb(leaf, claimed.round, proof.siblings);
        if (root != scene.facts.programRoot) revert WrongPath(scene.facts.programRoot, root);

        (scene.market, scene.taskId, scene.round) = (claimed.market, claimed.taskId, claimed.round);
        (scene.traceRoot, scene.seats) = (claimed.result.traceRoot, Openings.seatsOf(scene.facts.reveals));
        (scene.constants, scene.layout) = (proof.constants, proof.layout);
        (scene.records, scene.keys, scene.initial) = (proof.records, keys, proof.initial);
    }

    function _factsOf(Case calldata claimed) private view returns (ITrainingMarket.CaseFacts memory facts) {
        facts = claimed.market.caseOf(claimed.taskId, claimed.round, claimed.claimant);
        if (facts.state != ITrainingMarket.ClaimState.Posted || facts.digest != _digestOf(claimed)) {
            revert NoSuchClaim(claimed.claimant);
        }
        if (facts.base == 0) revert NotReady();
    }

    function _requireBefore(uint256 limit) private view {
        if (block.timestamp >= limit) revert WrongTime(limit, block.timestamp);
    }

    /// @dev A record, held to the root of the program's records.
    function _recordOf(ProgramRecord calldata opened) private pure returns (bytes memory record) {
        Refusal.malformedIf(opened.number >> opened.siblings.length != 0, "record");
        record = RecordWords.expand(opened.mask, opened.words);
        // Eight leaves, so that the way begins three levels up.
        uint256 first = opened.number * (RecordWords.BYTES / LeafTree.LEAF);
        bytes32 root = LeafRange.rootOf(record, first, opened.siblings.length + 3, opened.siblings);
        if (root != opened.proof.code) revert WrongPath(opened.proof.code, root);
    }

    function _isRight(
        Openings.Scene memory scene,
        bytes memory record,
        uint256 at,
        uint256 place,
        bytes memory posted,
        bytes[3] memory operands
    ) private pure returns (bool isRight) {
        uint256 coordinate = RecordWords.lastCoordinate(record, at);
        if (RecordWords.kind(record) != StepMath.ENTRY) {
            // Coins and noise follow from where an output lies behind the roster.
            uint256 stream = place - LeafTree.LEAF * scene.seats;
            return bytes32(posted) == StepMath.compute(record, coordinate, stream, operands);
        }

        Refusal.malformedIf(coordinate >= scene.seats, "record");
        uint256 index = scene.seats - 1 - coordinate;
        if (index >= scene.facts.reveals) return _isZero(posted);

        bool isLast = index == scene.facts.reveals - 1;
        isRight = bytes24(keccak256(posted)) == (isLast ? scene.facts.roster : bytes24(operands[0]));
    }

    function _numberAt(Openings.Scene memory scene, Leaves calldata leaves, uint256 place)
        private
        pure
        returns (uint256 number)
    {
        number = uint64(bytes8(Openings.trace(scene, leaves, place, NUMBER)));
    }

    /// @dev Where the points begin, behind the model's root.
    function _pointsAt(Openings.Scene memory scene) private pure returns (uint256 place) {
        place = Openings.end(scene) - LAST_NUMBERS * LeafTree.LEAF - NUMBER * scene.seats;
    }

    /// @dev An operand as somebody gives it: as many bytes as are read, or none for zeros.
    function _given(bytes memory record, uint256 which, uint256 coordinate, bytes calldata data)
        private
        pure
        returns (bytes memory operand)
    {
        if (RecordWords.headOf(record, which).presence == 0) {
            Refusal.malformedIf(data.length != 0, "inputs");
            return "";
        }
        uint256 size = StepMath.bytesOf(record, which, coordinate);
        if (data.length == 0) return new bytes(size);
        Refusal.malformedIf(data.length != size, "inputs");
        operand = data;
    }

    // Numbers and checks

    function _settled(Board memory board) private pure returns (uint256 settled) {
        if (board.base != 0) settled = board.base + uint256(board.window) * (1 + uint256(board.levels));
    }

    function _depthOf(Board memory board, Tree tree) private pure returns (uint256 depth) {
        depth = tree == Tree.Trace ? board.depth : board.resultsDepth;
    }

    function _resultsDepth(uint256 reveals) private pure returns (uint256 depth) {
        depth = LeafTree.levels(LeafTree.leavesOf(reveals * LeafTree.LEAF));
    }

    function _checkPath(bytes32 root, bytes32 node, uint256 index, uint256 below, bytes32[] calldata siblings)
        private
        pure
    {
        Refusal.malformedIf(siblings.length != below, "siblings");
        Refusal.malformedIf(index >> below != 0, "index");
        bytes32 actual = LeafTree.climb(node, index, siblings);
        if (actual != root) revert WrongPath(root, actual);
    }

    function _requireOther(bool isRight) private pure {
        if (isRight) revert IsRight();
    }

    function _isZero(bytes memory data) private pure returns (bool isZero) {
        isZero = true;
        for (uint256 i = 0; i < data.length; ++i) {
            if (data[i] != 0) return false;
        }
    }

    function _digestOf(Case calldata claimed) private pure returns (bytes24 digest) {
        digest = bytes24(keccak256(abi.encode(claimed.result)));
    }

    function _idOf(Case calldata claimed) private pure returns (bytes32 id) {
        id = idOf(claimed.market, claimed.taskId, claimed.round, _digestOf(claimed));
    }

    function _keyOf(bytes32 id, Tree tree, uint256 level, bytes32 node) private pure returns (bytes32 key) {
        // keccak256(abi.encode(id, tree, level, node)), for which no memory need be taken.
        assembly ("memory-safe") {
            let text := mload(0x40)
            mstore(text, id)
            mstore(add(text, 32), tree)
            mstore(add(text, 64), level)
            mstore(add(text, 96), node)
            key := keccak256(text, 128)
        }
    }
}
