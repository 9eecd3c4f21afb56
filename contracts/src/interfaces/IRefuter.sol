// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "./ITrainingMarket.sol";

/// @title IRefuter
/// @author The Research authors
/// @notice Lets a wrong claim fall: to one step that is computed again, or because what it commits to is withheld.
/// @dev PROTOCOL.md, section Refutation, is the design; SCORING.md is what steps compute. A *case* is a result that somebody
/// claims of a round: all claims that say the same stand and fall together. Every byte of a trace has one right value and a
/// step reads only what lies before its own output, so of a wrong trace the first wrong output is wrong by itself.
///
/// The refuter holds fees of demands, and no bond: those lie in the market, which asks `standing`. It has no owner, keeps no
/// market's address (each market makes its own, and it is part of every case), and calls markets' views only.
interface IRefuter {
    /// @notice Which tree of a claim.
    enum Tree {
        Trace,
        Results
    }

    /// @notice What shows that a result contradicts its own trace.
    enum Field {
        ModelRoot,
        Total,
        Right
    }

    /// @notice A claim, and all that say the same.
    /// @param market The market.
    /// @param taskId The task.
    /// @param round The round.
    /// @param claimant Who posted it; of several that say the same, any. The first one named in a case has its fees, unless
    /// others answer in their own name.
    /// @param result What it says.
    struct Case {
        ITrainingMarket market;
        uint256 taskId;
        uint256 round;
        address claimant;
        ITrainingMarket.Result result;
    }

    /// @notice Consecutive leaves of a tree, and the hashes beside their way to the root.
    /// @param first The number of the first leaf.
    /// @param data The leaves, 128 bytes each; one or more.
    /// @param siblings From below: on each level the node left of them, where the first is a right child, then the node right
    /// of them, where the last is a left child.
    struct Leaves {
        uint256 first;
        bytes data;
        bytes32[] siblings;
    }

    /// @notice A record of a round's program, as SCORING.md has it: 1,024 bytes, 32 words.
    /// @param proof What the round is scored by.
    /// @param keys Root of the round's keys.
    /// @param number The record's number.
    /// @param mask Bit i: word i is among `words`; the others are zero.
    /// @param words Those words, in order.
    /// @param siblings The hashes beside the record's subtree of eight leaves, from below.
    struct ProgramRecord {
        ITrainingMarket.RoundProof proof;
        bytes32 keys;
        uint256 number;
        uint256 mask;
        bytes32[] words;
        bytes32[] siblings;
    }

    /// @notice A step of a claim's trace.
    /// @param record Its record.
    /// @param at Its coordinates, 32 bits for each of the record's loops, the outermost in the lowest bits.
    /// @param output The leaf, or leaves, that its output lies in.
    /// @param inputs What it reads, in the order a, b, c, where it reads it: an operand that is absent, that its record or
    /// the chain makes zero, or that another makes needless (the table of Gather where there is no such element) has none. An
    /// update has its seat's entry in the trace before it.
    struct Step {
        ProgramRecord record;
        uint256 at;
        Leaves output;
        Leaves[] inputs;
    }

    /// @notice How far a case is.
    /// @param party The claimant that its fees go to; once it fell, who made it fall.
    /// @param base When its time began to count, in Unix seconds; zero: nobody has demanded anything.
    /// @param window Seconds of the task's refute window, and of each level of demands.
    /// @param levels One more than the deepest level that was demanded; zero for none.
    /// @param depth Levels of the trace's tree above its leaves.
    /// @param resultsDepth Levels of the results' tree above its leaves.
    /// @param hasFallen Whether it fell.
    struct Board {
        address party;
        uint40 base;
        uint24 window;
        uint8 levels;
        uint8 depth;
        uint8 resultsDepth;
        bool hasFallen;
    }

    /// @notice A demanded node.
    /// @param demander Who asked.
    /// @param due First second in which no answer is taken.
    /// @param fee The fee, in units of 2^30 wei.
    /// @param answerer Zero: not answered. One: answered, the fee is the case's party's. Else: the place of the claim whose
    /// account answered, and two.
    struct Demand {
        address demander;
        uint40 due;
        uint32 fee;
        uint24 answerer;
    }

    /// @notice Somebody is about to refute something.
    /// @param sender Who.
    /// @param intent See `intend`.
    event Intended(address indexed sender, bytes32 intent);

    /// @notice A case fell: every claim that says this.
    /// @param id The case, see `idOf`.
    /// @param winner Who made it fall.
    /// @param address_ Where in the trace, in bytes; of a result, or of what was withheld, 2^256 - 1.
    event Refuted(bytes32 indexed id, address indexed winner, uint256 address_);

    /// @notice A node was demanded.
    /// @param id The case.
    /// @param tree Which tree.
    /// @param level Which step of the descent: 0 the root, each answer goes four levels down.
    /// @param index The node's number on its level of the tree, from the left.
    /// @param node The node.
    /// @param demander Who asked.
    /// @param due First second in which no answer is taken.
    /// @param fee Wei.
    event NodeDemanded(
        bytes32 indexed id,
        Tree tree,
        uint256 level,
        uint256 index,
        bytes32 node,
        address indexed demander,
        uint256 due,
        uint256 fee
    );

    /// @notice A demanded node was opened: everybody can go on from it.
    /// @param id The case.
    /// @param node The node.
    /// @param data Its descendants four levels down, 32 bytes each (of the root, as many levels down as leave a multiple of
    /// four below them); of a leaf, its 128 bytes.
    event NodeShown(bytes32 indexed id, bytes32 indexed node, bytes data);

    /// @notice A demand's fee was paid.
    /// @param id The case.
    /// @param node The node.
    /// @param recipient Whom: who answered, or who demanded.
    /// @param fee Wei.
    event NodeFeePaid(bytes32 indexed id, bytes32 indexed node, address indexed recipient, uint256 fee);

    /// @notice Thrown when the round before is not final, or no keys are open: nothing can be refuted yet.
    error NotReady();

    /// @notice Thrown when an account has posted no claim that says this.
    /// @param claimant The account.
    error NoSuchClaim(address claimant);

    /// @notice Thrown when a case fell already.
    /// @param id The case.
    error HasFallen(bytes32 id);

    /// @notice Thrown when what is refuted is right.
    error IsRight();

    /// @notice Thrown when a refutation was not announced, in a block before, by its sender.
    /// @param intent The intent that is missing.
    error NotIntended(bytes32 intent);

    /// @notice Thrown when a proof does not lead to the root that it must.
    /// @param expected The root.
    /// @param actual The root that it gives.
    error WrongPath(bytes32 expected, bytes32 actual);

    /// @notice Thrown when a number of a proof is not what it must be.
    /// @param field Which: "leaves", "siblings", "level", "index", "coordinate", "record", "inputs", "fee", "output".
    error Malformed(string field);

    /// @notice Thrown when a demand does not stand where the step needs it.
    /// @param key The demand.
    error WrongDemand(bytes32 key);

    /// @notice Thrown outside a demand's or case's time.
    /// @param limit The first second in which it can, or cannot, be done.
    /// @param timestamp The time now.
    error WrongTime(uint256 limit, uint256 timestamp);

    /// @notice Announces a refutation, so that nobody who sees it can send it first.
    /// @param intent `keccak256(abi.encode(sender, keccak256(msg.data of the refutation)))`.
    function intend(bytes32 intent) external;

    /// @notice Refutes a claim by a step of its trace, whose operands do not give its output.
    /// @dev Announced before (`intend`).
    /// @param claimed The claim.
    /// @param step The step.
    function refuteStep(Case calldata claimed, Step calldata step) external;

    /// @notice Refutes a claim by a byte of its trace that fills up a leaf behind an array, and is not zero.
    /// @param claimed The claim.
    /// @param record The array's record.
    /// @param at The coordinates of the loops around it; those of its own loops are not looked at.
    /// @param output The array's last leaf.
    function refutePadding(Case calldata claimed, ProgramRecord calldata record, uint256 at, Leaves calldata output)
        external;

    /// @notice Refutes a claim by a leaf behind the end of its trace that is not zero.
    /// @param claimed The claim.
    /// @param proof What the round is scored by.
    /// @param keys Root of the round's keys.
    /// @param output The leaf.
    function refuteEnd(
        Case calldata claimed,
        ITrainingMarket.RoundProof calldata proof,
        bytes32 keys,
        Leaves calldata output
    ) external;

    /// @notice Refutes a claim that says another model, total or accuracy than its own trace.
    /// @param claimed The claim.
    /// @param proof What the round is scored by.
    /// @param keys Root of the round's keys.
    /// @param field What differs.
    /// @param output The leaf of the trace that has it.
    function refuteField(
        Case calldata claimed,
        ITrainingMarket.RoundProof calldata proof,
        bytes32 keys,
        Field field,
        Leaves calldata output
    ) external;

    /// @notice Refutes a claim whose results do not say what its own trace says of a participant, or are not zero behind the
    /// last one.
    /// @param claimed The claim.
    /// @param proof What the round is scored by.
    /// @param keys Root of the round's keys.
    /// @param result The leaf of the results.
    /// @param entry The participant's entry in the trace; empty behind the last participant.
    /// @param points The leaf of the trace that has the points; empty behind the last participant.
    function refuteResult(
        Case calldata claimed,
        ITrainingMarket.RoundProof calldata proof,
        bytes32 keys,
        Leaves calldata result,
        Leaves calldata entry,
        Leaves calldata points
    ) external;

    /// @notice Demands a node of a claim's tree, in the time of its level, once something was demanded on the level before. Each
    /// node is demanded once.
    /// @dev Send at least `fee()`. It goes to who answers; back where the claim falls.
    /// @param claimed The claim.
    /// @param tree Which tree.
    /// @param level Which step of the descent, from zero for the root.
    /// @param index The node's number on its level of the tree.
    /// @param node The node.
    /// @param siblings The hashes beside its way to the root, from below.
    function demand(
        Case calldata claimed,
        Tree tree,
        uint256 level,
        uint256 index,
        bytes32 node,
        bytes32[] calldata siblings
    ) external payable;

    /// @notice Opens a demanded node; anyone may, in time. The fee is the case's party's.
    /// @param id The case.
    /// @param tree Which tree.
    /// @param level Which step of the descent.
    /// @param data The node's descendants four levels down (of the root: see `NodeShown`), or the leaf.
    function answer(bytes32 id, Tree tree, uint256 level, bytes calldata data) external;

    /// @notice The same, by another claimant of the case than its party, which then has the fee.
    /// @param market The market.
    /// @param taskId The task.
    /// @param round The round.
    /// @param tree Which tree.
    /// @param level Which step of the descent.
    /// @param data As above.
    function answerOwn(
        ITrainingMarket market,
        uint256 taskId,
        uint256 round,
        Tree tree,
        uint256 level,
        bytes calldata data
    ) external;

    /// @notice Lets a case fall whose node was not opened in time. Who demanded it wins. Anyone may send it, before the
    /// case's time ends.
    /// @param id The case.
    /// @param tree Which tree.
    /// @param level Which step of the descent.
    /// @param node The node.
    function expire(bytes32 id, Tree tree, uint256 level, bytes32 node) external;

    /// @notice Pays the fee of a demand: to who demanded it, where the case fell or nobody answered; else to who answered,
    /// once the case's time is over. Anyone may send it; a recipient that refuses it loses it.
    /// @param claimed The claim; where another claimant answered in its own name, that one's.
    /// @param tree Which tree.
    /// @param level Which step of the descent.
    /// @param node The node.
    function payFee(Case calldata claimed, Tree tree, uint256 level, bytes32 node) external;

    /// @notice Gets what became of a case, for its market.
    /// @param id The case.
    /// @return winner Who made it fall; zero while it stands.
    /// @return settled First second in which nothing can be demanded of it, or expire, any more; zero where nothing was.
    function standing(bytes32 id) external view returns (address winner, uint256 settled);

    /// @notice Gets a case.
    /// @param id The case.
    /// @return board How far it is.
    function boardOf(bytes32 id) external view returns (Board memory board);

    /// @notice Gets a demand.
    /// @param id The case.
    /// @param tree Which tree.
    /// @param level Which step of the descent.
    /// @param node The node.
    /// @return demanded The demand; all zero where there is none, or its fee was paid.
    function demandOf(bytes32 id, Tree tree, uint256 level, bytes32 node) external view returns (Demand memory demanded);

    /// @notice Gets the block of an intent; zero for none.
    /// @param intent The intent.
    /// @return number The block.
    function intendedAt(bytes32 intent) external view returns (uint256 number);

    /// @notice Gets the least fee of a demand in this block: four times what its answer costs at the base fee.
    /// @return least Wei.
    function fee() external view returns (uint256 least);

    /// @notice Gets the number of a case.
    /// @param market The market.
    /// @param taskId The task.
    /// @param round The round.
    /// @param digest The first 24 bytes of `keccak256(abi.encode(result))`.
    /// @return id `keccak256(abi.encode(market, taskId, round, digest))`.
    function idOf(ITrainingMarket market, uint256 taskId, uint256 round, bytes24 digest)
        external
        pure
        returns (bytes32 id);

    /// @notice Computes one step: what SCORING.md says of its kind.
    /// @dev Reverts for kinds that read the chain (Entry) or more than their operands.
    /// @param record The record, 32 words.
    /// @param coordinate The step's coordinate in its record's last loop.
    /// @param place The address of its output, less the bytes of the roster.
    /// @param a What it reads of its first operand, as many bytes as the kind reads; of Gather and Table the one element.
    /// @param b Of its second.
    /// @param c Of its third.
    /// @return output Its output, as many bytes as the record's width.
    function compute(
        bytes32[32] calldata record,
        uint256 coordinate,
        uint256 place,
        bytes calldata a,
        bytes calldata b,
        bytes calldata c
    ) external pure returns (bytes memory output);
}
