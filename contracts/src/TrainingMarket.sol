// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {ITrainingMarket} from "./interfaces/ITrainingMarket.sol";
import {PoolMath} from "./libraries/PoolMath.sol";
import {TaskClock} from "./libraries/TaskClock.sol";

/// @title TrainingMarket
/// @author The Research authors
/// @notice The market of `ITrainingMarket`: escrow, commit and reveal, scores, challenges and pull payments.
/// @dev ETH held = Σ over ETH tasks (pool - paid, until refunded) + Σ stakes + Σ bonds not yet credited + Σ credits.
/// Each token held = Σ over its tasks (pool - paid, until refunded). The invariant test holds both.
contract TrainingMarket is ITrainingMarket, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using TaskClock for Terms;

    /// @dev A participant in a task. `commitment` is zero when nothing is left to reveal.
    struct Position {
        bytes32 commitment;
        uint16 round;
        bool staked;
    }

    uint256 private constant GREATEST_POOL = type(uint128).max;

    /// @inheritdoc ITrainingMarket
    uint256 public taskCount;

    mapping(uint256 taskId => Task task) private _tasks;
    mapping(uint256 taskId => mapping(uint256 round => Round state)) private _rounds;
    mapping(uint256 taskId => mapping(address participant => Position position)) private _positions;
    mapping(uint256 taskId => mapping(uint256 round => mapping(address participant => uint256 place))) private _places;
    mapping(uint256 taskId => mapping(uint256 round => BitMaps.BitMap indices)) private _claimed;
    mapping(address account => uint256 amount) private _credits;

    /// @inheritdoc ITrainingMarket
    function publish(Terms calldata terms) external payable nonReentrant returns (uint256 taskId) {
        _checkTerms(terms);
        _checkValue(terms.token == address(0) ? terms.pool : 0);

        taskId = ++taskCount;
        Task storage task = _tasks[taskId];
        task.terms = terms;
        task.sponsor = msg.sender;
        if (terms.start == 0) task.terms.start = block.timestamp.toUint64();
        emit TaskPublished(taskId, msg.sender, terms.specHash, task.terms);

        if (terms.token != address(0)) _pullPool(IERC20(terms.token), terms.pool);
    }

    /// @inheritdoc ITrainingMarket
    function commit(uint256 taskId, bytes32 commitment) external payable {
        Task storage task = _task(taskId);
        uint256 round = _inPhase(task, Phase.Commit);
        Position storage position = _positions[taskId][msg.sender];
        if (commitment == 0) revert ZeroCommitment();
        if (position.commitment != 0) {
            if (position.round == round) revert AlreadyCommitted(round, msg.sender);
            _forfeit(taskId, task, msg.sender, position);
        }
        _checkValue(position.staked ? 0 : task.terms.stake);

        position.commitment = commitment;
        position.round = round.toUint16();
        position.staked = true;
        emit Committed(taskId, round, msg.sender, commitment);
    }

    /// @inheritdoc ITrainingMarket
    function reveal(uint256 taskId, bytes32 updateRoot, bytes32 updateHash, bytes32 salt) external {
        uint256 round = _inPhase(_task(taskId), Phase.Reveal);
        Position storage position = _positions[taskId][msg.sender];
        bytes32 expected = position.commitment;
        if (expected == 0 || position.round != round) revert NotCommitted(round, msg.sender);
        bytes32 actual = commitmentHash(taskId, round, msg.sender, updateRoot, salt);
        if (actual != expected) revert WrongReveal(expected, actual);

        Round storage state = _rounds[taskId][round];
        uint256 index = state.reveals;
        bytes32 beacon = keccak256(abi.encode(state.beacon, salt));
        state.beacon = beacon;
        ++state.reveals;
        _places[taskId][round][msg.sender] = index + 1;
        position.commitment = 0;
        emit Revealed(taskId, round, msg.sender, index, updateRoot, updateHash, salt, beacon);
    }

    /// @inheritdoc ITrainingMarket
    function postScore(uint256 taskId, bytes32 root, uint256 total, bytes32 modelHash, bytes32 traceRoot)
        external
        payable
    {
        Task storage task = _task(taskId);
        uint256 round = _inPhase(task, Phase.Score);
        Round storage state = _rounds[taskId][round];
        if (state.reveals == 0) revert NothingRevealed(round);
        if (state.poster != address(0)) revert AlreadyPosted(round, state.poster);
        uint256 available = PoolMath.roundPool(task.terms.pool, task.terms.rounds, round);
        if (total > available) revert TotalAboveRoundPool(total, available);
        _checkValue(task.terms.bond);

        state.root = root;
        state.modelHash = modelHash;
        state.traceRoot = traceRoot;
        state.total = total.toUint128();
        state.poster = msg.sender;
        emit ScorePosted(taskId, round, msg.sender, root, total, modelHash, traceRoot);
    }

    /// @inheritdoc ITrainingMarket
    function challenge(uint256 taskId, bytes32 root) external payable {
        Task storage task = _task(taskId);
        uint256 round = _inPhase(task, Phase.Challenge);
        Round storage state = _rounds[taskId][round];
        if (state.poster == address(0)) revert NothingPosted(round);
        if (state.challenger != address(0)) revert AlreadyChallenged(round, state.challenger);
        if (root == state.root) revert SameRoot(root);
        _checkValue(task.terms.bond);

        state.challenger = msg.sender;
        emit Challenged(taskId, round, msg.sender, root);
    }

    /// @inheritdoc ITrainingMarket
    function finalise(uint256 taskId, uint256 round) external {
        Task storage task = _task(taskId);
        Round storage state = _round(taskId, task, round);
        _notBefore(task.terms.scheduleOf(round).end);
        if (state.outcome != Outcome.None) revert AlreadyFinalised(round, state.outcome);

        address poster = state.poster;
        address challenger = state.challenger;
        uint256 bond = task.terms.bond;
        Outcome outcome = Outcome.DefaultSplit;
        if (state.reveals == 0) outcome = Outcome.Empty;
        else if (poster != address(0) && challenger == address(0)) outcome = Outcome.Scored;

        state.outcome = outcome;
        if (poster != address(0)) _credits[poster] += bond;
        if (challenger != address(0)) _credits[challenger] += bond;
        emit Finalised(taskId, round, outcome);
    }

    /// @inheritdoc ITrainingMarket
    function claim(
        uint256 taskId,
        uint256 round,
        uint256 index,
        address participant,
        uint256 amount,
        bytes32[] calldata proof
    ) external nonReentrant {
        Task storage task = _task(taskId);
        Round storage state = _claimable(taskId, task, round, Outcome.Scored);
        uint256 place = _places[taskId][round][participant];
        if (place == 0 || place - 1 != index) revert NotRevealed(round, participant, index);
        _checkUnclaimed(taskId, round, index);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, participant, amount))));
        if (!MerkleProof.verifyCalldata(proof, state.root, leaf)) revert InvalidProof(state.root, leaf);
        uint256 remaining = state.total - state.claimed;
        if (amount > remaining) revert ClaimAboveTotal(amount, remaining);

        _pay(taskId, task, round, index, participant, amount);
    }

    /// @inheritdoc ITrainingMarket
    function claimDefault(uint256 taskId, uint256 round, address participant) external nonReentrant {
        Task storage task = _task(taskId);
        Round storage state = _claimable(taskId, task, round, Outcome.DefaultSplit);
        uint256 place = _places[taskId][round][participant];
        if (place == 0) revert NotRevealed(round, participant, 0);
        _checkUnclaimed(taskId, round, place - 1);

        uint256 available = PoolMath.roundPool(task.terms.pool, task.terms.rounds, round);
        uint256 amount = PoolMath.equalShare(available, state.reveals, place - 1);
        _pay(taskId, task, round, place - 1, participant, amount);
    }

    /// @inheritdoc ITrainingMarket
    function refund(uint256 taskId) external nonReentrant {
        Task storage task = _task(taskId);
        _notBefore(task.terms.claimDeadline());
        if (task.refunded) revert AlreadyRefunded(taskId);

        task.refunded = true;
        uint256 amount = task.terms.pool - task.paid;
        emit Refunded(taskId, task.sponsor, amount);

        _send(task.terms.token, task.sponsor, amount);
    }

    /// @inheritdoc ITrainingMarket
    function withdrawStake(uint256 taskId) external nonReentrant {
        Task storage task = _task(taskId);
        Position storage position = _positions[taskId][msg.sender];
        if (!position.staked) revert NoStake(taskId, msg.sender);
        if (position.commitment != 0) revert StakeHeld(position.round, msg.sender);

        position.staked = false;
        uint256 amount = task.terms.stake;
        emit StakeWithdrawn(taskId, msg.sender, amount);

        _send(address(0), msg.sender, amount);
    }

    /// @inheritdoc ITrainingMarket
    function forfeitStake(uint256 taskId, address participant) external {
        Task storage task = _task(taskId);
        Position storage position = _positions[taskId][participant];
        if (position.commitment == 0) revert NotCommitted(position.round, participant);
        _notBefore(task.terms.scheduleOf(position.round).score);

        _forfeit(taskId, task, participant, position);
    }

    /// @inheritdoc ITrainingMarket
    function withdraw() external nonReentrant {
        uint256 amount = _credits[msg.sender];
        if (amount == 0) revert NoCredit(msg.sender);

        _credits[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);

        _send(address(0), msg.sender, amount);
    }

    /// @inheritdoc ITrainingMarket
    function getTask(uint256 taskId) external view returns (Task memory task) {
        task = _task(taskId);
    }

    /// @inheritdoc ITrainingMarket
    function getRound(uint256 taskId, uint256 round) external view returns (Round memory state) {
        state = _round(taskId, _task(taskId), round);
    }

    /// @inheritdoc ITrainingMarket
    function phaseOf(uint256 taskId) external view returns (uint256 round, Phase phase) {
        (round, phase) = _task(taskId).terms.phaseAt(block.timestamp);
    }

    /// @inheritdoc ITrainingMarket
    function scheduleOf(uint256 taskId, uint256 round) external view returns (Schedule memory schedule) {
        Task storage task = _task(taskId);
        _round(taskId, task, round);
        schedule = task.terms.scheduleOf(round);
    }

    /// @inheritdoc ITrainingMarket
    function claimDeadline(uint256 taskId) external view returns (uint256 deadline) {
        deadline = _task(taskId).terms.claimDeadline();
    }

    /// @inheritdoc ITrainingMarket
    function roundPool(uint256 taskId, uint256 round) external view returns (uint256 amount) {
        Task storage task = _task(taskId);
        _round(taskId, task, round);
        amount = PoolMath.roundPool(task.terms.pool, task.terms.rounds, round);
    }

    /// @inheritdoc ITrainingMarket
    function commitmentOf(uint256 taskId, address participant)
        external
        view
        returns (uint256 round, bytes32 commitment)
    {
        _task(taskId);
        Position storage position = _positions[taskId][participant];
        (round, commitment) = (position.round, position.commitment);
    }

    /// @inheritdoc ITrainingMarket
    function revealIndexOf(uint256 taskId, uint256 round, address participant)
        external
        view
        returns (bool revealed, uint256 index)
    {
        _round(taskId, _task(taskId), round);
        uint256 place = _places[taskId][round][participant];
        if (place != 0) (revealed, index) = (true, place - 1);
    }

    /// @inheritdoc ITrainingMarket
    function isClaimed(uint256 taskId, uint256 round, uint256 index) external view returns (bool claimed) {
        _round(taskId, _task(taskId), round);
        claimed = _claimed[taskId][round].get(index);
    }

    /// @inheritdoc ITrainingMarket
    function stakeOf(uint256 taskId, address participant) external view returns (uint256 amount) {
        Task storage task = _task(taskId);
        amount = _positions[taskId][participant].staked ? task.terms.stake : 0;
    }

    /// @inheritdoc ITrainingMarket
    function creditOf(address account) external view returns (uint256 amount) {
        amount = _credits[account];
    }

    /// @inheritdoc ITrainingMarket
    function commitmentHash(uint256 taskId, uint256 round, address participant, bytes32 updateRoot, bytes32 salt)
        public
        view
        returns (bytes32 commitment)
    {
        commitment = keccak256(abi.encode(block.chainid, address(this), taskId, round, participant, updateRoot, salt));
    }

    /// @dev Takes a participant's stake for the sponsor. The caller checked that the reveal window has passed.
    function _forfeit(uint256 taskId, Task storage task, address participant, Position storage position) private {
        position.commitment = 0;
        position.staked = false;
        uint256 amount = task.terms.stake;
        _credits[task.sponsor] += amount;
        emit StakeForfeited(taskId, position.round, participant, amount);
    }

    /// @dev Marks a reward as paid and pays it. The caller checked that it is due and was not paid.
    function _pay(uint256 taskId, Task storage task, uint256 round, uint256 index, address participant, uint256 amount)
        private
    {
        _claimed[taskId][round].set(index);
        _rounds[taskId][round].claimed += amount.toUint128();
        task.paid += amount;
        emit Claimed(taskId, round, participant, index, amount);

        _send(task.terms.token, participant, amount);
    }

    /// @dev Sends ETH (token zero) or tokens; nothing when the amount is zero, which some tokens refuse.
    function _send(address token, address recipient, uint256 amount) private {
        if (amount == 0) return;
        if (token != address(0)) {
            IERC20(token).safeTransfer(recipient, amount);
            return;
        }

        // No data is wanted back: a recipient must not make the sender pay for copying it.
        if (!LowLevelCall.callNoReturn(recipient, amount, "")) revert TransferFailed(recipient, amount);
    }

    /// @dev Pulls the pool and holds the token to having moved it whole.
    function _pullPool(IERC20 token, uint256 pool) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), pool);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != pool) revert WrongPoolReceived(pool, received);
    }

    function _task(uint256 taskId) private view returns (Task storage task) {
        task = _tasks[taskId];
        if (task.sponsor == address(0)) revert UnknownTask(taskId);
    }

    function _round(uint256 taskId, Task storage task, uint256 round) private view returns (Round storage state) {
        if (round >= task.terms.rounds) revert UnknownRound(round, task.terms.rounds);
        state = _rounds[taskId][round];
    }

    function _inPhase(Task storage task, Phase expected) private view returns (uint256 round) {
        Phase actual;
        (round, actual) = task.terms.phaseAt(block.timestamp);
        if (actual != expected) revert WrongPhase(expected, actual);
    }

    function _claimable(uint256 taskId, Task storage task, uint256 round, Outcome expected)
        private
        view
        returns (Round storage state)
    {
        state = _round(taskId, task, round);
        if (state.outcome != expected) revert WrongOutcome(expected, state.outcome);
        uint256 deadline = task.terms.claimDeadline();
        if (block.timestamp >= deadline) revert ClaimsClosed(deadline, block.timestamp);
    }

    function _checkUnclaimed(uint256 taskId, uint256 round, uint256 index) private view {
        if (_claimed[taskId][round].get(index)) revert AlreadyClaimed(round, index);
    }

    function _notBefore(uint256 earliest) private view {
        if (block.timestamp < earliest) revert TooEarly(earliest, block.timestamp);
    }

    function _checkValue(uint256 expected) private view {
        if (msg.value != expected) revert WrongValue(expected, msg.value);
    }

    function _checkTerms(Terms calldata terms) private view {
        if (terms.pool == 0 || terms.pool > GREATEST_POOL) revert PoolOutOfRange(terms.pool, GREATEST_POOL);
        if (terms.specHash == 0) revert ZeroSpecHash();
        if (terms.programRoot == 0) revert ZeroProgramRoot();
        if (terms.rounds == 0) revert ZeroRounds();
        if (terms.commitSeconds == 0) revert ZeroWindow(0);
        if (terms.revealSeconds == 0) revert ZeroWindow(1);
        if (terms.scoreSeconds == 0) revert ZeroWindow(2);
        if (terms.challengeSeconds == 0) revert ZeroWindow(3);
        if (terms.claimSeconds == 0) revert ZeroWindow(4);
        if (terms.start != 0 && terms.start < block.timestamp) revert StartInPast(terms.start, block.timestamp);
        if (terms.token != address(0) && terms.token.code.length == 0) revert TokenWithoutCode(terms.token);
    }
}
