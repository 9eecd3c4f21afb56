// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ITrainingMarket
/// @author The Research authors
/// @notice Pays for federated training: a sponsor locks a pool, participants commit to and reveal updates, anyone posts
/// the scores, and every reward is pulled with a proof.
/// @dev A task runs `rounds` times through Commit, Reveal, Score and Challenge, by time alone: the phase is a function
/// of `block.timestamp` and of windows fixed at publication. A round is fixed by `finalise`, which anyone may send.
/// There is no owner, no pause and no upgrade, and nothing loops over participants.
///
/// Stakes and bonds are always in wei of ETH; the pool is in ETH or in one ERC-20 token. Every window is half-open: it
/// includes its first second and excludes the first second of the next.
///
/// Warning: the dispute game is not built yet. Until it is, a challenge needs no proof: it sends its round to the equal
/// split and both bonds come back. Whoever can lock one bond can therefore deny a round its scores, at the price of
/// gas. Publish only among participants for whom an equal split is an acceptable worst case.
interface ITrainingMarket {
    /// @notice Where a task stands in time.
    /// @dev Pending: before `start`. Closed: after the last round's challenge window, while claims are open and after.
    enum Phase {
        Pending,
        Commit,
        Reveal,
        Score,
        Challenge,
        Closed
    }

    /// @notice How a round ended.
    /// @dev None: not finalised. Scored: the posted root pays. DefaultSplit: nobody scored, or the score was
    /// challenged; those who revealed share equally. Empty: nobody revealed; the round's pool goes back to the sponsor.
    enum Outcome {
        None,
        Scored,
        DefaultSplit,
        Empty
    }

    /// @notice What a sponsor offers. Immutable once published.
    /// @param token The ERC-20 token of the pool, or zero for ETH.
    /// @param pool The reward for all rounds together, in the token's smallest unit or wei; 1 to 2^128 - 1.
    /// @param stake Wei that a participant locks with a first commitment; zero makes a broken promise free.
    /// @param bond Wei that a poster or a challenger locks; zero makes both free.
    /// @param specHash SHA-256 of the canonical specification; not zero.
    /// @param programRoot Root of the tree over the programs of the task's rounds (SCORING.md); not zero. The market
    /// does not derive it: clients refuse a task whose root is not the one that follows from its specification.
    /// @param start When the first round begins, in Unix seconds; zero means the block of publication. Never in the
    /// past.
    /// @param commitSeconds Length of each round's commit window; not zero.
    /// @param revealSeconds Length of each round's reveal window; not zero.
    /// @param scoreSeconds Length of each round's score window; not zero.
    /// @param challengeSeconds Length of each round's challenge window; not zero.
    /// @param claimSeconds How long claims stay open after the last round; not zero. It must leave time to `finalise`.
    /// @param rounds Number of rounds; not zero.
    struct Terms {
        address token;
        uint256 pool;
        uint256 stake;
        uint256 bond;
        bytes32 specHash;
        bytes32 programRoot;
        uint64 start;
        uint32 commitSeconds;
        uint32 revealSeconds;
        uint32 scoreSeconds;
        uint32 challengeSeconds;
        uint32 claimSeconds;
        uint16 rounds;
    }

    /// @notice A published task.
    /// @param terms What was offered, with `start` resolved to a time.
    /// @param sponsor Who published, and who receives forfeited stakes and the refund.
    /// @param refunded Whether the remainder of the pool has gone back.
    /// @param paid Rewards paid so far over all rounds, in units of the pool.
    struct Task {
        Terms terms;
        address sponsor;
        bool refunded;
        uint256 paid;
    }

    /// @notice The state of one round.
    /// @param root Merkle root of the posted rewards; zero until posted.
    /// @param modelHash SHA-256 of the posted model; the next round starts from it only if the outcome is Scored.
    /// @param traceRoot Root of the tree over the 128-byte leaves of the posted trace (SCORING.md).
    /// @param beacon Randomness that seeds the scoring: a hash chain over the revealed salts; final when Score begins.
    /// @param total Sum of the posted rewards.
    /// @param claimed Rewards of this round paid so far.
    /// @param poster Who posted the score, or zero.
    /// @param reveals Number of updates revealed.
    /// @param outcome How the round ended; None until finalised.
    /// @param challenger Who challenged the score, or zero.
    struct Round {
        bytes32 root;
        bytes32 modelHash;
        bytes32 traceRoot;
        bytes32 beacon;
        uint128 total;
        uint128 claimed;
        address poster;
        uint32 reveals;
        Outcome outcome;
        address challenger;
    }

    /// @notice When one round's windows begin and end, in Unix seconds.
    /// @param commit First second in which a commitment is taken.
    /// @param reveal First second in which a reveal is taken.
    /// @param score First second in which a score is taken.
    /// @param challenge First second in which a challenge is taken.
    /// @param end First second after the round: it can be finalised, and the next round begins.
    struct Schedule {
        uint256 commit;
        uint256 reveal;
        uint256 score;
        uint256 challenge;
        uint256 end;
    }

    /// @notice A task was published and its pool locked.
    /// @param taskId The new task.
    /// @param sponsor Who pays.
    /// @param specHash SHA-256 of the canonical specification.
    /// @param terms What was offered, with `start` resolved to a time.
    event TaskPublished(uint256 indexed taskId, address indexed sponsor, bytes32 indexed specHash, Terms terms);

    /// @notice A participant committed to an update.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Who must reveal.
    /// @param commitment Hash of the update's root and a salt; see `commitmentHash`.
    event Committed(uint256 indexed taskId, uint256 indexed round, address indexed participant, bytes32 commitment);

    /// @notice A participant revealed a committed update.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Whose update it is.
    /// @param index The participant's place in reveal order, from zero.
    /// @param updateRoot Root of the tree over the update's numbers (SCORING.md): what was committed to.
    /// @param updateHash SHA-256 of the update's file: only the name under which it can be fetched. Nobody checked it;
    /// a file whose numbers have another root is no update.
    /// @param salt The salt of the commitment.
    /// @param beacon The round's beacon after this reveal.
    event Revealed(
        uint256 indexed taskId,
        uint256 indexed round,
        address indexed participant,
        uint256 index,
        bytes32 updateRoot,
        bytes32 updateHash,
        bytes32 salt,
        bytes32 beacon
    );

    /// @notice A result was posted for a round.
    /// @param taskId The task.
    /// @param round The round.
    /// @param poster Who posted it and locked a bond.
    /// @param root Merkle root over (index, participant, amount).
    /// @param total Sum of the amounts.
    /// @param modelHash SHA-256 of the round's model.
    /// @param traceRoot Root of the tree over the 128-byte leaves of the trace (SCORING.md).
    event ScorePosted(
        uint256 indexed taskId,
        uint256 indexed round,
        address indexed poster,
        bytes32 root,
        uint256 total,
        bytes32 modelHash,
        bytes32 traceRoot
    );

    /// @notice A posted result was challenged.
    /// @param taskId The task.
    /// @param round The round.
    /// @param challenger Who challenged and locked a bond.
    /// @param root The Merkle root that the challenger computed.
    event Challenged(uint256 indexed taskId, uint256 indexed round, address indexed challenger, bytes32 root);

    /// @notice A round's outcome was fixed and its bonds credited.
    /// @param taskId The task.
    /// @param round The round.
    /// @param outcome How the round ended.
    event Finalised(uint256 indexed taskId, uint256 indexed round, Outcome outcome);

    /// @notice A reward was paid, by proof or by default split.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Who was paid.
    /// @param index The participant's place in reveal order.
    /// @param amount The reward, in units of the pool.
    event Claimed(
        uint256 indexed taskId, uint256 indexed round, address indexed participant, uint256 index, uint256 amount
    );

    /// @notice What was left of a pool went back to the sponsor.
    /// @param taskId The task.
    /// @param sponsor Who received it.
    /// @param amount What was left, in units of the pool.
    event Refunded(uint256 indexed taskId, address indexed sponsor, uint256 amount);

    /// @notice A participant took its stake back.
    /// @param taskId The task.
    /// @param participant Whose stake it was.
    /// @param amount The stake in wei.
    event StakeWithdrawn(uint256 indexed taskId, address indexed participant, uint256 amount);

    /// @notice A stake was forfeited to the sponsor's credit because a commitment was not revealed.
    /// @param taskId The task.
    /// @param round The round of the unrevealed commitment.
    /// @param participant Whose stake it was.
    /// @param amount The stake in wei.
    event StakeForfeited(uint256 indexed taskId, uint256 indexed round, address indexed participant, uint256 amount);

    /// @notice An account pulled its credit.
    /// @param account Who was paid.
    /// @param amount The credit in wei.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Thrown when no task has this number.
    /// @param taskId The number given.
    error UnknownTask(uint256 taskId);

    /// @notice Thrown when a task has no such round.
    /// @param round The round given, from zero.
    /// @param rounds Number of rounds of the task.
    error UnknownRound(uint256 round, uint256 rounds);

    /// @notice Thrown when a function is called outside its phase.
    /// @param expected The phase in which it works.
    /// @param actual The phase of the task now.
    error WrongPhase(Phase expected, Phase actual);

    /// @notice Thrown when the ETH sent is not the ETH due.
    /// @param expected Wei due.
    /// @param actual Wei sent.
    error WrongValue(uint256 expected, uint256 actual);

    /// @notice Thrown when a pool is zero or above the greatest allowed.
    /// @param pool The pool given.
    /// @param greatest The greatest pool allowed; the least is one.
    error PoolOutOfRange(uint256 pool, uint256 greatest);

    /// @notice Thrown when the specification's hash is zero.
    error ZeroSpecHash();

    /// @notice Thrown when the root of the rounds' programs is zero.
    error ZeroProgramRoot();

    /// @notice Thrown when a task would have no rounds.
    error ZeroRounds();

    /// @notice Thrown when a window has no length.
    /// @param position Which one: 0 commit, 1 reveal, 2 score, 3 challenge, 4 claim.
    error ZeroWindow(uint256 position);

    /// @notice Thrown when a task would start before its publication.
    /// @param start The start given, in Unix seconds.
    /// @param timestamp The time now.
    error StartInPast(uint256 start, uint256 timestamp);

    /// @notice Thrown when the pool's token is an address without code.
    /// @param token The address given.
    error TokenWithoutCode(address token);

    /// @notice Thrown when a token moved another amount than asked, as one with a fee on transfer does.
    /// @param expected The pool.
    /// @param received What arrived.
    error WrongPoolReceived(uint256 expected, uint256 received);

    /// @notice Thrown when a commitment is zero.
    error ZeroCommitment();

    /// @notice Thrown when a participant commits twice in a round.
    /// @param round The round.
    /// @param participant Who committed already.
    error AlreadyCommitted(uint256 round, address participant);

    /// @notice Thrown when a participant has no unrevealed commitment in this round.
    /// @param round The round.
    /// @param participant Who has none.
    error NotCommitted(uint256 round, address participant);

    /// @notice Thrown when the update's root and salt are not those committed to.
    /// @param expected The commitment made.
    /// @param actual The commitment that the root and salt give.
    error WrongReveal(bytes32 expected, bytes32 actual);

    /// @notice Thrown when a round has no update to score.
    /// @param round The round.
    error NothingRevealed(uint256 round);

    /// @notice Thrown when a round has a score already.
    /// @param round The round.
    /// @param poster Who posted it.
    error AlreadyPosted(uint256 round, address poster);

    /// @notice Thrown when the posted rewards exceed the round's part of the pool.
    /// @param total Sum of the rewards posted.
    /// @param available The round's part of the pool.
    error TotalAboveRoundPool(uint256 total, uint256 available);

    /// @notice Thrown when a round has no score to challenge.
    /// @param round The round.
    error NothingPosted(uint256 round);

    /// @notice Thrown when a round's score was challenged already.
    /// @param round The round.
    /// @param challenger Who challenged it.
    error AlreadyChallenged(uint256 round, address challenger);

    /// @notice Thrown when a challenge names the very root that was posted.
    /// @param root The posted root.
    error SameRoot(bytes32 root);

    /// @notice Thrown when something is asked for before its time.
    /// @param earliest The first second in which it can be done.
    /// @param timestamp The time now.
    error TooEarly(uint256 earliest, uint256 timestamp);

    /// @notice Thrown when a round was finalised already.
    /// @param round The round.
    /// @param outcome How it ended.
    error AlreadyFinalised(uint256 round, Outcome outcome);

    /// @notice Thrown when a round does not pay in the way asked for.
    /// @param expected The outcome that pays so.
    /// @param actual The round's outcome; None until it is finalised.
    error WrongOutcome(Outcome expected, Outcome actual);

    /// @notice Thrown when a claim comes at or after the claim deadline.
    /// @param deadline The first second in which claims are closed.
    /// @param timestamp The time now.
    error ClaimsClosed(uint256 deadline, uint256 timestamp);

    /// @notice Thrown when a participant did not reveal in a round, or revealed in another place.
    /// @param round The round.
    /// @param participant Who did not reveal there.
    /// @param index The place in reveal order given.
    error NotRevealed(uint256 round, address participant, uint256 index);

    /// @notice Thrown when a reward was paid already.
    /// @param round The round.
    /// @param index The place in reveal order.
    error AlreadyClaimed(uint256 round, uint256 index);

    /// @notice Thrown when a proof does not lead to the posted root.
    /// @param root The posted root.
    /// @param leaf The leaf of the claim.
    error InvalidProof(bytes32 root, bytes32 leaf);

    /// @notice Thrown when a root pays more than the total posted with it.
    /// @param amount The claim.
    /// @param remaining What is left of the posted total.
    error ClaimAboveTotal(uint256 amount, uint256 remaining);

    /// @notice Thrown when a pool's remainder went back already.
    /// @param taskId The task.
    error AlreadyRefunded(uint256 taskId);

    /// @notice Thrown when a participant has no stake in a task.
    /// @param taskId The task.
    /// @param participant Who has none.
    error NoStake(uint256 taskId, address participant);

    /// @notice Thrown when a stake is held by an unrevealed commitment.
    /// @param round The round of that commitment.
    /// @param participant Whose stake it is.
    error StakeHeld(uint256 round, address participant);

    /// @notice Thrown when an account has no credit.
    /// @param account The account.
    error NoCredit(address account);

    /// @notice Thrown when a recipient does not take ETH.
    /// @param recipient Who refused it.
    /// @param amount Wei refused.
    error TransferFailed(address recipient, uint256 amount);

    /// @notice Publishes a task and locks its pool.
    /// @dev ETH: send exactly the pool. ERC-20: send nothing and approve the pool first; a token that takes a fee on
    /// transfer is refused.
    ///
    /// Warning: a token whose balances change on their own, or that can freeze this contract, can make the claims of
    /// every task in that token fail; no other task is touched. Nothing can be cancelled: a start far in the future
    /// locks the pool until the task has run.
    /// @param terms What is offered.
    /// @return taskId The new task; numbers count up from one.
    function publish(Terms calldata terms) external payable returns (uint256 taskId);

    /// @notice Commits the sender to an update in the current round.
    /// @dev Due in wei: the stake with the first commitment, and again after a stake was withdrawn or forfeited;
    /// nothing otherwise. A commitment of an earlier round that was not revealed forfeits its stake here.
    ///
    /// Warning: whoever commits and does not reveal in the same round loses the stake to the sponsor.
    /// @param taskId The task.
    /// @param commitment See `commitmentHash`; not zero.
    function commit(uint256 taskId, bytes32 commitment) external payable;

    /// @notice Reveals the sender's update of the current round.
    /// @dev Gives the participant the next place in reveal order and stirs the salt into the round's beacon:
    /// `beacon = keccak256(abi.encode(beacon, salt))`, from zero.
    ///
    /// Warning: whoever reveals last knows the beacon with and without its own salt, and can choose by staying silent.
    /// That choice is one bit for each address, costs its stake and forgoes its reward; set `stake` accordingly. The
    /// salt must be random and unpublished until the reveal.
    ///
    /// The commitment covers the root and not the hash of the file: whoever reveals a hash under which no file of that
    /// root can be fetched has no update in the round, as if it had shared none.
    /// @param taskId The task.
    /// @param updateRoot The root of the commitment: that of the tree over the update's weights, 4 bytes each and most
    /// significant first, filled up with zeros (SCORING.md, tree 131072 + i).
    /// @param updateHash SHA-256 of the update's file: only the name under which it can be fetched.
    /// @param salt The salt of the commitment.
    function reveal(uint256 taskId, bytes32 updateRoot, bytes32 updateHash, bytes32 salt) external;

    /// @notice Posts the current round's rewards and model; the first poster only.
    /// @dev Locks the bond; `finalise` credits it back. A leaf is
    /// `keccak256(bytes.concat(keccak256(abi.encode(index, participant, amount))))`, pairs are hashed in sorted order
    /// (OpenZeppelin's standard tree). Only those who revealed can be paid, each at its place in reveal order. What the
    /// total leaves of the round's pool goes back to the sponsor.
    ///
    /// Warning: nothing here checks the scores. A wrong root pays out unless someone recomputes and challenges it.
    /// @param taskId The task.
    /// @param root Merkle root over (index, participant, amount).
    /// @param total Sum of the amounts; at most `roundPool`. A root that pays more is cut off at this total.
    /// @param modelHash SHA-256 of the round's model.
    /// @param traceRoot Root of the tree over the 128-byte leaves of the trace (SCORING.md).
    function postScore(uint256 taskId, bytes32 root, uint256 total, bytes32 modelHash, bytes32 traceRoot)
        external
        payable;

    /// @notice Challenges the current round's score; the first challenger only.
    /// @dev Locks the bond; `finalise` credits it back.
    ///
    /// Warning: until the dispute game exists nobody judges the challenge. It sends the round to the equal split and
    /// both bonds come back, so it deters a false score and rewards spoiling a true one alike.
    /// @param taskId The task.
    /// @param root The Merkle root that the sender computed; other than the posted one.
    function challenge(uint256 taskId, bytes32 root) external payable;

    /// @notice Fixes a round's outcome and credits its bonds. Anyone may send it, at any time after the round.
    /// @dev Warning: rewards are claimable only once this was sent, and only before `claimDeadline`. After the deadline
    /// it still returns the bonds.
    /// @param taskId The task.
    /// @param round The round, from zero.
    function finalise(uint256 taskId, uint256 round) external;

    /// @notice Pays a scored reward to its participant. Anyone may send it.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param index The participant's place in reveal order.
    /// @param participant Who is paid.
    /// @param amount The reward, in units of the pool.
    /// @param proof Siblings from the leaf to the posted root.
    function claim(
        uint256 taskId,
        uint256 round,
        uint256 index,
        address participant,
        uint256 amount,
        bytes32[] calldata proof
    ) external;

    /// @notice Pays a participant's equal part of a round that ended in DefaultSplit. Anyone may send it.
    /// @dev With n reveals, places below `roundPool mod n` get one unit more, so the parts sum to the round's pool.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param participant Who is paid.
    function claimDefault(uint256 taskId, uint256 round, address participant) external;

    /// @notice Returns to the sponsor all of the pool that was not paid. Anyone may send it, from `claimDeadline` on.
    /// @param taskId The task.
    function refund(uint256 taskId) external;

    /// @notice Pays the sender's stake back, once its last commitment is revealed.
    /// @param taskId The task.
    function withdrawStake(uint256 taskId) external;

    /// @notice Forfeits a stake whose commitment was not revealed in time, to the sponsor's credit. Anyone may send it.
    /// @param taskId The task.
    /// @param participant Whose stake it is.
    function forfeitStake(uint256 taskId, address participant) external;

    /// @notice Pays the sender its credit: returned bonds and, to sponsors, forfeited stakes.
    function withdraw() external;

    /// @notice Gets the number of tasks; they are numbered from one.
    /// @return count How many were published.
    function taskCount() external view returns (uint256 count);

    /// @notice Gets a task.
    /// @param taskId The task.
    /// @return task Its terms and what was paid.
    function getTask(uint256 taskId) external view returns (Task memory task);

    /// @notice Gets the state of a round.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @return state The round as it stands; all zero before its first reveal.
    function getRound(uint256 taskId, uint256 round) external view returns (Round memory state);

    /// @notice Gets where a task stands now.
    /// @param taskId The task.
    /// @return round The current round, from zero; zero while Pending, the number of rounds once Closed.
    /// @return phase The current phase.
    function phaseOf(uint256 taskId) external view returns (uint256 round, Phase phase);

    /// @notice Gets a round's windows.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @return schedule When each window begins, and when the round ends.
    function scheduleOf(uint256 taskId, uint256 round) external view returns (Schedule memory schedule);

    /// @notice Gets when a task's claims close and its refund opens.
    /// @param taskId The task.
    /// @return deadline The first second without claims, in Unix seconds.
    function claimDeadline(uint256 taskId) external view returns (uint256 deadline);

    /// @notice Gets a round's part of the pool: `pool * (round + 1) / rounds - pool * round / rounds`.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @return amount The part, in units of the pool; the parts of all rounds sum to the pool.
    function roundPool(uint256 taskId, uint256 round) external view returns (uint256 amount);

    /// @notice Gets the hash to commit to.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param participant Who will commit and reveal.
    /// @param updateRoot Root of the tree over the update's numbers (SCORING.md).
    /// @param salt 32 random bytes.
    /// @return commitment `keccak256(abi.encode(chainid, market, taskId, round, participant, updateRoot, salt))`.
    function commitmentHash(uint256 taskId, uint256 round, address participant, bytes32 updateRoot, bytes32 salt)
        external
        view
        returns (bytes32 commitment);

    /// @notice Gets a participant's unrevealed commitment.
    /// @param taskId The task.
    /// @param participant The participant.
    /// @return round The round of its last commitment.
    /// @return commitment The commitment not yet revealed, or zero when there is none.
    function commitmentOf(uint256 taskId, address participant) external view returns (uint256 round, bytes32 commitment);

    /// @notice Gets a participant's place in a round's reveal order.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param participant The participant.
    /// @return revealed Whether it revealed.
    /// @return index Its place, from zero; zero when it did not reveal.
    function revealIndexOf(uint256 taskId, uint256 round, address participant)
        external
        view
        returns (bool revealed, uint256 index);

    /// @notice Gets whether a reward was paid.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param index The place in reveal order.
    /// @return claimed Whether it was paid.
    function isClaimed(uint256 taskId, uint256 round, uint256 index) external view returns (bool claimed);

    /// @notice Gets the stake that a participant has locked in a task.
    /// @param taskId The task.
    /// @param participant The participant.
    /// @return amount Wei locked.
    function stakeOf(uint256 taskId, address participant) external view returns (uint256 amount);

    /// @notice Gets what an account can withdraw.
    /// @param account The account.
    /// @return amount Wei credited.
    function creditOf(address account) external view returns (uint256 amount);
}
