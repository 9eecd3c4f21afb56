// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {Refuter} from "./Refuter.sol";
import {IRefuter} from "./interfaces/IRefuter.sol";
import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {LeafTree} from "./libraries/LeafTree.sol";
import {Payments} from "./libraries/Payments.sol";
import {PoolMath} from "./libraries/PoolMath.sol";
import {TaskClock} from "./libraries/TaskClock.sol";
import {TermLimits} from "./libraries/TermLimits.sol";

/// @title TrainingMarket
/// @author The Research authors
/// @notice The market of `ITrainingMarket`.
/// @dev Burned money stays here, and nothing here can move it: a transfer to nowhere could fail, and hold up a round.
/// ETH held = Σ over tasks (pool not paid + audit fees not paid) + stakes + bonds + demand fees + burned; of a struck bond,
/// what its winner did not get is burned. Fees of demands of a claim's nodes are the refuter's, not held here.
contract TrainingMarket is ITrainingMarket, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using TaskClock for TaskClock.Clock;

    /// @dev What is kept of a task, in words as steps read them; `published` is a block. `TermLimits` keeps every term within
    /// its type here.
    struct StoredTask {
        TaskClock.Clock clock;
        uint64 stake;
        uint40 target;
        uint24 updateBytes;
        uint64 bond;
        uint64 auditFee;
        uint128 pool;
        uint128 carried;
        address sponsor;
        uint16 finalised;
        uint16 keys;
        uint16 targetRight;
        uint48 published;
        bytes32 programRoot;
        address token;
        bytes32 allowRoot;
        bytes32 pin;
    }

    /// @dev Which pieces of an update were demanded, a bit each.
    struct Demands {
        uint64 asked;
        uint64 open;
    }

    /// @dev A fee that waits for its answer.
    struct Fee {
        address demander;
        uint96 amount;
    }

    uint256 private constant AUDITORS = 3;
    uint256 private constant MOST_REVEALS = 65_536; // SCORING.md.
    uint256 private constant ANSWER_GAS = 700_000; // Of a whole piece: 40 gas for each byte of calldata (EIP-7623).
    uint256 private constant REFUTE_GAS = 700_000; // Of a descent's demands, a step and the strike.

    /// @inheritdoc ITrainingMarket
    uint256 public taskCount;

    mapping(uint256 taskId => StoredTask task) private _tasks;
    mapping(uint256 taskId => mapping(uint256 round => Round state)) private _rounds;
    mapping(uint256 taskId => mapping(address participant => Position position)) private _positions;
    mapping(uint256 taskId => mapping(uint256 round => mapping(address claimant => Claim claim))) private _claims;
    mapping(uint256 taskId => mapping(uint256 round => mapping(address participant => Demands demands))) private
        _demands;
    mapping(
        uint256 taskId => mapping(uint256 round => mapping(address participant => mapping(uint256 chunk => Fee fee)))
    ) private _fees;
    mapping(uint256 taskId => mapping(uint256 round => BitMaps.BitMap indices)) private _out;
    mapping(uint256 taskId => mapping(uint256 round => BitMaps.BitMap indices)) private _paid;
    mapping(uint256 taskId => mapping(uint256 round => BitMaps.BitMap places)) private _struck;

    /// @dev The first contract that it creates: `refuter` finds it by that, for immutables would make the runtime code
    /// another with each deployment.
    constructor() {
        new Refuter();
    }

    // In memory the types of the terms are checked once, and not at each reading.
    // solhint-disable gas-calldata-parameters
    /// @inheritdoc ITrainingMarket
    function publish(bytes32 specHash, Terms memory terms) external payable returns (uint256 taskId) {
        if (specHash == 0) revert ZeroHash("specHash");
        if (terms.programRoot == 0) revert ZeroHash("programRoot");
        if (terms.token != address(0) && terms.token.code.length == 0) revert TokenWithoutCode(terms.token);
        TermLimits.check(terms);
        unchecked {
            uint256 fees = uint256(terms.auditFee) * terms.rounds;
            _checkValue(terms.token == address(0) ? fees + terms.pool : fees);
        }

        taskId = ++taskCount;
        StoredTask storage task = _tasks[taskId];
        task.clock = TaskClock.Clock({
            start: terms.start == 0 ? uint40(block.timestamp) : terms.start,
            commitSeconds: terms.commitSeconds,
            revealSeconds: terms.revealSeconds,
            answerSeconds: terms.answerSeconds,
            openSeconds: terms.openSeconds,
            scoreSeconds: terms.scoreSeconds,
            refuteSeconds: terms.refuteSeconds,
            rounds: terms.rounds,
            flags: TaskClock.flagsOf(terms.delivery, terms.allowRoot != 0)
        });
        (task.stake, task.bond, task.auditFee, task.target, task.updateBytes) =
        (terms.stake, terms.bond, terms.auditFee, uint40(terms.target), uint24(terms.updateBytes));
        task.pool = terms.pool;
        (task.sponsor, task.keys, task.targetRight, task.published) =
        (msg.sender, terms.keys, uint16(terms.targetRight), uint48(block.number));
        task.programRoot = terms.programRoot;
        if (terms.allowRoot != 0) task.allowRoot = terms.allowRoot;
        emit TaskPublished(taskId, msg.sender, specHash);

        if (terms.token != address(0)) {
            task.token = terms.token;
            _pull(terms.token, terms.pool);
        }
    }

    // solhint-enable gas-calldata-parameters

    /// @inheritdoc ITrainingMarket
    function commit(uint256 taskId, bytes24 commitment, bytes32[] calldata allowProof) external payable {
        StoredTask storage task = _tasks[taskId];
        (uint256 round, TaskClock.Clock memory clock) = _inPhase(taskId, task, Phase.Commit);
        if (commitment == 0) revert ZeroHash("commitment");
        Position memory position = _positions[taskId][msg.sender];
        if (position.standing == Standing.Committed && position.round == round) {
            revert AlreadyCommitted(round, msg.sender);
        }

        if (position.standing == Standing.Revealed) {
            _checkValue(0);
        } else {
            if (position.standing != Standing.None) _burnStake(taskId, task, msg.sender, position.round);
            if (clock.isListed()) _checkAllowed(task, allowProof);
            _checkValue(task.stake);
        }

        _positions[taskId][msg.sender] = Position({
            word: commitment, committed: uint40(block.number), round: uint16(round), standing: Standing.Committed
        });
        emit Committed(taskId, round, msg.sender, commitment);
    }

    /// @inheritdoc ITrainingMarket
    function reveal(uint256 taskId, bytes32 updateRoot, bytes32 updateHash, bytes32 salt) external {
        uint256 round = _roundOfReveal(taskId, Delivery.Demand);
        (uint256 index, uint256 committed) = _reveal(taskId, round, updateRoot, salt);
        emit Revealed(taskId, round, msg.sender, index, updateRoot, updateHash, committed);
    }

    /// @inheritdoc ITrainingMarket
    function revealWhole(uint256 taskId, bytes calldata update, bytes32 salt) external {
        uint256 round = _roundOfReveal(taskId, Delivery.Calldata);
        _checkLength(_tasks[taskId].updateBytes, update.length);
        bytes32 updateRoot = LeafTree.rootOf(update, LeafTree.leavesOf(update.length));
        (uint256 index, uint256 committed) = _reveal(taskId, round, updateRoot, salt);
        emit Revealed(taskId, round, msg.sender, index, updateRoot, 0, committed);
        emit UpdateShown(taskId, round, msg.sender, 0, update);
    }

    /// @inheritdoc ITrainingMarket
    function pin(uint256 taskId) external {
        StoredTask storage task = _tasks[taskId];
        _clock(taskId, task);
        uint256 number = uint256(task.published) + 1;
        bytes32 hash = blockhash(number);
        if (task.pin != 0 || hash == 0) revert WrongBlock(number);

        task.pin = hash;
        emit Pinned(taskId, hash);
    }

    /// @inheritdoc ITrainingMarket
    function demand(uint256 taskId, Piece calldata piece) external payable {
        (uint256 round, TaskClock.Clock memory clock) = _inPhase(taskId, _tasks[taskId], Phase.Answer);
        _before(clock.scheduleOf(round).demanded);
        Position storage position = _revealed(taskId, round, piece);
        Demands storage demands = _demands[taskId][round][piece.participant];
        uint256 chunks = _chunks(_tasks[taskId].updateBytes);
        if (piece.chunk >= chunks || demands.asked >> piece.chunk & 1 != 0) revert WrongChunk(piece.chunk, chunks);
        uint256 least = demandFee();
        if (msg.value < least || msg.value > type(uint96).max) revert WrongValue(least, msg.value);

        demands.asked |= uint64(2 ** piece.chunk);
        demands.open |= uint64(2 ** piece.chunk);
        _fees[taskId][round][piece.participant][piece.chunk] = Fee({demander: msg.sender, amount: uint96(msg.value)});
        if (position.standing == Standing.Revealed) {
            position.standing = Standing.Demanded;
            _out[taskId][round].set(piece.index);
        }
        emit Demanded(taskId, round, piece.participant, piece.chunk, msg.sender, msg.value);
    }

    /// @inheritdoc ITrainingMarket
    function answer(uint256 taskId, Piece calldata piece, bytes calldata data, bytes32[] calldata siblings)
        external
        nonReentrant
    {
        (uint256 round,) = _inPhase(taskId, _tasks[taskId], Phase.Answer);
        Position storage position = _revealed(taskId, round, piece);
        _checkPiece(_tasks[taskId].updateBytes, piece, data, siblings);
        Demands storage demands = _demands[taskId][round][piece.participant];
        if (demands.open >> piece.chunk & 1 == 0) {
            revert WrongChunk(piece.chunk, _chunks(_tasks[taskId].updateBytes));
        }

        demands.open &= ~uint64(2 ** piece.chunk);
        if (demands.open == 0) {
            position.standing = Standing.Revealed;
            _out[taskId][round].unset(piece.index);
        }
        uint256 fee = _fees[taskId][round][piece.participant][piece.chunk].amount;
        delete _fees[taskId][round][piece.participant][piece.chunk];
        emit UpdateShown(taskId, round, piece.participant, piece.chunk, data);

        Payments.pay(address(0), piece.participant, piece.participant, fee);
    }

    /// @inheritdoc ITrainingMarket
    function reclaimFee(uint256 taskId, uint256 round, address participant, uint256 chunk, address recipient)
        external
        nonReentrant
    {
        TaskClock.Clock memory clock = _clock(taskId, _tasks[taskId]);
        _checkRound(clock, round);
        _notBefore(clock.scheduleOf(round).open);
        Fee memory fee = _fees[taskId][round][participant][chunk];
        if (fee.demander == address(0)) revert WrongChunk(chunk, _chunks(_tasks[taskId].updateBytes));
        delete _fees[taskId][round][participant][chunk];
        emit FeeReturned(taskId, round, participant, chunk, fee.amount);

        Payments.pay(address(0), fee.demander, recipient, fee.amount);
    }

    /// @inheritdoc ITrainingMarket
    function openKeys(uint256 taskId, RoundProof calldata proof, bytes calldata keys, bytes32[] calldata siblings)
        external
    {
        StoredTask storage task = _tasks[taskId];
        (uint256 round,) = _inPhase(taskId, task, Phase.Open);
        Round storage state = _rounds[taskId][round];
        if (state.reveals == 0) revert NothingRevealed(round);
        if (task.pin == 0) revert NotPinned(taskId);
        uint256 chunk = state.keyChunks;
        _checkRoundProof(task.programRoot, round, proof, _keysRoot(task.keys, chunk, keys, siblings));

        state.keyChunks = uint16(chunk + 1);
        if (chunk + 1 == _keyChunks(task.keys)) {
            (state.isOpen, state.depth) = (true, uint8(_depthOf(proof.layout, state.reveals)));
        }
        emit KeysOpened(taskId, round, chunk, keys);
    }

    /// @inheritdoc ITrainingMarket
    function sealClaim(uint256 taskId, bytes24 seal) external payable {
        StoredTask storage task = _tasks[taskId];
        (uint256 round, TaskClock.Clock memory clock) = _inPhase(taskId, task, Phase.Score);
        _before(clock.scheduleOf(round).post);
        Round storage state = _rounds[taskId][round];
        if (!state.isOpen) {
            if (state.reveals == 0) revert NothingRevealed(round);
            revert WrongKeys(_keyChunks(task.keys), state.keyChunks);
        }
        Claim storage claim = _claims[taskId][round][msg.sender];
        if (claim.state != ClaimState.None) revert WrongClaim(msg.sender, claim.state);
        if (seal == 0) revert ZeroHash("seal");
        _checkValue(task.bond);

        (claim.digest, claim.state) = (seal, ClaimState.Sealed);
        emit ClaimSealed(taskId, round, msg.sender, seal);
    }

    /// @inheritdoc ITrainingMarket
    function postClaim(uint256 taskId, Result calldata result, bytes32 salt, bytes32 file) external {
        (uint256 round, TaskClock.Clock memory clock) = _inPhase(taskId, _tasks[taskId], Phase.Score);
        _notBefore(clock.scheduleOf(round).post);
        Claim storage claim = _claims[taskId][round][msg.sender];
        if (claim.state != ClaimState.Sealed) revert WrongClaim(msg.sender, claim.state);
        _checkResult(claim.digest, sealHash(taskId, round, msg.sender, result, salt));

        Round storage state = _rounds[taskId][round];
        uint32 place = state.claims;
        state.claims = place + 1;
        _claims[taskId][round][msg.sender] =
            Claim({digest: bytes24(keccak256(abi.encode(result))), place: place, state: ClaimState.Posted});
        emit ClaimPosted(taskId, round, msg.sender, place, result, file);
    }

    /// @inheritdoc ITrainingMarket
    function strike(uint256 taskId, uint256 round, address claimant) external nonReentrant {
        Claim storage claim = _claims[taskId][round][claimant];
        if (claim.state != ClaimState.Posted) revert WrongClaim(claimant, claim.state);
        (address winner,) = _caseStanding(taskId, round, claim.digest);
        if (winner == address(0)) revert NotRefuted(claimant);

        claim.state = ClaimState.Fallen;
        _struck[taskId][round].set(claim.place);
        uint256 bond = _tasks[taskId].bond;
        uint256 amount = PoolMath.bounty(bond, block.basefee * REFUTE_GAS);

        // A winner that does not take it must not keep the claim standing: then all of it is burned.
        if (!Payments.offer(winner, amount)) amount = 0;
        emit BondLost(taskId, round, claimant, winner, amount, bond - amount);
    }

    /// @inheritdoc ITrainingMarket
    function finalise(uint256 taskId, uint256 round, address claimant, Result calldata result) external {
        StoredTask storage task = _tasks[taskId];
        TaskClock.Clock memory clock = _clock(taskId, task);
        _checkRound(clock, round);
        _notBefore(clock.scheduleOf(round).end);
        if (round != task.finalised) revert WrongRound(task.finalised, round);
        Round storage state = _rounds[taskId][round];
        state.lead = uint32(_leadOf(taskId, round));
        Outcome outcome = _outcomeOf(state);

        uint256 own = PoolMath.roundPool(task.pool, clock.rounds, round);
        uint256 pool = own + task.carried;
        uint256 carried;
        uint256 burned;
        if (outcome == Outcome.Scored) {
            _notBefore(_baseOf(taskId, round, clock) + clock.refuteSeconds);
            _checkFinal(taskId, round, claimant, result);
            bool isReached = task.targetRight != 0 && result.right >= task.targetRight;
            // From the next round's reveals on, its demands, fees and bonds could not be settled any more: it is played.
            if (isReached && block.timestamp < clock.scheduleOf(round + 1).reveal) {
                // What the rounds that are not played would have paid is paid for the one that got there.
                pool += task.pool - uint256(task.pool) * (round + 1) / clock.rounds;
                clock.rounds = uint16(round + 1);
                task.clock.rounds = clock.rounds;
            }
            carried = pool - _score(state, task, pool, result);
        } else if (outcome == Outcome.Empty) {
            (state.pool, state.remaining) = (uint128(own), uint128(own));
            (pool, carried) = (own, task.carried);
        } else {
            burned = pool;
        }
        if (round + 1 == clock.rounds) (carried, burned) = (0, burned + carried);
        // What a round starts from is one look: the model after the round before it.
        if (outcome != Outcome.Scored && round != 0) state.modelRoot = _rounds[taskId][round - 1].modelRoot;

        (state.outcome, state.finalisedAt) = (outcome, uint40(block.timestamp));
        (task.finalised, task.carried) = (uint16(round + 1), uint128(carried));
        emit RoundFinalised(
            taskId, round, outcome, outcome == Outcome.Scored ? claimant : address(0), pool, carried, burned
        );
    }

    /// @inheritdoc ITrainingMarket
    function claimReward(
        uint256 taskId,
        uint256 round,
        uint256 index,
        address participant,
        uint64 points,
        bytes32[] calldata siblings,
        address recipient
    ) external nonReentrant {
        Round storage state = _rounds[taskId][round];
        if (state.outcome != Outcome.Scored) revert WrongOutcome(Outcome.Scored, state.outcome);
        if (_paid[taskId][round].get(index)) revert AlreadyPaid(round, index);
        _checkProof(
            state.resultsRoot, LeafTree.climb(keccak256(abi.encode(index, participant, points, 0)), index, siblings)
        );
        uint256 amount = PoolMath.share(state.pool, points, state.divisor);
        if (amount > state.remaining) revert AboveRemaining(amount, state.remaining);

        _paid[taskId][round].set(index);
        state.remaining -= uint128(amount);
        emit RewardPaid(taskId, round, participant, index, recipient, amount);

        Payments.pay(state.inToken ? _tasks[taskId].token : address(0), participant, recipient, amount);
    }

    /// @inheritdoc ITrainingMarket
    function claimBond(uint256 taskId, uint256 round, address claimant, address leader, address recipient)
        external
        nonReentrant
    {
        Round storage state = _rounds[taskId][round];
        if (state.outcome == Outcome.None) revert WrongOutcome(Outcome.Scored, Outcome.None);
        Claim storage claim = _claims[taskId][round][claimant];
        Claim memory own = claim;
        if (own.state != ClaimState.Posted) revert WrongClaim(claimant, own.state);
        _checkStands(taskId, round, claimant, own.digest);
        Claim memory leading = _claims[taskId][round][leader];
        if (leading.state < ClaimState.Posted) revert WrongClaim(leader, leading.state);
        if (leading.place != state.lead) revert NotLeading(state.lead, leading.place);

        claim.state = ClaimState.Paid;
        StoredTask storage task = _tasks[taskId];
        uint256 amount = task.bond;
        bool looked = own.place >= leading.place && own.place - leading.place < AUDITORS;
        if (looked && own.digest == leading.digest) amount += task.auditFee / AUDITORS;
        emit BondPaid(taskId, round, claimant, recipient, amount);

        Payments.pay(address(0), claimant, recipient, amount);
    }

    /// @inheritdoc ITrainingMarket
    function refund(uint256 taskId, uint256 round, address recipient) external nonReentrant {
        StoredTask storage task = _tasks[taskId];
        Round storage state = _rounds[taskId][round];
        if (state.outcome != Outcome.Empty) revert WrongOutcome(Outcome.Empty, state.outcome);
        if (_paid[taskId][round].get(0)) revert AlreadyPaid(round, 0);

        _paid[taskId][round].set(0);
        (uint256 amount, uint256 fee) = (state.remaining, task.auditFee);
        state.remaining = 0;
        emit Refunded(taskId, round, recipient, amount, fee);

        address token = task.token;
        address sponsor = task.sponsor;
        if (token != address(0)) Payments.pay(token, sponsor, recipient, amount);
        Payments.pay(address(0), sponsor, recipient, token == address(0) ? amount + fee : fee);
    }

    /// @inheritdoc ITrainingMarket
    function withdrawStake(uint256 taskId, address recipient) external nonReentrant {
        StoredTask storage task = _tasks[taskId];
        TaskClock.Clock memory clock = _clock(taskId, task);
        Position memory position = _positions[taskId][msg.sender];
        if (position.standing == Standing.Revealed) {
            _notBefore(clock.scheduleOf(position.round).open);
        } else if (position.standing != Standing.Committed || position.round < clock.rounds) {
            // A commitment to a round that is not played any more has nothing to reveal.
            revert WrongStanding(msg.sender, position.round, position.standing);
        }

        delete _positions[taskId][msg.sender];
        uint256 amount = task.stake;
        emit StakePaid(taskId, msg.sender, recipient, amount);

        Payments.pay(address(0), msg.sender, recipient, amount);
    }

    /// @inheritdoc ITrainingMarket
    function forfeitStake(uint256 taskId, address participant) external {
        StoredTask storage task = _tasks[taskId];
        TaskClock.Clock memory clock = _clock(taskId, task);
        Position memory position = _positions[taskId][participant];
        bool isSilent = position.standing == Standing.Committed && position.round < clock.rounds;
        if (!isSilent && position.standing != Standing.Demanded) {
            revert WrongStanding(participant, position.round, position.standing);
        }
        Schedule memory schedule = clock.scheduleOf(position.round);
        _notBefore(isSilent ? schedule.answer : schedule.open);

        delete _positions[taskId][participant];
        _burnStake(taskId, task, participant, position.round);
    }

    /// @inheritdoc ITrainingMarket
    function getTask(uint256 taskId) external view returns (Task memory task) {
        StoredTask storage stored = _tasks[taskId];
        TaskClock.Clock memory clock = _clock(taskId, stored);
        Terms memory terms = task.terms;
        (terms.programRoot, terms.allowRoot, terms.token) = (stored.programRoot, stored.allowRoot, stored.token);
        (terms.pool, terms.stake, terms.bond) = (stored.pool, stored.stake, stored.bond);
        (terms.auditFee, terms.target) = (stored.auditFee, stored.target);
        (terms.start, terms.commitSeconds, terms.revealSeconds) =
        (clock.start, clock.commitSeconds, clock.revealSeconds);
        (terms.answerSeconds, terms.openSeconds) = (clock.answerSeconds, clock.openSeconds);
        (terms.scoreSeconds, terms.refuteSeconds) = (clock.scoreSeconds, clock.refuteSeconds);
        (terms.rounds, terms.delivery, terms.updateBytes) = (clock.rounds, clock.deliveryOf(), stored.updateBytes);
        (terms.keys, terms.targetRight) = (stored.keys, stored.targetRight);
        (task.sponsor, task.finalised, task.carried) = (stored.sponsor, stored.finalised, stored.carried);
    }

    /// @inheritdoc ITrainingMarket
    function getRound(uint256 taskId, uint256 round) external view returns (Round memory state) {
        _checkRound(_clock(taskId, _tasks[taskId]), round);
        state = _rounds[taskId][round];
        if (state.outcome == Outcome.None) state.lead = uint32(_leadOf(taskId, round));
    }

    /// @inheritdoc ITrainingMarket
    function phaseOf(uint256 taskId) external view returns (uint256 round, Phase phase) {
        (round, phase) = _clock(taskId, _tasks[taskId]).phaseAt(block.timestamp);
    }

    /// @inheritdoc ITrainingMarket
    function scheduleOf(uint256 taskId, uint256 round) external view returns (Schedule memory schedule) {
        TaskClock.Clock memory clock = _clock(taskId, _tasks[taskId]);
        _checkRound(clock, round);
        schedule = clock.scheduleOf(round);
    }

    /// @inheritdoc ITrainingMarket
    function positionOf(uint256 taskId, address participant) external view returns (Position memory position) {
        position = _positions[taskId][participant];
    }

    /// @inheritdoc ITrainingMarket
    function claimOf(uint256 taskId, uint256 round, address claimant) external view returns (Claim memory claim) {
        claim = _claims[taskId][round][claimant];
    }

    /// @inheritdoc ITrainingMarket
    function demandsOf(uint256 taskId, uint256 round, address participant)
        external
        view
        returns (uint256 asked, uint256 open)
    {
        Demands storage demands = _demands[taskId][round][participant];
        (asked, open) = (demands.asked, demands.open);
    }

    /// @inheritdoc ITrainingMarket
    function caseOf(uint256 taskId, uint256 round, address claimant) external view returns (CaseFacts memory facts) {
        StoredTask storage task = _tasks[taskId];
        TaskClock.Clock memory clock = _clock(taskId, task);
        _checkRound(clock, round);
        Claim storage claim = _claims[taskId][round][claimant];
        Round storage state = _rounds[taskId][round];
        (facts.digest, facts.place, facts.state) = (claim.digest, claim.place, claim.state);
        (facts.roster, facts.reveals, facts.depth) = (state.roster, state.reveals, state.depth);
        if (state.isOpen) facts.base = uint40(_baseOf(taskId, round, clock));
        (facts.window, facts.programRoot) = (clock.refuteSeconds, task.programRoot);
        if (round != 0) facts.model = _rounds[taskId][round - 1].modelRoot;
        facts.seed = keccak256(abi.encode(task.pin, taskId, round));
    }

    /// @inheritdoc ITrainingMarket
    function pinOf(uint256 taskId) external view returns (bytes32 hash) {
        hash = _tasks[taskId].pin;
    }

    /// @inheritdoc ITrainingMarket
    function isOut(uint256 taskId, uint256 round, uint256 index) external view returns (bool out) {
        out = _out[taskId][round].get(index);
    }

    /// @inheritdoc ITrainingMarket
    function isPaid(uint256 taskId, uint256 round, uint256 index) external view returns (bool paid) {
        paid = _paid[taskId][round].get(index);
    }

    /// @inheritdoc ITrainingMarket
    function refuter() public view returns (address refuter_) {
        // Of a contract that another creates: keccak(rlp([creator, nonce])), and the nonce was 1.
        refuter_ = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"01")))));
    }

    /// @inheritdoc ITrainingMarket
    function demandFee() public view returns (uint256 fee) {
        fee = block.basefee * ANSWER_GAS / 2;
    }

    /// @inheritdoc ITrainingMarket
    function commitmentHash(uint256 taskId, uint256 round, address participant, bytes32 updateRoot, bytes32 salt)
        public
        view
        returns (bytes24 commitment)
    {
        commitment = bytes24(
            keccak256(abi.encode(block.chainid, address(this), taskId, round, participant, updateRoot, salt))
        );
    }

    /// @inheritdoc ITrainingMarket
    function sealHash(uint256 taskId, uint256 round, address claimant, Result calldata result, bytes32 salt)
        public
        view
        returns (bytes24 seal)
    {
        seal = bytes24(keccak256(abi.encode(block.chainid, address(this), taskId, round, claimant, result, salt)));
    }

    /// @dev A token's code runs here: alone, or the balance of one pool could be taken for that of two.
    function _pull(address token, uint256 amount) private nonReentrant {
        Payments.pull(IERC20(token), amount);
    }

    /// @dev Takes a reveal: the participant's place, and its entry into the roster.
    function _reveal(uint256 taskId, uint256 round, bytes32 updateRoot, bytes32 salt)
        private
        returns (uint256 index, uint256 committed)
    {
        Position storage stored = _positions[taskId][msg.sender];
        Position memory position = stored;
        if (position.standing != Standing.Committed || position.round != round) {
            revert WrongStanding(msg.sender, position.round, position.standing);
        }
        bytes24 actual = commitmentHash(taskId, round, msg.sender, updateRoot, salt);
        if (actual != position.word) revert WrongReveal(position.word, actual);

        Round storage state = _rounds[taskId][round];
        index = state.reveals;
        if (index == MOST_REVEALS) revert RoundFull(MOST_REVEALS);
        committed = position.committed;
        // The entry: the roster before it and its index are one word of four.
        bytes32 before = bytes32(state.roster) | bytes32(index);
        (state.roster, state.reveals) =
        (bytes24(keccak256(abi.encode(before, msg.sender, updateRoot, committed))), uint32(index + 1));
        (position.word, position.standing) = (_revealWord(updateRoot, index), Standing.Revealed);
        _positions[taskId][msg.sender] = position;
    }

    /// @dev Writes what a final claim pays, and returns what is earned.
    function _score(Round storage state, StoredTask storage task, uint256 pool, Result calldata result)
        private
        returns (uint256 earned)
    {
        uint64 divisor = result.total > task.target ? result.total : task.target;
        earned = PoolMath.share(pool, result.total, divisor);
        (state.resultsRoot, state.modelRoot) = (result.resultsRoot, result.modelRoot);
        (state.pool, state.remaining, state.divisor) = (uint128(pool), uint128(earned), divisor);
        state.inToken = task.token != address(0);
    }

    function _burnStake(uint256 taskId, StoredTask storage task, address participant, uint256 round) private {
        emit StakeBurned(taskId, round, participant, task.stake);
    }

    function _clock(uint256 taskId, StoredTask storage task) private view returns (TaskClock.Clock memory clock) {
        clock = task.clock;
        if (clock.rounds == 0) revert UnknownTask(taskId);
    }

    function _inPhase(uint256 taskId, StoredTask storage task, Phase expected)
        private
        view
        returns (uint256 round, TaskClock.Clock memory clock)
    {
        clock = _clock(taskId, task);
        Phase actual;
        (round, actual) = clock.phaseAt(block.timestamp);
        if (actual != expected) revert WrongPhase(expected, actual);
    }

    function _roundOfReveal(uint256 taskId, Delivery delivery) private view returns (uint256 round) {
        TaskClock.Clock memory clock;
        (round, clock) = _inPhase(taskId, _tasks[taskId], Phase.Reveal);
        if (clock.deliveryOf() != delivery) revert WrongDelivery(clock.deliveryOf());
    }

    /// @dev The position of a participant who revealed this root at this place in this round.
    function _revealed(uint256 taskId, uint256 round, Piece calldata piece)
        private
        view
        returns (Position storage position)
    {
        position = _positions[taskId][piece.participant];
        if (position.standing < Standing.Revealed || position.round != round) {
            revert WrongStanding(piece.participant, position.round, position.standing);
        }
        bytes24 actual = _revealWord(piece.updateRoot, piece.index);
        if (actual != position.word) revert WrongUpdate(position.word, actual);
    }

    /// @dev When the time of a round's demands begins to count: its claims are posted, and the model that it starts from is
    /// final; zero while that is not.
    function _baseOf(uint256 taskId, uint256 round, TaskClock.Clock memory clock) private view returns (uint256 base) {
        base = clock.scheduleOf(round).refute;
        if (round == 0) return base;
        Round storage last = _rounds[taskId][round - 1];
        if (last.outcome == Outcome.None) return 0;
        if (last.finalisedAt > base) base = last.finalisedAt;
    }

    /// @dev The earliest place that was not struck: of a claim, or the one after the last.
    function _leadOf(uint256 taskId, uint256 round) private view returns (uint256 lead) {
        BitMaps.BitMap storage struck = _struck[taskId][round];
        uint256 standing = ~struck._data[0];
        while (standing == 0) {
            lead += 256;
            standing = ~struck._data[lead >> 8];
        }
        while (standing & 1 == 0) {
            standing >>= 1;
            ++lead;
        }
    }

    function _caseStanding(uint256 taskId, uint256 round, bytes24 digest)
        private
        view
        returns (address winner, uint256 settled)
    {
        (winner, settled) = IRefuter(refuter()).standing(keccak256(abi.encode(address(this), taskId, round, digest)));
    }

    /// @dev The claim that decides is the earliest that was not struck, says this, did not fall, and cannot any more by
    /// what was demanded of it.
    function _checkFinal(uint256 taskId, uint256 round, address claimant, Result calldata result) private view {
        Claim memory claim = _claims[taskId][round][claimant];
        if (claim.state != ClaimState.Posted) revert WrongClaim(claimant, claim.state);
        uint256 lead = _rounds[taskId][round].lead;
        if (claim.place != lead) revert NotLeading(lead, claim.place);
        _checkResult(claim.digest, bytes24(keccak256(abi.encode(result))));
        _checkStands(taskId, round, claimant, claim.digest);
    }

    function _checkStands(uint256 taskId, uint256 round, address claimant, bytes24 digest) private view {
        (address winner, uint256 settled) = _caseStanding(taskId, round, digest);
        if (winner != address(0)) revert WrongClaim(claimant, ClaimState.Fallen);
        _notBefore(settled);
    }

    function _outcomeOf(Round storage state) private view returns (Outcome outcome) {
        if (state.reveals == 0) return Outcome.Empty;
        if (!state.isOpen) return Outcome.Unopened;
        if (state.lead == state.claims) return Outcome.Unscored;
        return Outcome.Scored;
    }

    function _checkAllowed(StoredTask storage task, bytes32[] calldata proof) private view {
        bytes32 root = task.allowRoot;
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(msg.sender))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert NotAllowed(msg.sender);
    }

    function _checkValue(uint256 expected) private view {
        if (msg.value != expected) revert WrongValue(expected, msg.value);
    }

    function _notBefore(uint256 earliest) private view {
        if (block.timestamp < earliest) revert TooEarly(earliest, block.timestamp);
    }

    function _before(uint256 latest) private view {
        if (block.timestamp >= latest) revert TooLate(latest, block.timestamp);
    }

    function _revealWord(bytes32 updateRoot, uint256 index) private pure returns (bytes24 word) {
        word = bytes24(keccak256(abi.encode(updateRoot, index)));
    }

    function _chunks(uint256 updateBytes) private pure returns (uint256 chunks) {
        chunks = (updateBytes + TermLimits.CHUNK - 1) / TermLimits.CHUNK;
    }

    function _keyChunks(uint256 keys) private pure returns (uint256 chunks) {
        chunks = (keys + TermLimits.KEYS_PER_CHUNK - 1) / TermLimits.KEYS_PER_CHUNK;
    }

    function _checkRoundProof(bytes32 programRoot, uint256 round, RoundProof calldata proof, bytes32 keysRoot)
        private
        pure
    {
        bytes32 program = keccak256(abi.encode(proof.code, proof.constants, proof.layout));
        bytes32 leaf = keccak256(abi.encode(program, proof.records, keysRoot, proof.initial));
        _checkProof(programRoot, LeafTree.climb(leaf, round, proof.siblings));
    }

    /// @dev The root to which the next chunk of keys leads: 128 leaves a chunk, or the whole tree where it is smaller.
    function _keysRoot(uint256 count, uint256 chunk, bytes calldata keys, bytes32[] calldata siblings)
        private
        pure
        returns (bytes32 root)
    {
        uint256 first = chunk * TermLimits.KEYS_PER_CHUNK;
        if (first >= count) revert WrongKeys(_keyChunks(count), chunk);
        uint256 here = count - first;
        _checkLength(32 * (here < TermLimits.KEYS_PER_CHUNK ? here : TermLimits.KEYS_PER_CHUNK), keys.length);
        uint256 leaves = LeafTree.leavesOf(count * LeafTree.LEAF);
        if (leaves > TermLimits.KEYS_PER_CHUNK) leaves = TermLimits.KEYS_PER_CHUNK;
        _checkLength(LeafTree.levels(LeafTree.leavesOf(count * LeafTree.LEAF) / leaves), siblings.length);
        root = LeafTree.climb(LeafTree.rootOfKeys(keys, leaves), chunk, siblings);
    }

    /// @dev Levels above the leaves of a trace: a layout begins with c, q, r, eight bytes each, and with s seats of sixteen
    /// the trace has c + q·s + r·s² bytes.
    function _depthOf(bytes32 layout, uint256 reveals) private pure returns (uint256 depth) {
        int256 s = int256((reveals + 15) / 16);
        int256 size = _signed(layout) + _signed(layout << 64) * s + _signed(layout << 128) * s * s;
        // No program has such a trace. Who publishes one cannot open its keys, so that nothing is paid by it.
        if (size < int256(LeafTree.LEAF)) revert WrongLength(LeafTree.LEAF, size < 0 ? 0 : uint256(size));
        depth = LeafTree.levels(LeafTree.leavesOf(uint256(size)));
    }

    function _signed(bytes32 word) private pure returns (int256 number) {
        number = int64(uint64(bytes8(word)));
    }

    function _checkPiece(uint256 updateBytes, Piece calldata piece, bytes calldata data, bytes32[] calldata siblings)
        private
        pure
    {
        uint256 chunks = _chunks(updateBytes);
        if (piece.chunk >= chunks) revert WrongChunk(piece.chunk, chunks);
        uint256 here = updateBytes - piece.chunk * TermLimits.CHUNK;
        _checkLength(here < TermLimits.CHUNK ? here : TermLimits.CHUNK, data.length);
        uint256 leaves = chunks == 1 ? LeafTree.leavesOf(updateBytes) : TermLimits.CHUNK / LeafTree.LEAF;
        _checkLength(LeafTree.levels(LeafTree.leavesOf(updateBytes) / leaves), siblings.length);
        _checkProof(piece.updateRoot, LeafTree.climb(LeafTree.rootOf(data, leaves), piece.chunk, siblings));
    }

    function _checkRound(TaskClock.Clock memory clock, uint256 round) private pure {
        if (round >= clock.rounds) revert UnknownRound(round, clock.rounds);
    }

    function _checkResult(bytes24 expected, bytes24 actual) private pure {
        if (expected != actual) revert WrongResult(expected, actual);
    }

    function _checkLength(uint256 expected, uint256 actual) private pure {
        if (expected != actual) revert WrongLength(expected, actual);
    }

    function _checkProof(bytes32 expected, bytes32 actual) private pure {
        if (expected != actual) revert WrongProof(expected, actual);
    }
}
