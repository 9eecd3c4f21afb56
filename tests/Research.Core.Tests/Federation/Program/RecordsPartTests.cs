using System.Buffers.Binary;
using Research.Federation.Evaluation;
using Research.Federation.Program;
using Research.Federation.Trace;
using Research.Training;
using Research.Training.Layers;

namespace Research.Tests.Federation.Program;

public sealed class RecordsPartTests
{
    // More pairs than a hash has bits.
    [Fact]
    public void Opened_OfEveryPair_IsTheChoiceOfTheRecords()
    {
        const int Pairs = 300;
        ModelSpec spec = TinyTasks.Spec([12], [new Linear(12, 6), new ReLU(), new Linear(6, 3)], records: Pairs);
        RecordChoice choice = TinyTasks.ScoringOf(spec, 0).Choice;
        using RoundTrace trace = TinyTasks.Score(spec, 1).Trace;
        Step opened = trace.Program.Draft.Steps.Single(step => step.Kind == StepKind.Choice);

        byte[] bits = trace.Read(opened.Address.At(trace.Seats / 16), 2 * Pairs);

        for (int pair = 0; pair < Pairs; pair++)
        {
            Assert.Equal(
                choice.Opened(pair), (2 * pair) + BinaryPrimitives.ReadInt16BigEndian(bits.AsSpan(2 * pair)));
        }
    }
}
