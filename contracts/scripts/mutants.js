"use strict";
// Holds the tests to account: plants one bug at a time in a copy of the contracts, and fails where the tests that must
// catch it pass. `node scripts/mutants.js [name…]` runs those named, or all.

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const root = path.join(__dirname, "..");
const market = "src/TrainingMarket.sol";
const refuter = "src/Refuter.sol";
// Its own sequences, which are the same in every run: forge's differ from run to run for all its seed, and a bug that needs
// a rare step falls in most runs only.
const invariants = { contract: "InvariantTest", test: "test_Handler_RandomSequences_ReachEveryStep" };

// name: what is wrong; catches: the invariant of README.md, or what the test is about; from: text that occurs once.
const mutants = [
  {
    name: "answered fee stays",
    catches: "I1, I4",
    file: market,
    from: "delete _fees[taskId][round][piece.participant][piece.chunk];",
    to: "",
    tests: invariants,
  },
  {
    name: "reclaimed fee stays",
    catches: "I1, I4",
    file: market,
    from: "delete _fees[taskId][round][participant][chunk];",
    to: "",
    tests: invariants,
  },
  {
    name: "any stake is taken",
    catches: "I1",
    file: market,
    from: "            _checkValue(task.stake);",
    to: "",
    tests: invariants,
  },
  {
    name: "no bound by what is earned",
    catches: "I2, I3",
    file: market,
    from: `        if (amount > state.remaining) revert AboveRemaining(amount, state.remaining);

        _paid[taskId][round].set(index);
        state.remaining -= uint128(amount);`,
    to: `        _paid[taskId][round].set(index);
        unchecked { state.remaining -= uint128(amount); }`,
    tests: invariants,
  },
  {
    name: "audit share for everybody",
    catches: "I2",
    file: market,
    from: "bool looked = own.place >= leading.place && own.place - leading.place < AUDITORS;",
    to: "bool looked = true;",
    tests: invariants,
  },
  {
    name: "carry is not reset",
    catches: "I3",
    file: market,
    from: "(task.finalised, task.carried) = (uint16(round + 1), uint128(carried));",
    to: "(task.finalised, task.carried) = (uint16(round + 1), task.carried + uint128(carried));",
    tests: invariants,
  },
  {
    name: "burned pool is carried",
    catches: "I3",
    file: market,
    from: "            burned = pool;",
    to: "            carried = pool;",
    tests: invariants,
  },
  {
    name: "later rounds' parts are forgotten",
    catches: "I3",
    file: market,
    from: "pool += task.pool - uint256(task.pool) * (round + 1) / clock.rounds;",
    to: "",
    tests: invariants,
  },
  {
    name: "reward is not marked",
    catches: "I4",
    file: market,
    from: "_paid[taskId][round].set(index);",
    to: "",
    tests: invariants,
  },
  {
    name: "refund is not marked",
    catches: "I4",
    file: market,
    from: "_paid[taskId][round].set(0);",
    to: "",
    tests: invariants,
  },
  {
    name: "bond is not marked",
    catches: "I4",
    file: market,
    from: "claim.state = ClaimState.Paid;",
    to: "",
    tests: invariants,
  },
  {
    name: "withdrawn stake stays",
    catches: "I4",
    file: market,
    from: "delete _positions[taskId][msg.sender];",
    to: "",
    tests: invariants,
  },
  {
    name: "burned stake stays",
    catches: "I4",
    file: market,
    from: "delete _positions[taskId][participant];",
    to: "",
    tests: invariants,
  },
  {
    name: "phase is not checked",
    catches: "I5",
    file: market,
    from: "if (actual != expected) revert WrongPhase(expected, actual);",
    to: "",
    tests: invariants,
  },
  {
    name: "finalised before the end",
    catches: "I5",
    file: market,
    from: "_notBefore(clock.scheduleOf(round).end);",
    to: "",
    tests: invariants,
  },
  {
    name: "answered update stays out",
    catches: "I5",
    file: market,
    from: "position.standing = Standing.Revealed;\n            _out[taskId][round].unset(piece.index);",
    to: "_out[taskId][round].unset(piece.index);",
    tests: invariants,
  },
  {
    name: "stake out before the demands",
    catches: "I5",
    file: market,
    from: "_notBefore(clock.scheduleOf(position.round).open);",
    to: "",
    tests: invariants,
  },
  {
    name: "early end at any time",
    catches: "I5",
    file: market,
    from: "if (isReached && block.timestamp < clock.scheduleOf(round + 1).reveal) {",
    to: "if (isReached) {",
    tests: { contract: "EarlyEndTest" },
  },
  {
    name: "sponsor is refunded for keys it kept",
    catches: "I6",
    file: market,
    from: "return Outcome.Unopened;",
    to: "return Outcome.Empty;",
    tests: invariants,
  },
  {
    name: "sponsor is refunded what was carried",
    catches: "I3, I6",
    file: market,
    from: `(state.pool, state.remaining) = (uint128(own), uint128(own));
            (pool, carried) = (own, task.carried);`,
    to: `(state.pool, state.remaining) = (uint128(pool), uint128(pool));
            carried = 0;`,
    tests: invariants,
  },
  {
    name: "commitment is not bound to its participant",
    catches: "I7",
    file: market,
    from: "keccak256(abi.encode(block.chainid, address(this), taskId, round, participant, updateRoot, salt))",
    to: "keccak256(abi.encode(block.chainid, address(this), taskId, round, updateRoot, salt))",
    tests: invariants,
  },
  {
    name: "seal is not bound to its claimant",
    catches: "I7",
    file: market,
    from: "abi.encode(block.chainid, address(this), taskId, round, claimant, result, salt)",
    to: "abi.encode(block.chainid, address(this), taskId, round, result, salt)",
    tests: invariants,
  },
  {
    name: "reveal loops over those before",
    catches: "I8",
    file: market,
    from: "bytes32 before = bytes32(state.roster) | bytes32(index);",
    to: `bytes32 before = bytes32(state.roster) | bytes32(index);
        for (uint256 i = 0; i < index; ++i) if (_out[taskId][round].get(i)) break;`,
    tests: { contract: "GasTest" },
  },
  {
    name: "post loops over the reveals",
    catches: "I8",
    file: market,
    from: "state.claims = place + 1;",
    to: `state.claims = place + 1;
        for (uint256 i = 0; i < state.reveals; ++i) if (_paid[taskId][round].get(i)) break;`,
    tests: { contract: "GasTest" },
  },
  {
    name: "reward without a proof",
    catches: "claimReward",
    file: market,
    from: `        _checkProof(
            state.resultsRoot, LeafTree.climb(keccak256(abi.encode(index, participant, points, 0)), index, siblings)
        );`,
    to: "",
    tests: { contract: "RewardTest" },
  },
  {
    name: "rewards may be re-entered",
    catches: "reentrancy",
    file: market,
    from: `        address recipient
    ) external nonReentrant {
        Round storage state`,
    to: `        address recipient
    ) external {
        Round storage state`,
    tests: { contract: "ReentrancyTest" },
  },
  {
    name: "any claim may be final",
    catches: "finalise",
    file: market,
    from: "if (claim.place != lead) revert NotLeading(lead, claim.place);",
    to: "",
    tests: { contract: "FinaliseTest" },
  },
  {
    name: "fee goes to whoever answers",
    catches: "answer",
    file: market,
    from: "Payments.pay(address(0), piece.participant, piece.participant, fee);",
    to: "Payments.pay(address(0), msg.sender, msg.sender, fee);",
    tests: { contract: "DemandTest" },
  },
  {
    name: "keys while answers are taken",
    catches: "I5",
    file: market,
    from: "(uint256 round,) = _inPhase(taskId, task, Phase.Open);",
    to: `(uint256 round, Phase phase) = _clock(taskId, task).phaseAt(block.timestamp);
        if (phase != Phase.Answer && phase != Phase.Open) revert WrongPhase(Phase.Open, phase);`,
    tests: invariants,
  },
  {
    name: "keys of any round",
    catches: "openKeys",
    file: market,
    from: "LeafTree.climb(leaf, round, proof.siblings)",
    to: "LeafTree.climb(leaf, 0, proof.siblings)",
    tests: { contract: "KeysTest" },
  },
  {
    name: "anybody names the recipient",
    catches: "recipients",
    file: "src/libraries/Payments.sol",
    from: "if (recipient == address(0) || (!isOwner && recipient != owner)) {",
    to: "if (recipient == address(0)) {",
    tests: { contract: "(Reward|Refund|Claim|Demand)Test" },
  },
  {
    name: "a stranger's gas without bound",
    catches: "recipients",
    file: "src/libraries/Payments.sol",
    from: "isOwner ? gasleft() : BOUNDED_GAS",
    to: "gasleft()",
    tests: { contract: "RewardTest" },
  },
  {
    name: "a token's word is believed",
    catches: "tokens",
    file: "src/libraries/Payments.sol",
    from: "if (left != amount) revert ITrainingMarket.WrongTokenMove(amount, left);",
    to: "",
    tests: { contract: "TokenTest" },
  },
  {
    name: "what lies behind the data counts",
    catches: "trees",
    file: "src/libraries/LeafTree.sol",
    from: "calldatacopy(add(leaf, size), calldatasize(), sub(128, size))",
    to: "",
    tests: { contract: "LeafTreeTest" },
  },
  {
    name: "a short reveal window",
    catches: "terms",
    file: "src/libraries/TermLimits.sol",
    from: '_within(Field.RevealSeconds, terms.revealSeconds, local ? 1 : 12 hours, MOST_SECONDS);',
    to: '_within(Field.RevealSeconds, terms.revealSeconds, 1, MOST_SECONDS);',
    tests: { contract: "LimitsTest" },
  },
  {
    name: "a claim that fell decides",
    catches: "I9",
    file: market,
    from: "if (winner != address(0)) revert WrongClaim(claimant, ClaimState.Fallen);",
    to: "",
    tests: invariants,
  },
  {
    name: "what was demanded is not waited for",
    catches: "I9",
    file: market,
    from: `        _notBefore(settled);
`,
    to: "",
    tests: invariants,
  },
  {
    name: "bond of a claim that fell",
    catches: "I9",
    file: market,
    from: `        _checkStands(taskId, round, claimant, own.digest);
`,
    to: "",
    tests: invariants,
  },
  {
    name: "no window after a late round",
    catches: "finalise",
    file: market,
    from: `            _notBefore(_baseOf(taskId, round, clock) + clock.refuteSeconds);
`,
    to: "",
    tests: { contract: "FinaliseTest" },
  },
  {
    name: "demands count before the model is known",
    catches: "caseOf",
    file: market,
    from: "if (last.outcome == Outcome.None) return 0;",
    to: "",
    tests: { contract: "CaseOfTest" },
  },
  {
    name: "demands count from the schedule",
    catches: "caseOf",
    file: market,
    from: "if (last.finalisedAt > base) base = last.finalisedAt;",
    to: "",
    tests: { contract: "CaseOfTest" },
  },
  {
    name: "demands count without keys",
    catches: "caseOf",
    file: market,
    from: "if (state.isOpen) facts.base",
    to: "facts.base",
    tests: { contract: "CaseOfTest" },
  },
  {
    name: "a seed for all tasks",
    catches: "caseOf",
    file: market,
    from: "abi.encode(task.pin, taskId, round)",
    to: "abi.encode(task.pin, round)",
    tests: { contract: "(Pin|CaseOf)Test" },
  },
  {
    name: "a standing claim is struck",
    catches: "I9",
    file: market,
    from: "if (winner == address(0)) revert NotRefuted(claimant);",
    to: "",
    tests: invariants,
  },
  {
    name: "a struck place leads",
    catches: "I9",
    file: market,
    from: "_struck[taskId][round].set(claim.place);",
    to: "",
    tests: invariants,
  },
  {
    name: "a struck claim stays",
    catches: "I4, I9",
    file: market,
    from: "claim.state = ClaimState.Fallen;",
    to: "",
    tests: invariants,
  },
  {
    name: "the whole bond to the winner",
    catches: "I9",
    file: "src/libraries/PoolMath.sol",
    from: "amount = gas + (bond - gas) / 2;",
    to: "amount = bond;",
    tests: invariants,
  },
  {
    name: "gas takes the whole bond",
    catches: "bounty",
    file: "src/libraries/PoolMath.sol",
    from: "if (gas > bond / 2) gas = bond / 2;",
    to: "if (gas > bond) gas = bond;",
    tests: { contract: "PoolMathTest" },
  },
  {
    name: "a winner stops its strike",
    catches: "strike",
    file: market,
    from: "if (!Payments.offer(winner, amount)) amount = 0;",
    to: "Payments.pay(address(0), winner, winner, amount);",
    tests: { contract: "StrikeTest" },
  },
  {
    name: "a bounty refused is said to be paid",
    catches: "strike",
    file: market,
    from: "if (!Payments.offer(winner, amount)) amount = 0;",
    to: "Payments.offer(winner, amount);",
    tests: { contract: "StrikeTest" },
  },
  {
    name: "a strike with too little gas",
    catches: "strike",
    file: "src/libraries/Payments.sol",
    from: "if (gasleft() < OFFER_GAS) revert ITrainingMarket.PaymentFailed(recipient, amount);",
    to: "",
    tests: { contract: "StrikeTest" },
  },
  {
    name: "only the first word of places",
    catches: "strike",
    file: market,
    from: `        while (standing == 0) {
            lead += 256;
            standing = ~struck._data[lead >> 8];
        }
`,
    to: "",
    tests: { contract: "StrikeTest" },
  },
  {
    name: "lead moves after the round",
    catches: "strike",
    file: market,
    from: "if (state.outcome == Outcome.None) state.lead",
    to: "state.lead",
    tests: { contract: "StrikeTest" },
  },
  {
    name: "the model is forgotten",
    catches: "caseOf",
    file: market,
    from: "if (outcome != Outcome.Scored && round != 0) state.modelRoot = _rounds[taskId][round - 1].modelRoot;",
    to: "",
    tests: { contract: "CaseOfTest" },
  },
  {
    name: "keys without a pin",
    catches: "pin",
    file: market,
    from: "if (task.pin == 0) revert NotPinned(taskId);",
    to: "",
    tests: { contract: "AttacksTest" },
  },
  {
    name: "pinned twice",
    catches: "pin",
    file: market,
    from: "if (task.pin != 0 || hash == 0)",
    to: "if (hash == 0)",
    tests: { contract: "PinTest" },
  },
  {
    name: "pinned without a hash",
    catches: "pin",
    file: market,
    from: "if (task.pin != 0 || hash == 0)",
    to: "if (task.pin != 0)",
    tests: { contract: "PinTest" },
  },
  {
    name: "pinned to the publication's block",
    catches: "pin",
    file: market,
    from: "uint256 number = uint256(task.published) + 1;",
    to: "uint256 number = task.published;",
    tests: { contract: "PinTest" },
  },
  {
    name: "an entry without its index",
    catches: "reveal",
    file: market,
    from: "bytes32(state.roster) | bytes32(index)",
    to: "bytes32(state.roster)",
    tests: { contract: "RevealTest" },
  },
  {
    name: "seats are rounded down",
    catches: "openKeys",
    file: market,
    from: "(reveals + 15) / 16",
    to: "reveals / 16",
    tests: { contract: "KeysTest" },
  },
  {
    name: "a trace of nothing",
    catches: "openKeys",
    file: market,
    from: "if (size < int256(LeafTree.LEAF)) revert WrongLength(LeafTree.LEAF, size < 0 ? 0 : uint256(size));",
    to: "",
    tests: { contract: "KeysTest" },
  },
  {
    name: "a pool is pulled twice at once",
    catches: "reentrancy",
    file: market,
    from: "function _pull(address token, uint256 amount) private nonReentrant {",
    to: "function _pull(address token, uint256 amount) private {",
    tests: { contract: "ReentrancyTest" },
  },
  {
    name: "a bond of a small part",
    catches: "terms",
    file: "src/libraries/TermLimits.sol",
    from: "if (part / POOL_PER_BOND > leastBond) leastBond = part / POOL_PER_BOND;",
    to: "",
    tests: { contract: "LimitsTest" },
  },
  {
    name: "a bond below the gas",
    catches: "terms",
    file: "src/libraries/TermLimits.sol",
    from: "if (BOND_GAS * block.basefee > leastBond) leastBond = BOND_GAS * block.basefee;",
    to: "",
    tests: { contract: "LimitsTest" },
  },
  {
    name: "a target above the records",
    catches: "terms",
    file: "src/libraries/TermLimits.sol",
    from: "_within(Field.TargetRight, terms.targetRight, 0, terms.keys / 2);",
    to: "_within(Field.TargetRight, terms.targetRight, 0, terms.keys);",
    tests: { contract: "LimitsTest" },
  },
  {
    name: "an early end with short commits",
    catches: "terms",
    file: "src/libraries/TermLimits.sol",
    from: "if (!local && terms.targetRight != 0 && terms.rounds > 1) {",
    to: "if (!local && terms.targetRight != 0 && terms.rounds > 2) {",
    tests: { contract: "LimitsTest" },
  },
  {
    name: "a level is skipped",
    catches: "demands",
    file: refuter,
    from: "level > Descent.last(depth) || level > board.levels",
    to: "level > Descent.last(depth)",
    tests: { contract: "BoardTest" },
  },
  {
    name: "demands at any time",
    catches: "demands",
    file: refuter,
    from: "        _requireBefore(board.base + uint256(board.window) * (level + 1));\n",
    to: "",
    tests: { contract: "BoardTest" },
  },
  {
    name: "a node demanded twice",
    catches: "demands",
    file: refuter,
    from: "if (slot.word != 0) revert WrongDemand(key);",
    to: "",
    tests: { contract: "BoardTest" },
  },
  {
    name: "a node of another tree",
    catches: "demands",
    file: refuter,
    from: "if (actual != root) revert WrongPath(root, actual);",
    to: "",
    tests: { contract: "BoardTest" },
  },
  {
    name: "answers after their time",
    catches: "demands",
    file: refuter,
    from: "        _requireBefore(BoardWords.dueOf(demanded));\n",
    to: "",
    tests: { contract: "BoardTest" },
  },
  {
    name: "answers of fewer levels",
    catches: "demands",
    file: refuter,
    from: "Refusal.malformedIf(BoardWords.stateOf(demanded) != opened, \"leaves\");",
    to: "",
    tests: { contract: "BoardTest" },
  },
  {
    name: "expired before its time",
    catches: "demands",
    file: refuter,
    from: "if (block.timestamp < due) revert WrongTime(due, block.timestamp);",
    to: "",
    tests: { contract: "BoardTest" },
  },
  {
    name: "an answered demand expires",
    catches: "demands",
    file: refuter,
    from: "        if (!BoardWords.isOpen(demanded)) revert WrongDemand(key);\n        uint256 due",
    to: "        uint256 due",
    tests: { contract: "BoardTest" },
  },
  {
    name: "a level adds no time",
    catches: "demands",
    file: refuter,
    from: "uint256(board.window) * (1 + uint256(board.levels))",
    to: "uint256(board.window)",
    tests: { contract: "BoardTest" },
  },
  {
    name: "fees of a fallen case to its party",
    catches: "fees",
    file: refuter,
    from: "if (board.hasFallen) return BoardWords.demanderOf(demanded);",
    to: "",
    tests: { contract: "BoardTest" },
  },
  {
    name: "fees before the end",
    catches: "fees",
    file: refuter,
    from: "if (block.timestamp < settled) revert WrongTime(settled, block.timestamp);",
    to: "",
    tests: { contract: "BoardTest" },
  },
  {
    name: "no announcement",
    catches: "copies",
    file: refuter,
    from: "if (announced == 0 || announced >= block.number) revert NotIntended(intent);",
    to: "",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "announced in the same block",
    catches: "copies",
    file: refuter,
    from: "announced == 0 || announced >= block.number",
    to: "announced == 0",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "what is right falls",
    catches: "soundness",
    file: refuter,
    from: "if (_isRight(scene, record, step.at, place, posted, operands)) revert IsRight();",
    to: "",
    tests: { contract: "StepsTest" },
  },
  {
    name: "any program",
    catches: "soundness",
    file: refuter,
    from: "if (root != scene.facts.programRoot) revert WrongPath(scene.facts.programRoot, root);",
    to: "",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "any record",
    catches: "soundness",
    file: refuter,
    from: "if (root != opened.proof.code) revert WrongPath(opened.proof.code, root);",
    to: "",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "a claim that says otherwise",
    catches: "soundness",
    file: refuter,
    from: "facts.state != ITrainingMarket.ClaimState.Posted || facts.digest != _digestOf(claimed)",
    to: "facts.state != ITrainingMarket.ClaimState.Posted",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "the round before is open",
    catches: "soundness",
    file: refuter,
    from: "if (facts.base == 0) revert NotReady();",
    to: "",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "coordinates beyond their loops",
    catches: "soundness",
    file: "src/libraries/RecordWords.sol",
    from: "Refusal.malformedIf(!isRun, \"coordinate\");",
    to: "",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "siblings too many",
    catches: "soundness",
    file: "src/libraries/LeafRange.sol",
    from: "Refusal.malformedIf(used != siblings.length, \"siblings\");",
    to: "",
    tests: { contract: "LeafRangeTest" },
  },
  {
    name: "leaves beyond the tree",
    catches: "soundness",
    file: "src/libraries/LeafRange.sol",
    from: "Refusal.malformedIf(first >> depth != 0 || (first + count - 1) >> depth != 0, \"leaves\");",
    to: "",
    tests: { contract: "LeafRangeTest" },
  },
  {
    name: "any root of an input",
    catches: "soundness",
    file: "src/libraries/Openings.sol",
    from: "if (expected != actual) revert IRefuter.WrongPath(expected, actual);",
    to: "",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "inputs too many",
    catches: "soundness",
    file: "src/libraries/Openings.sol",
    from: "Refusal.malformedIf(reading.next != reading.end, \"inputs\");",
    to: "",
    tests: { contract: "RefutationsTest" },
  },
  {
    name: "an update that is out",
    catches: "soundness",
    file: "src/libraries/Openings.sol",
    from: "index >= scene.facts.reveals || scene.market.isOut(scene.taskId, scene.round, index)",
    to: "index >= scene.facts.reveals",
    tests: { contract: "StepsTest" },
  },
  {
    name: "a quotient rounds to zero",
    catches: "arithmetic",
    file: "src/libraries/StepMath.sol",
    from: "if (value % by < 0) --quotient;",
    to: "",
    tests: { contract: "ComputeTest" },
  },
  {
    name: "no bounds",
    catches: "arithmetic",
    file: "src/libraries/StepMath.sol",
    from: "if (value > high) value = high;",
    to: "",
    tests: { contract: "ComputeTest" },
  },
];

function copy() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mutants-"));
  for (const name of ["src", "test", "foundry.toml", "solc.js", "solc.cmd", "package.json"]) {
    fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  return folder;
}

async function forge(folder, tests) {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`; // As the packages are named.
  const binary = require.resolve(`@foundry-rs/forge-${platform}/bin/forge${suffix}`);
  const env = { ...process.env, FOUNDRY_PROFILE: "mutants" };
  if (process.platform === "win32") env.FOUNDRY_SOLC = "./solc.cmd";
  const args = ["test", "--match-contract", `^${tests.contract}$`];
  if (tests.test) args.push("--match-test", `^${tests.test}\\(`);
  const { passed, output } = await run(binary, args, { cwd: folder, env });
  if (!/Ran \d+ test suite/.test(output)) throw new Error(`forge ran nothing:\n${output}`);
  const failure = /\[FAIL[^\n]*/.exec(output);
  return { passed, failure: failure ? failure[0].slice(0, 100) : "" };
}

function run(binary, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ passed: code === 0, output }));
  });
}

function mutate(folder, mutant) {
  const file = path.join(folder, mutant.file);
  const source = fs.readFileSync(file, "utf8");
  const count = source.split(mutant.from).length - 1;
  if (count !== 1) throw new Error(`"${mutant.name}": its text occurs ${count} times in ${mutant.file}, not once.`);
  fs.writeFileSync(file, source.replace(mutant.from, () => mutant.to));
  return () => fs.writeFileSync(file, source);
}

// Takes mutants from the queue until it is empty; the compiler, which is most of the time, uses one core.
async function work(folder, queue, survivors) {
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const restore = mutate(folder, mutant);
    const { passed, failure } = await forge(folder, mutant.tests);
    restore();
    if (passed) survivors.push(mutant);
    console.log(`${passed ? "SURVIVED" : "caught  "} ${mutant.catches.padEnd(12)} ${mutant.name}  ${failure}`);
  }
}

async function main() {
  const names = process.argv.slice(2);
  const chosen = names.length === 0 ? mutants : mutants.filter((mutant) => names.includes(mutant.name));
  if (chosen.length === 0) throw new Error("No mutant has that name.");
  const folders = [copy()];
  try {
    for (const mutant of mutants) mutate(folders[0], mutant)(); // A text that is gone is found before anything runs.
    const suites = [...new Set(chosen.map((mutant) => mutant.tests.contract))];
    const clean = await forge(folders[0], { contract: `(${suites.join("|")})` });
    if (!clean.passed) throw new Error(`Without a mutant the tests fail: ${clean.failure}`);

    const workers = Math.min(os.availableParallelism(), 4, chosen.length); // A compiler takes a gigabyte.
    while (folders.length < workers) folders.push(copy());
    const [queue, survivors] = [[...chosen], []];
    await Promise.all(folders.map((folder) => work(folder, queue, survivors)));
    console.log(`${chosen.length - survivors.length} of ${chosen.length} mutants caught.`);
    if (survivors.length > 0) process.exitCode = 1;
  } finally {
    for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  }
}

main();
