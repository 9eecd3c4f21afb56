using System.Security.Cryptography;
using System.Text;
using Research.Federation.Program.Layers;
using Research.Federation.Rewards;
using Research.Training;

namespace Research.Federation.Program;

/// <summary>A round's scoring as a program of integer steps, which follows from the specification and the round.</summary>
internal sealed class ScoringProgram
{
    private ScoringProgram(ModelSpec spec, int round)
    {
        Numbers = new ScoringNumbers(spec, round);
        Draft = new Draft();
        Roster = new RosterPart(Draft); // First: a seat's entry lies where a contract that knows no program finds it.
        RecordsPart records = new(Draft, Numbers);
        byte[] seed = SHA256.HashData(
            [.. Encoding.ASCII.GetBytes("research-scoring/1"), .. spec.Hash.ToArray(), (byte)(round >> 8), (byte)round]);
        Training = new TrainingPart(Draft, Numbers, Layers(spec), records, seed);
        Reward = new RewardPart(Draft, Numbers, Training, Roster);
        Aggregation = new AggregationPart(Draft, Numbers, Reward, Roster);
        Before = new QualityPart(
            Draft, Numbers, Layers(spec), records, "before", new Operand { Tree = Tree.Model, Width = 4 });
        After = new QualityPart(Draft, Numbers, Layers(spec), records, "after", Aggregation.Next.At());
        Results = new ResultsPart(Draft, this);
        Bytes = Draft.Place();
    }

    /// <summary>Gets the numbers.</summary>
    public ScoringNumbers Numbers { get; }

    /// <summary>Gets the steps, loops and constants.</summary>
    public Draft Draft { get; }

    /// <summary>Gets the reference runs.</summary>
    public TrainingPart Training { get; }

    /// <summary>Gets who takes part.</summary>
    public RosterPart Roster { get; }

    /// <summary>Gets what each update is worth.</summary>
    public RewardPart Reward { get; }

    /// <summary>Gets the total and the next model.</summary>
    public AggregationPart Aggregation { get; }

    /// <summary>Gets what the model that the round started from makes of the records.</summary>
    public QualityPart Before { get; }

    /// <summary>Gets what the next model makes of them.</summary>
    public QualityPart After { get; }

    /// <summary>Gets the last outputs, from where they are claimed.</summary>
    public ResultsPart Results { get; }

    /// <summary>Gets the bytes of the trace.</summary>
    public Polynomial Bytes { get; }

    /// <summary>Derives the program of a round.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="round">The round, from 0.</param>
    /// <exception cref="SpecException">The specification cannot be scored by a program.</exception>
    public static ScoringProgram Of(ModelSpec spec, int round)
    {
        ArgumentNullException.ThrowIfNull(spec);
        PayableSpec.Require(spec);
        ScoringProgram program;
        try
        {
            program = new ScoringProgram(spec, round);
        }
        catch (OverflowException)
        {
            throw new SpecException("$", $"a scoring of at most {ProgramSize.MostBytes} bytes of outputs", "more than 2^63");
        }

        ProgramSize.Require(program);
        return program;
    }

    private static IReadOnlyList<LayerProgram> Layers(ModelSpec spec)
    {
        LossProgram.Require(spec.Loss);
        int tensor = 0;
        return LayerProgram.Of(
            spec.Model.Layers, spec.Model.Features?.OutputShape(spec.Model.Input) ?? spec.Model.Input, "$.model.layers", isModel: true, ref tensor);
    }
}
