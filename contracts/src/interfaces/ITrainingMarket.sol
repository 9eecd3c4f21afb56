// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ITrainingMarket
/// @author The Research authors
/// @notice Pays for federated training: a sponsor locks a pool, participants commit to and reveal updates, anyone claims
/// what a round's scoring gives, and every reward is pulled with a proof.
/// @dev PROTOCOL.md is the design: states, clocks, money, and what each role could try. The phase of a task is a
/// function of `block.timestamp` and of windows fixed at publication; every window includes its first second and
/// excludes the first second of the next. There is no owner, no pause and no upgrade, nothing loops over participants,
/// and time alone ends every task. Stakes, bonds, fees are wei of ETH; the pool is ETH or one ERC-20 token.
/// Posted claims stand until `IRefuter` makes them fall; the earliest that stands decides.
interface ITrainingMarket {
    /// @notice Where a task stands in time.
    /// @dev Pending: before `start`. Answer has no length where updates travel in their reveals. Score: sealed claims
    /// are taken in its first half, and opened in its second. Closed: after the last round, or after the round that
    /// reached the target accuracy.
    enum Phase {
        Pending,
        Commit,
        Reveal,
        Answer,
        Open,
        Score,
        Refute,
        Closed
    }

    /// @notice How updates become available to everybody before they are scored.
    /// @dev Calldata: an update travels whole in its reveal. Demand: anyone may demand pieces of it on chain.
    enum Delivery {
        Calldata,
        Demand
    }

    /// @notice How a round ended.
    /// @dev None: not finalised. Scored: the final claim pays. Empty: nobody revealed; the round's own part goes back to
    /// the sponsor. Unopened: the sponsor did not open the evaluation keys in time; the round's pool is burned.
    /// Unscored: no claim stands; the round's pool is burned.
    enum Outcome {
        None,
        Scored,
        Empty,
        Unopened,
        Unscored
    }

    /// @notice Where a participant stands in a task.
    /// @dev Demanded: revealed, and a demanded piece of the update is not answered; after the answer window its stake
    /// is burned.
    enum Standing {
        None,
        Committed,
        Revealed,
        Demanded
    }

    /// @notice Where a claim stands.
    /// @dev Paid: its bond went back. Fallen: it was refuted, and its bond is lost.
    enum ClaimState {
        None,
        Sealed,
        Posted,
        Paid,
        Fallen
    }

    /// @notice What a sponsor offers. Immutable once published.
    /// @param programRoot Root of the tree over the rounds: what each is scored by (SCORING.md); not zero.
    /// @param allowRoot Root of the tree of accounts that may take part (OpenZeppelin's standard tree over `address`);
    /// zero lets everybody.
    /// @param token The ERC-20 token of the pool, or zero for ETH.
    /// @param pool The reward for all rounds together, in the token's smallest unit or wei; 1 to 2^128 - 1.
    /// @param stake Wei that a participant locks.
    /// @param bond Wei that a claimant locks.
    /// @param auditFee Wei a round, beside the pool, for those who look: a third for each of the three claims from the final
    /// one on that say the same. What they do not take, and that of rounds that are not played, is burned.
    /// @param target Points from which a round's whole pool is earned; zero: from the first point on.
    /// @param start When the first round begins, in Unix seconds; zero means the block of publication.
    /// @param commitSeconds Length of each round's commit window.
    /// @param revealSeconds Length of each round's reveal window.
    /// @param answerSeconds Length of each round's answer window; zero where updates travel in their reveals.
    /// @param openSeconds Length of each round's open window.
    /// @param scoreSeconds Length of each round's score window.
    /// @param refuteSeconds Length of each round's refute window.
    /// @param rounds Number of rounds, 1 to 256.
    /// @param delivery How updates become available.
    /// @param updateBytes Bytes of an update: four for each weight.
    /// @param keys Number of evaluation keys of each round.
    /// @param targetRight Records that the model of a round must predict right for the task to end with that round, where it
    /// is finalised before the next round's commitments close; zero lets every round be played.
    struct Terms {
        bytes32 programRoot;
        bytes32 allowRoot;
        address token;
        uint128 pool;
        uint64 stake;
        uint64 bond;
        uint64 auditFee;
        uint64 target;
        uint40 start;
        uint32 commitSeconds;
        uint32 revealSeconds;
        uint32 answerSeconds;
        uint32 openSeconds;
        uint32 scoreSeconds;
        uint32 refuteSeconds;
        uint16 rounds;
        Delivery delivery;
        uint32 updateBytes;
        uint16 keys;
        uint32 targetRight;
    }

    /// @notice A published task.
    /// @param terms What was offered, with `start` resolved; `rounds` is smaller once the target was reached early.
    /// @param sponsor Who published.
    /// @param finalised Number of rounds finalised, in order.
    /// @param carried What earlier rounds did not earn, in units of the pool; the next round adds it to its own part.
    struct Task {
        Terms terms;
        address sponsor;
        uint16 finalised;
        uint128 carried;
    }

    /// @notice The state of one round.
    /// @param roster Hash chain over the reveals: from zero, `roster = bytes24(keccak(entry))`, where a reveal's entry is the
    /// roster before it (24 bytes), its index (8 bytes), participant, update root and block of the commitment (32 bytes each).
    /// @param reveals Number of updates revealed.
    /// @param claims Number of claims posted.
    /// @param resultsRoot Root of the final claim's results; zero until one is final.
    /// @param modelRoot Root of the model after the round: the final claim's; of a round without one, the one before; zero
    /// while it is the initial one.
    /// @param pool What the round pays from, in units of the pool; zero until finalised.
    /// @param remaining What of it is earned and not paid yet; of an empty round, what is not refunded.
    /// @param lead Place of the earliest claim that stands; the number of claims where none does.
    /// @param keyChunks Number of chunks of evaluation keys opened.
    /// @param isOpen Whether these are all.
    /// @param outcome How the round ended.
    /// @param inToken Whether it pays in a token.
    /// @param divisor Points that earn the whole pool: the larger of total and target.
    /// @param depth Levels of a trace's tree above its leaves; known once keys are open.
    /// @param finalisedAt When it was finalised, in Unix seconds.
    struct Round {
        bytes24 roster;
        uint32 reveals;
        uint32 claims;
        bytes32 resultsRoot;
        bytes32 modelRoot;
        uint128 pool;
        uint128 remaining;
        uint32 lead;
        uint16 keyChunks;
        bool isOpen;
        Outcome outcome;
        bool inToken;
        uint64 divisor;
        uint8 depth;
        uint40 finalisedAt;
    }

    /// @notice A participant in a task.
    /// @param word Its commitment; once revealed, `bytes24(keccak(updateRoot, index))`.
    /// @param committed The block of the commitment.
    /// @param round The round of the commitment.
    /// @param standing Where it stands.
    struct Position {
        bytes24 word;
        uint40 committed;
        uint16 round;
        Standing standing;
    }

    /// @notice One account's claim in a round.
    /// @param digest The seal; once posted, `bytes24(keccak(result))`.
    /// @param place Its place in the order of posting.
    /// @param state Where it stands.
    struct Claim {
        bytes24 digest;
        uint32 place;
        ClaimState state;
    }

    /// @notice What a claim says of a round.
    /// @param traceRoot Root of the tree over the trace's 128-byte leaves (SCORING.md).
    /// @param resultsRoot Root of the tree whose leaf i is `index, participant, points, 0`, 32 bytes each.
    /// @param modelRoot Root of the tree over the next model's weights, 4 bytes each (SCORING.md).
    /// @param total Sum of the points.
    /// @param right Records that the next model predicts right.
    struct Result {
        bytes32 traceRoot;
        bytes32 resultsRoot;
        bytes32 modelRoot;
        uint64 total;
        uint64 right;
    }

    /// @notice A piece of an update that was revealed in the current round.
    /// @param participant Whose update.
    /// @param index Its place in reveal order.
    /// @param updateRoot Its root.
    /// @param chunk Which piece, from zero: 16,384 bytes each, the last one shorter.
    struct Piece {
        address participant;
        uint256 index;
        bytes32 updateRoot;
        uint256 chunk;
    }

    /// @notice What a round is scored by, and its way to the terms' `programRoot`.
    /// @dev The round's leaf is `program, records, keys, initial`, 32 bytes each, `program = keccak(code, constants, layout)`;
    /// its number in the tree is the round's. See SCORING.md, section Records.
    /// @param code Root of the tree over the program's records.
    /// @param constants Root of the tree over its constants.
    /// @param layout Size of its trace, and depths of what it reads.
    /// @param records Root of the round's evaluation records.
    /// @param initial Root of the model that the task starts from.
    /// @param siblings The hashes beside the way from the leaf, from below.
    struct RoundProof {
        bytes32 code;
        bytes32 constants;
        bytes32 layout;
        bytes32 records;
        bytes32 initial;
        bytes32[] siblings;
    }

    /// @notice What the refuter must know of a claim and its round.
    /// @param digest The claim's digest.
    /// @param state Where it stands.
    /// @param place Its place in the order of posting.
    /// @param base When the time in which it can be demanded begins to count; zero while the round before is not final.
    /// @param window The task's refute window in seconds.
    /// @param depth Levels of the trace's tree above its leaves; zero until keys are open.
    /// @param reveals Number of updates revealed.
    /// @param roster See `Round`.
    /// @param programRoot See `Terms`.
    /// @param model Root of the model that the round starts from; zero: the initial one.
    /// @param seed `keccak(pin, taskId, round)`, 32 bytes each: which records were opened before the commitments.
    struct CaseFacts {
        bytes24 digest;
        ClaimState state;
        uint32 place;
        uint40 base;
        uint32 window;
        uint8 depth;
        uint32 reveals;
        bytes24 roster;
        bytes32 programRoot;
        bytes32 model;
        bytes32 seed;
    }

    /// @notice When one round's windows begin and end, in Unix seconds.
    /// @param commit First second in which a commitment is taken.
    /// @param reveal First second in which a reveal is taken.
    /// @param answer First second in which a demand or an answer is taken.
    /// @param demanded First second in which no demand is taken any more; answers are until `open`.
    /// @param open First second in which evaluation keys are taken.
    /// @param score First second in which a sealed claim is taken.
    /// @param post First second in which a sealed claim is opened.
    /// @param refute First second after the claims.
    /// @param end First second after the round: it can be finalised, and the next round begins.
    struct Schedule {
        uint256 commit;
        uint256 reveal;
        uint256 answer;
        uint256 demanded;
        uint256 open;
        uint256 score;
        uint256 post;
        uint256 refute;
        uint256 end;
    }

    /// @notice A task was published and its pool locked.
    /// @param taskId The new task.
    /// @param sponsor Who pays.
    /// @param specHash SHA-256 of the canonical specification.
    event TaskPublished(uint256 indexed taskId, address indexed sponsor, bytes32 indexed specHash);

    /// @notice A participant committed to an update.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Who must reveal.
    /// @param commitment See `commitmentHash`.
    event Committed(uint256 indexed taskId, uint256 indexed round, address indexed participant, bytes24 commitment);

    /// @notice A participant revealed a committed update.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Whose update it is.
    /// @param index The participant's place in reveal order, from zero.
    /// @param updateRoot Root of the tree over the update's numbers (SCORING.md): what was committed to.
    /// @param updateHash SHA-256 of the update's file: only a name under which it may be fetched; zero for none.
    /// @param committed The block of the commitment.
    event Revealed(
        uint256 indexed taskId,
        uint256 indexed round,
        address indexed participant,
        uint256 index,
        bytes32 updateRoot,
        bytes32 updateHash,
        uint256 committed
    );

    /// @notice A piece of an update is on chain, proved against its root.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Whose update it is.
    /// @param chunk Which piece, from zero: 16,384 bytes each, the last one shorter.
    /// @param data Its bytes.
    event UpdateShown(
        uint256 indexed taskId, uint256 indexed round, address indexed participant, uint256 chunk, bytes data
    );

    /// @notice A piece of an update was demanded.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Whose update it is.
    /// @param chunk Which piece.
    /// @param demander Who asked.
    /// @param fee Wei for the participant, once the piece is shown.
    event Demanded(
        uint256 indexed taskId,
        uint256 indexed round,
        address indexed participant,
        uint256 chunk,
        address demander,
        uint256 fee
    );

    /// @notice A fee whose demand was not answered went back.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Whose update was demanded.
    /// @param chunk Which piece.
    /// @param fee Wei returned.
    event FeeReturned(
        uint256 indexed taskId, uint256 indexed round, address indexed participant, uint256 chunk, uint256 fee
    );

    /// @notice Evaluation keys were opened, proved against the root in the terms.
    /// @param taskId The task.
    /// @param round The round.
    /// @param chunk Which keys: 128 a chunk, in order.
    /// @param keys 32 bytes each.
    event KeysOpened(uint256 indexed taskId, uint256 indexed round, uint256 chunk, bytes keys);

    /// @notice A sealed claim was taken and its bond locked.
    /// @param taskId The task.
    /// @param round The round.
    /// @param claimant Who must open it.
    /// @param seal See `sealHash`.
    event ClaimSealed(uint256 indexed taskId, uint256 indexed round, address indexed claimant, bytes24 seal);

    /// @notice A sealed claim was opened.
    /// @param taskId The task.
    /// @param round The round.
    /// @param claimant Who posted it.
    /// @param place Its place in the order of posting.
    /// @param result What it says.
    /// @param file SHA-256 of the file that holds its results: only a name under which it may be fetched.
    event ClaimPosted(
        uint256 indexed taskId,
        uint256 indexed round,
        address indexed claimant,
        uint256 place,
        Result result,
        bytes32 file
    );

    /// @notice A round's outcome was fixed.
    /// @param taskId The task.
    /// @param round The round.
    /// @param outcome How the round ended.
    /// @param claimant Whose claim is final, or zero.
    /// @param pool What the round pays from.
    /// @param carried What goes on to the next round.
    /// @param burned What nobody will ever have.
    event RoundFinalised(
        uint256 indexed taskId,
        uint256 indexed round,
        Outcome outcome,
        address claimant,
        uint256 pool,
        uint256 carried,
        uint256 burned
    );

    /// @notice A reward was paid.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Who earned it.
    /// @param index The participant's place in reveal order.
    /// @param recipient Where it went.
    /// @param amount The reward, in units of the pool.
    event RewardPaid(
        uint256 indexed taskId,
        uint256 indexed round,
        address indexed participant,
        uint256 index,
        address recipient,
        uint256 amount
    );

    /// @notice A claimant's bond went back, with its part of the audit fee.
    /// @param taskId The task.
    /// @param round The round.
    /// @param claimant Whose bond it was.
    /// @param recipient Where it went.
    /// @param amount Bond and fee, in wei.
    event BondPaid(
        uint256 indexed taskId, uint256 indexed round, address indexed claimant, address recipient, uint256 amount
    );

    /// @notice A refuted claim's bond was lost.
    /// @param taskId The task.
    /// @param round The round.
    /// @param claimant Whose bond it was.
    /// @param winner Who made it fall.
    /// @param amount Wei that the winner got: its gas, and half of the rest.
    /// @param burned Wei that nobody will ever have.
    event BondLost(
        uint256 indexed taskId,
        uint256 indexed round,
        address indexed claimant,
        address winner,
        uint256 amount,
        uint256 burned
    );

    /// @notice The block's hash that chooses which records are opened before the commitments was written down.
    /// @param taskId The task.
    /// @param pin The hash of the block after the publication's.
    event Pinned(uint256 indexed taskId, bytes32 pin);

    /// @notice An empty round's part of the pool and its audit fee went back to the sponsor.
    /// @param taskId The task.
    /// @param round The round.
    /// @param recipient Where they went.
    /// @param amount The part, in units of the pool.
    /// @param auditFee The fee, in wei.
    event Refunded(uint256 indexed taskId, uint256 indexed round, address recipient, uint256 amount, uint256 auditFee);

    /// @notice A participant took its stake back.
    /// @param taskId The task.
    /// @param participant Whose stake it was.
    /// @param recipient Where it went.
    /// @param amount The stake in wei.
    event StakePaid(uint256 indexed taskId, address indexed participant, address recipient, uint256 amount);

    /// @notice A stake was burned: its commitment was not revealed, or its update not shown on demand.
    /// @param taskId The task.
    /// @param round The round.
    /// @param participant Whose stake it was.
    /// @param amount The stake in wei.
    event StakeBurned(uint256 indexed taskId, uint256 indexed round, address indexed participant, uint256 amount);

    /// @notice Thrown when no task has this number.
    /// @param taskId The number given.
    error UnknownTask(uint256 taskId);

    /// @notice Thrown when a task has no such round.
    /// @param round The round given, from zero.
    /// @param rounds Number of rounds of the task.
    error UnknownRound(uint256 round, uint256 rounds);

    /// @notice Thrown when a number of the terms lies outside its range.
    /// @param field Which one: "stake", "commitSeconds", …
    /// @param value The value given.
    /// @param least The least allowed.
    /// @param most The most allowed.
    error TermOutOfRange(string field, uint256 value, uint256 least, uint256 most);

    /// @notice Thrown when a hash that must be given is zero.
    /// @param field Which one: "specHash", "programRoot", "commitment", "seal".
    error ZeroHash(string field);

    /// @notice Thrown when the pool's token is an address without code.
    /// @param token The address given.
    error TokenWithoutCode(address token);

    /// @notice Thrown when a token moved another amount than asked, as one with a fee on transfer does.
    /// @param expected The amount asked for.
    /// @param actual The amount by which a balance changed.
    error WrongTokenMove(uint256 expected, uint256 actual);

    /// @notice Thrown when the ETH sent is not the ETH due.
    /// @param expected Wei due; of a demand, the least.
    /// @param actual Wei sent.
    error WrongValue(uint256 expected, uint256 actual);

    /// @notice Thrown when a function is called outside its phase.
    /// @param expected The phase in which it works.
    /// @param actual The phase of the task now.
    error WrongPhase(Phase expected, Phase actual);

    /// @notice Thrown when something is asked for before its time.
    /// @param earliest The first second in which it can be done.
    /// @param timestamp The time now.
    error TooEarly(uint256 earliest, uint256 timestamp);

    /// @notice Thrown when something is asked for after its time.
    /// @param latest The first second in which it cannot be done any more.
    /// @param timestamp The time now.
    error TooLate(uint256 latest, uint256 timestamp);

    /// @notice Thrown when a task's updates are made available in the other way.
    /// @param actual The way of the task.
    error WrongDelivery(Delivery actual);

    /// @notice Thrown when an account is not among those that may take part.
    /// @param account The account.
    error NotAllowed(address account);

    /// @notice Thrown when a participant commits twice in a round.
    /// @param round The round.
    /// @param participant Who committed already.
    error AlreadyCommitted(uint256 round, address participant);

    /// @notice Thrown when a participant does not stand where the step needs it.
    /// @param participant The participant.
    /// @param round The round of its last commitment.
    /// @param standing Where it stands.
    error WrongStanding(address participant, uint256 round, Standing standing);

    /// @notice Thrown when the update's root and salt are not those committed to.
    /// @param expected The commitment made.
    /// @param actual The commitment that the root and salt give.
    error WrongReveal(bytes24 expected, bytes24 actual);

    /// @notice Thrown when a root and index are not those revealed.
    /// @param expected The word of the reveal.
    /// @param actual The word that they give.
    error WrongUpdate(bytes24 expected, bytes24 actual);

    /// @notice Thrown when an update has no such piece, or it was demanded before, or is not demanded.
    /// @param chunk The piece.
    /// @param chunks Number of pieces of an update.
    error WrongChunk(uint256 chunk, uint256 chunks);

    /// @notice Thrown when data, or a proof, have another length than they must.
    /// @param expected Bytes or siblings expected.
    /// @param actual Bytes or siblings given.
    error WrongLength(uint256 expected, uint256 actual);

    /// @notice Thrown when a proof does not lead to the root.
    /// @param expected The root.
    /// @param actual The root that the proof gives.
    error WrongProof(bytes32 expected, bytes32 actual);

    /// @notice Thrown when a round has as many reveals as can be scored.
    /// @param most How many.
    error RoundFull(uint256 most);

    /// @notice Thrown when a round has no update to score.
    /// @param round The round.
    error NothingRevealed(uint256 round);

    /// @notice Thrown when evaluation keys are opened out of order, again, or are wanted and not all open.
    /// @param expected The chunks that are to be open.
    /// @param actual The chunks that are.
    error WrongKeys(uint256 expected, uint256 actual);

    /// @notice Thrown when an account's claim does not stand where the step needs it.
    /// @param claimant The account.
    /// @param state Where it stands.
    error WrongClaim(address claimant, ClaimState state);

    /// @notice Thrown when a result is not the one sealed or posted.
    /// @param expected The digest on chain.
    /// @param actual The digest that the result gives.
    error WrongResult(bytes24 expected, bytes24 actual);

    /// @notice Thrown when a claim is not the one that decides the round.
    /// @param expected The place of the earliest claim that stands.
    /// @param actual The place of the claim given.
    error NotLeading(uint256 expected, uint256 actual);

    /// @notice Thrown when rounds are finalised out of order, or again.
    /// @param expected The round to finalise next.
    /// @param actual The round given.
    error WrongRound(uint256 expected, uint256 actual);

    /// @notice Thrown when a round does not pay in the way asked for.
    /// @param expected The outcome that pays so.
    /// @param actual The round's outcome; None until it is finalised.
    error WrongOutcome(Outcome expected, Outcome actual);

    /// @notice Thrown when a reward was paid already.
    /// @param round The round.
    /// @param index The place in reveal order.
    error AlreadyPaid(uint256 round, uint256 index);

    /// @notice Thrown when a result's rewards exceed what the round pays.
    /// @param amount The reward asked for.
    /// @param remaining What is left.
    error AboveRemaining(uint256 amount, uint256 remaining);

    /// @notice Thrown when somebody else than its owner directs a payment.
    /// @param owner Who may name a recipient.
    /// @param recipient The recipient given.
    error NotYours(address owner, address recipient);

    /// @notice Thrown when a recipient does not take its payment; it stays where it is.
    /// @param recipient Who refused it.
    /// @param amount The amount refused.
    error PaymentFailed(address recipient, uint256 amount);

    /// @notice Thrown when a block's hash cannot be had: it is not there yet, or more than 256 blocks ago, or written down.
    /// @param number The block.
    error WrongBlock(uint256 number);

    /// @notice Thrown when the block's hash that chooses the records was not written down.
    /// @param taskId The task.
    error NotPinned(uint256 taskId);

    /// @notice Thrown when a claim was not refuted.
    /// @param claimant Whose claim.
    error NotRefuted(address claimant);

    /// @notice Publishes a task and locks its pool and audit fees.
    /// @dev Due in wei: the audit fee of every round, and the pool where it is in ETH. A token's pool must be approved.
    /// Windows, stake and bond have bounds (`TermLimits`), which only the chain ids of development chains relax.
    ///
    /// Warning: nothing can be cancelled, and nothing that is not earned comes back, except the parts of rounds in which
    /// nobody revealed. A token can do what its code does: SECURITY.md names what.
    /// @param specHash SHA-256 of the canonical specification; not zero. Clients derive the program root from it.
    /// @param terms What is offered.
    /// @return taskId The new task; numbers count up from one.
    function publish(bytes32 specHash, Terms calldata terms) external payable returns (uint256 taskId);

    /// @notice Commits the sender to an update in the current round.
    /// @dev Due in wei: the stake, unless one is locked from an earlier round. A stake is burned here, and due again,
    /// where the earlier round's update was not revealed or not shown on demand.
    /// @param taskId The task.
    /// @param commitment See `commitmentHash`; not zero.
    /// @param allowProof Where the terms have a list and no stake is locked: siblings from the sender's leaf.
    function commit(uint256 taskId, bytes24 commitment, bytes32[] calldata allowProof) external payable;

    /// @notice Reveals the sender's update where pieces of it are demanded.
    /// @param taskId The task.
    /// @param updateRoot The root of the commitment.
    /// @param updateHash SHA-256 of the update's file: only a name under which it may be fetched.
    /// @param salt The salt of the commitment.
    function reveal(uint256 taskId, bytes32 updateRoot, bytes32 updateHash, bytes32 salt) external;

    /// @notice Reveals the sender's update where it travels in the reveal.
    /// @param taskId The task.
    /// @param update Its numbers, 4 bytes each and most significant first; their root is the commitment's.
    /// @param salt The salt of the commitment.
    function revealWhole(uint256 taskId, bytes calldata update, bytes32 salt) external;

    /// @notice Writes down the hash of the block after the publication's, which chooses the records that are opened before
    /// the commitments. Anyone may send it, once, from the second block after the publication to the 257th.
    /// @dev Warning: without it no keys can be opened, and the pool is burned. Owners do not commit before.
    /// @param taskId The task.
    function pin(uint256 taskId) external;

    /// @notice Demands a piece of a revealed update, in the first half of the answer window.
    /// @dev Send at least `demandFee`: all of it goes to the participant once somebody answers, or comes back where nobody does. A piece can be
    /// demanded once a round.
    /// @param taskId The task.
    /// @param piece Which piece.
    function demand(uint256 taskId, Piece calldata piece) external payable;

    /// @notice Shows a demanded piece of an update; anyone may, until the answer window ends.
    /// @dev The fee goes to the participant, whoever sends it: else whoever demands could answer by a copy of its answer.
    ///
    /// Warning: what is not shown in time puts the participant out of the round, for everybody, and burns its
    /// stake.
    /// @param taskId The task.
    /// @param piece Which piece.
    /// @param data Its bytes.
    /// @param siblings The hashes beside the piece's subtree, from below.
    function answer(uint256 taskId, Piece calldata piece, bytes calldata data, bytes32[] calldata siblings) external;

    /// @notice Returns the fee of a demand that nobody answered in time. Anyone may send it.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param participant Whose update was demanded.
    /// @param chunk Which piece.
    /// @param recipient Where it goes; the demander, unless the demander sends it.
    function reclaimFee(uint256 taskId, uint256 round, address participant, uint256 chunk, address recipient) external;

    /// @notice Opens the next 128 evaluation keys of the current round, in its open window.
    /// @dev Not before the updates are settled: who knows the keys could choose which of its updates to show; nor before the
    /// task is pinned. Whoever has them may send it. What is missing when the open window ends burns the round's pool.
    /// @param taskId The task.
    /// @param proof What the round is scored by.
    /// @param keys The keys, 32 bytes each.
    /// @param siblings The hashes beside the keys' subtree, from below.
    function openKeys(uint256 taskId, RoundProof calldata proof, bytes calldata keys, bytes32[] calldata siblings)
        external;

    /// @notice Takes a sealed claim and its bond, in the first half of the score window; one an account and round.
    /// @dev Warning: a claim that is not opened in the second half loses its bond.
    /// @param taskId The task.
    /// @param seal See `sealHash`; not zero.
    function sealClaim(uint256 taskId, bytes24 seal) external payable;

    /// @notice Opens the sender's sealed claim, in the second half of the score window.
    /// @dev Warning: nothing here checks the result. A wrong one, or one whose nodes are not shown when demanded, falls, and
    /// its bond is lost.
    /// @param taskId The task.
    /// @param result What the round's scoring gives.
    /// @param salt The salt of the seal.
    /// @param file SHA-256 of the file that holds the results: only a name under which it may be fetched.
    function postClaim(uint256 taskId, Result calldata result, bytes32 salt, bytes32 file) external;

    /// @notice Takes the bond of a claim that was refuted: its winner's gas and half of the rest go to the winner, the other
    /// half is burned. Anyone may send it, with gas enough for the winner: it gets 30,000, and what it refuses is burned too.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param claimant Whose claim.
    function strike(uint256 taskId, uint256 round, address claimant) external;

    /// @notice Fixes a round's outcome. Anyone may send it, at any time after the round, and after what was demanded of the
    /// leading claim is settled; rounds in order.
    /// @dev Claims that were refuted before the leading one must have been struck. Where a claim decides, not before a refute
    /// window after the round before was finalised: its claims can be refuted only since then.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param claimant Whose claim leads; anything where no claim decides.
    /// @param result What it says; anything where no claim decides.
    function finalise(uint256 taskId, uint256 round, address claimant, Result calldata result) external;

    /// @notice Pays a reward: `pool * points / max(total, target)` of its round, rounded down. Never too late.
    /// @dev Anyone may send it; the participant alone may name another recipient. Others' payments have bounded gas.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param index The participant's place in reveal order.
    /// @param participant Who earned it.
    /// @param points Its points.
    /// @param siblings The hashes from its leaf to the results' root, from below.
    /// @param recipient Where it goes.
    function claimReward(
        uint256 taskId,
        uint256 round,
        uint256 index,
        address participant,
        uint64 points,
        bytes32[] calldata siblings,
        address recipient
    ) external;

    /// @notice Pays a claimant its bond back, once its round is final, and a third of the audit fee where it says what
    /// the final claim says and is among the three that begin with it.
    /// @dev Not before what was demanded of it is settled, and never where it was refuted.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param claimant Whose bond.
    /// @param leader Whose claim is final.
    /// @param recipient Where it goes; the claimant, unless the claimant sends it.
    function claimBond(uint256 taskId, uint256 round, address claimant, address leader, address recipient) external;

    /// @notice Returns an empty round's own part of the pool, and its audit fee, to the sponsor.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param recipient Where it goes; the sponsor, unless the sponsor sends it.
    function refund(uint256 taskId, uint256 round, address recipient) external;

    /// @notice Pays the sender's stake back, once its update is revealed and cannot be demanded any more.
    /// @param taskId The task.
    /// @param recipient Where it goes.
    function withdrawStake(uint256 taskId, address recipient) external;

    /// @notice Burns a stake whose commitment was not revealed, or whose update was not shown, in time. Anyone may send
    /// it; the stake is lost whether or not somebody does.
    /// @param taskId The task.
    /// @param participant Whose stake it is.
    function forfeitStake(uint256 taskId, address participant) external;

    /// @notice Gets the number of tasks; they are numbered from one.
    /// @return count How many were published.
    function taskCount() external view returns (uint256 count);

    /// @notice Gets a task.
    /// @param taskId The task.
    /// @return task Its terms, and how far it is.
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

    /// @notice Gets where a participant stands.
    /// @param taskId The task.
    /// @param participant The participant.
    /// @return position Its last commitment, and what became of it.
    function positionOf(uint256 taskId, address participant) external view returns (Position memory position);

    /// @notice Gets an account's claim in a round.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param claimant The account.
    /// @return claim The claim.
    function claimOf(uint256 taskId, uint256 round, address claimant) external view returns (Claim memory claim);

    /// @notice Gets which pieces of a participant's update were demanded in a round.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param participant The participant.
    /// @return asked A bit for each piece demanded.
    /// @return open A bit for each piece demanded and not answered.
    function demandsOf(uint256 taskId, uint256 round, address participant)
        external
        view
        returns (uint256 asked, uint256 open);

    /// @notice Gets what a refuter must know of a claim.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param claimant Whose claim.
    /// @return facts The claim, and its round.
    function caseOf(uint256 taskId, uint256 round, address claimant) external view returns (CaseFacts memory facts);

    /// @notice Gets the refuter that this market made.
    /// @return refuter Its address: that of the first contract that the market created.
    function refuter() external view returns (address refuter);

    /// @notice Gets the hash that chooses the records.
    /// @param taskId The task.
    /// @return hash The hash of the block after the publication's; zero until it is pinned.
    function pinOf(uint256 taskId) external view returns (bytes32 hash);

    /// @notice Gets whether a place in a round has a demand that is not answered; after the answer window: is out.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param index The place in reveal order.
    /// @return out Whether it is.
    function isOut(uint256 taskId, uint256 round, uint256 index) external view returns (bool out);

    /// @notice Gets whether a reward was paid.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param index The place in reveal order.
    /// @return paid Whether it was.
    function isPaid(uint256 taskId, uint256 round, uint256 index) external view returns (bool paid);

    /// @notice Gets the least fee of a demand in this block: half of what an answer costs at its base fee.
    /// @return fee Wei.
    function demandFee() external view returns (uint256 fee);

    /// @notice Gets the hash to commit to.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param participant Who will commit and reveal.
    /// @param updateRoot Root of the tree over the update's numbers (SCORING.md).
    /// @param salt 32 random bytes.
    /// @return commitment The first 24 bytes of `keccak256(abi.encode(chainid, market, taskId, round, participant,
    /// updateRoot, salt))`.
    function commitmentHash(uint256 taskId, uint256 round, address participant, bytes32 updateRoot, bytes32 salt)
        external
        view
        returns (bytes24 commitment);

    /// @notice Gets the hash that seals a claim.
    /// @param taskId The task.
    /// @param round The round, from zero.
    /// @param claimant Who will seal and open it.
    /// @param result What it says.
    /// @param salt 32 random bytes.
    /// @return seal The first 24 bytes of `keccak256(abi.encode(chainid, market, taskId, round, claimant, result,
    /// salt))`.
    function sealHash(uint256 taskId, uint256 round, address claimant, Result calldata result, bytes32 salt)
        external
        view
        returns (bytes24 seal);
}
