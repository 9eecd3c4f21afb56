using System.Buffers.Binary;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Program;
using Research.Federation.Refutation;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Market;
using Research.Tests.Federation.Program;
using Research.Training;
using Contract = Research.Chain.Contracts.Refuter;

namespace Research.Tests.Federation.Refutation;

/// <summary>A round of a tiny task as its market would have it: roster, results, and what the chain says of a claim.</summary>
internal sealed class RefutedRound
{
    private const ulong TaskId = 1;

    private readonly ModelSpec _spec;
    private readonly int _round;
    private readonly List<GlobalModel> _models;
    private readonly ProgramRoots _programs;
    private readonly Roster _roster;
    private readonly TreeHash _pastDirection;

    /// <param name="spec">A tiny task.</param>
    /// <param name="reveals">How many reveal.</param>
    /// <param name="round">The round; the models before it are moved by noise.</param>
    /// <param name="extreme">Numbers of updates far out of a file's range.</param>
    public RefutedRound(ModelSpec spec, int reveals, int round, bool extreme = false)
    {
        (_spec, _round) = (spec, round);
        Random random = new(reveals + round);
        List<GlobalModel> models = [GlobalModel.Initial(spec)];
        for (int past = 0; past < round; past++)
        {
            models.Add(models[^1].Moved(TinyTasks.Noise(random, models[0].Weights.Length)));
        }

        _models = models;
        ModelUpdate[] updates = [.. Enumerable.Range(0, reveals).Select(i => ModelUpdate.Forge(models[^1], round, Numbers(i)))];
        _roster = new Roster([.. updates.Select((update, i) =>
            new RosterEntry(AddressOf(i).ToArray(), update.Root, 100 + ((i * 7) % 5)))]);
        Submission[] submissions =
        [
            .. updates.Select((update, i) => new Submission(i, update))
                .OrderBy(one => _roster.Entries[one.Index].Committed).ThenBy(one => one.Index),
        ];
        Evaluation = TinyTasks.ScoringOf(spec, round);
        Score = RoundScorer.Score(models, submissions, Evaluation, 2, roster: _roster);
        Results = new RoundResults(
            [.. Score.Participants.Select(one => new Reward(one.Index, AddressOf(one.Index), (ulong)one.Points))],
            Score.NextModel.Hash,
            Score.DirectionRoot);
        _programs = ProgramRoots.Of(spec);
        _pastDirection = round > 0
            ? LeafTree.Root(ProgramInputs.ToBytes(Score.Trace.Inputs.PastSteps[round - 1].Span))
            : default;
        Refuter = new TraceRefuter(Score, Results.Leaves, _ => true);

        int[] Numbers(int i)
        {
            int[] numbers = TinyTasks.Noise(random, models[0].Weights.Length);
            for (int k = i; extreme && k < numbers.Length; k += 3)
            {
                numbers[k] = k % 2 == 0 ? int.MinValue + k : int.MaxValue - k;
            }

            return numbers;
        }
    }

    public RoundScore Score { get; }

    public RoundResults Results { get; }

    public ScoringRecords Evaluation { get; }

    public TraceRefuter Refuter { get; }

    public RoundTrace Trace => Score.Trace;

    /// <summary>Gets what a right claim says.</summary>
    public ClaimResult Right => new(
        Trace.Root.ToBytes32(),
        Results.Root.ToBytes32(),
        Score.ModelRoot.ToBytes32(),
        Results.Total,
        (ulong)Score.RightAfter);

    public RoundProof Proof => new(
        _programs.Program(_round).Code.ToBytes32(),
        _programs.Program(_round).Constants.ToBytes32(),
        _programs.Program(_round).Layout.ToBytes32(),
        Commitment.Records.ToBytes32(),
        _programs.Initial.ToBytes32(),
        [.. _programs.PathOf(_round).Select(hash => hash.ToBytes32())]);

    private EvaluationCommitment Commitment => _spec.Task!.Evaluation.Rounds[_round];

    /// <summary>Gets the case of a claim.</summary>
    public RefuterCase CaseOf(ClaimResult claim) => new(RefuterNode.MarketAddress, TaskId, _round, AddressOf(0), claim);

    /// <summary>Gets the call that refutes a claim.</summary>
    public RefutationCall CallOf(ClaimResult claim, Research.Federation.Refutation.Refutation refutation)
    {
        RefuterCase claimed = CaseOf(claim);
        Bytes32 keys = Commitment.Keys.ToBytes32();
        return refutation switch
        {
            StepRefutation step => Contract.RefuteStep(
                claimed, new ProvedStep(Record(step.Record), step.At, Shown(step.Output), [.. step.Inputs.Select(Shown)])),
            PaddingRefutation padding => Contract.RefutePadding(
                claimed, Record(padding.Record), padding.At, Shown(padding.Output)),
            EndRefutation end => Contract.RefuteEnd(claimed, Proof, keys, Shown(end.Output)),
            FieldRefutation field => Contract.RefuteField(
                claimed, Proof, keys, (CaseField)field.Field, Shown(field.Output)),
            ResultRefutation result => Contract.RefuteResult(
                claimed,
                Proof,
                keys,
                Shown(result.Result),
                result.Entry is { } entry ? Shown(entry) : ShownLeaves.None,
                result.Points is { } points ? Shown(points) : ShownLeaves.None),
            _ => throw new InvalidOperationException($"No call of {refutation}."),
        };

        ProvedRecord Record(RecordProof record) => new(
            Proof,
            keys,
            record.Number,
            record.Mask,
            [.. record.Words.Select(word => word.ToBytes32())],
            [.. record.Siblings.Select(hash => hash.ToBytes32())]);
    }

    /// <summary>Goes down a claimed tree that somebody shows, and refutes it by what is found.</summary>
    public Research.Federation.Refutation.Refutation Refute(ClaimTree tree, ITree claimed)
    {
        Descent descent = Refuter.Descend(tree, claimed.Node(claimed.Depth, 0));
        while (descent.Next is { } next)
        {
            Assert.True(descent.Show(Descent.Answer(claimed.Depth, next.Level, next.Index, claimed.Node, claimed.Leaf)));
        }

        return Refuter.Refute(tree, descent);
    }

    /// <summary>Gets the words of <c>caseOf</c> for a claim, in whose round demands are taken from a second on.</summary>
    public byte[] Facts(ClaimResult claim, long from = 1)
    {
        byte[] words = new byte[11 * 32];
        claim.Digest.ToArray().CopyTo(words, 0);
        Put(1, (ulong)ClaimState.Posted);
        Put(3, (ulong)from);
        Put(4, 100_000);
        Put(5, (ulong)Trace.Depth);
        Put(6, (ulong)_roster.Count);
        _roster.Head.CopyTo(words.AsMemory(7 * 32));
        _programs.Root.CopyTo(words.AsSpan(8 * 32));
        if (_round > 0)
        {
            ModelRoots.Of(_models[_round], _pastDirection).CopyTo(words.AsSpan(9 * 32));
        }

        Evaluation.Choice.Seed.CopyTo(words.AsMemory(10 * 32));
        return words;

        void Put(int word, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(words.AsSpan((word * 32) + 24), value);
    }

    /// <summary>Gets the words of <c>getRound</c> for the round before.</summary>
    public byte[] Before()
    {
        byte[] words = new byte[15 * 32];
        if (_round > 0)
        {
            ModelRoots.Of(_models[_round], _pastDirection).CopyTo(words.AsSpan(4 * 32));
            words[(10 * 32) + 31] = (byte)Outcome.Scored;
        }

        return words;
    }

    private static Address AddressOf(int index) => Address.Parse($"0x{index + 1:x40}");

    private static ShownLeaves Shown(OpenLeaves leaves) =>
        new(leaves.First, leaves.Data, [.. leaves.Siblings.Select(hash => hash.ToBytes32())]);
}
