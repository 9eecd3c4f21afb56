using System.Collections;
using System.Reflection;
using Research.Federation;
using Research.Privacy.Ledger;
using Research.Tests.Federation;
using Research.Tests.Privacy.Ledger;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Training;

/// <summary>No public way leads from a private run to its weights but the one that charges.</summary>
public sealed class ClosedWeightsTests : IDisposable
{
    private static readonly DatasetSplit Digits = FederatedDigits.Split;
    private static readonly ModelSpec Open = FederatedDigits.Spec with { Privacy = null, Task = null };

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    // Every public property, field and method without arguments, of the run, of what it leads to and of what callbacks
    // get, followed as far as they go: none gives numbers that are the final weights.
    [Fact]
    public void PrivateRun_EverythingPublicThatItLeadsTo_HoldsNoFinalWeights()
    {
        List<object> seen = [];
        TrainingRun run = Trainer.Train(FederatedDigits.Spec, Digits.Train.Select(new int[200]), new TrainerOptions
        {
            Progress = new Listener(seen),
            SaveState = seen.Add,
            SaveInterval = 10,
        });
        float[] final = run.Final.Values.ToArray();
        seen.Add(run);

        Walk walk = new();
        foreach (object root in seen)
        {
            walk.Visit(root);
        }

        Assert.True(walk.Visited > 100);
        foreach ((string path, float[] numbers) in walk.Numbers)
        {
            Assert.False(
                numbers.Length == final.Length && numbers.AsSpan().SequenceEqual(final) && path.Length > 0,
                $"{path} holds the weights");
        }

        byte[] weight = BitConverter.GetBytes(final[100]).Concat(BitConverter.GetBytes(final[101])).ToArray();
        Assert.All(walk.Bytes, found => Assert.True(
            found.Value.AsSpan().IndexOf(weight) < 0, $"{found.Key} holds weights"));
        Assert.Throws<InvalidOperationException>(run.OpenNetwork);
        Assert.All(seen.OfType<TrainingState>(), state => Assert.Throws<InvalidOperationException>(state.ToSafetensors));
        Assert.True(new Walk().Finds(Trainer.Train(Open, Digits.Train), "OpenNetwork")); // The walk does find such things.
    }

    // Which types can be got from a run at all: a new member that leads to weights must be looked at.
    [Fact]
    public void TrainingRun_PublicMembers_LeadToNoWeightsButByOpenNetwork()
    {
        Type[] weights = [typeof(Network), typeof(Checkpoint), typeof(ReleasedModel)];
        foreach (Type type in (Type[])[typeof(TrainingRun), typeof(TrainingState), typeof(TrainingProgress), typeof(LossPoint)])
        {
            string[] found =
            [
                .. type.GetMembers(BindingFlags.Public | BindingFlags.Instance).Where(member => member switch
                {
                    PropertyInfo property => weights.Contains(property.PropertyType),
                    MethodInfo method => !method.IsSpecialName && weights.Contains(method.ReturnType),
                    FieldInfo => true,
                    _ => false,
                }).Select(member => member.Name),
            ];
            Assert.Equal(type == typeof(TrainingRun) ? ["OpenNetwork", "Initial"] : [], found);
        }
    }

    [Fact]
    public void OpenNetwork_RunWithoutPrivacy_GivesANetworkOfItsOwn()
    {
        TrainingRun run = Trainer.Train(Open, Digits.Train);
        Network network = run.OpenNetwork();
        Assert.Equal(run.Evaluate(Digits.Test), network.Evaluate(Digits.Test));
        network.Weights.Clear();
        Assert.NotEqual(run.Evaluate(Digits.Test), network.Evaluate(Digits.Test));
    }

    [Fact]
    public void Seal_PrivateState_OpensWithItsOwnersKeyOnlyAndGoesOn()
    {
        PrivacyLedger ledger = _file.Open(cap: 20);
        TrainingState? state = null;
        TrainerOptions options = new() { SaveState = saved => state ??= saved, SaveInterval = 10 };
        Trainer.Train(FederatedDigits.Spec, Digits.Train, options);

        byte[] file = state!.Seal(ledger);

        Assert.Equal(10, TrainingState.Unseal(file, PrivacyLedger.Open(_file.Home)).Step);
        Assert.Throws<DataFormatException>(() => TrainingState.FromSafetensors(file));
        using TemporaryLedger other = new();
        Assert.Throws<DataFormatException>(() => TrainingState.Unseal(file, other.Open()));
        Assert.Throws<DataFormatException>(() => TrainingState.Unseal(file.AsSpan(0, file.Length - 1), ledger));
        TrainingRun run = Trainer.Train(
            FederatedDigits.Spec, Digits.Train, new TrainerOptions { Resume = TrainingState.Unseal(file, ledger) });
        ReleasedModel model = ReleasedModel.Release(run, ledger, "resumed");
        Assert.Equal(run.Evaluate(Digits.Test), model.ToNetwork().Evaluate(Digits.Test));
        Assert.Single(ledger.Entries);
    }

    [Fact]
    public void Release_AModel_IsFoundAgainWithItsSpecification()
    {
        PrivacyLedger ledger = _file.Open(cap: 20);
        TrainingRun run = Trainer.Train(FederatedDigits.Spec, Digits.Train);
        ReleasedModel model = ReleasedModel.Release(run, ledger, "weights");

        ReleasedModel found = ReleasedModel.Recover(PrivacyLedger.Open(_file.Home), model.Id);

        Assert.Equal(model.Spec.Hash, found.Spec.Hash);
        Assert.Equal(model.ToSafetensors(), found.ToSafetensors());
        Assert.Equal(model.ToOnnx(), found.ToOnnx());
        Assert.Equal(model.Entry.Hash, found.Entry.Hash);
        ledger.Forget(model.Id);
        Assert.Throws<LedgerException>(() => ReleasedModel.Recover(ledger, model.Id));
        Assert.Throws<LedgerException>(() => ReleasedModel.Recover(ledger, "0-bytes"));
    }

    // The memory is its owner's: what a run was given is known before its first step, whatever becomes of it later.
    [Fact]
    public void Receipt_InputsOverwrittenAfterTheRun_NamesTheRecordsThatWereGiven()
    {
        float[] inputs = Digits.Train.Inputs.ToArray();
        TrainingRun run = Trainer.Train(
            FederatedDigits.Spec, new Dataset(inputs, Digits.Train.Labels, Digits.Train.Shape, Digits.Train.Classes));
        Array.Clear(inputs);
        PrivacyLedger ledger = _file.Open(cap: 20);
        ReleasedModel.Release(run, ledger, "weights");
        Assert.True(ledger.EpsilonOf(Digits.Train.Identity) > 1);
    }

    private sealed class Listener(List<object> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen.Add(value);
    }

    /// <summary>Follows public members from an object on.</summary>
    private sealed class Walk
    {
        private readonly HashSet<object> _visited = new(ReferenceEqualityComparer.Instance);

        public int Visited => _visited.Count;

        public List<(string Path, float[] Values)> Numbers { get; } = [];

        public Dictionary<string, byte[]> Bytes { get; } = [];

        public bool Finds(object root, string member)
        {
            Visit(root);
            return Numbers.Any(found => found.Path.Contains(member, StringComparison.Ordinal));
        }

        public void Visit(object? value, string path = "", int depth = 0)
        {
            if (value is null || depth > 6 || value is string or Type or Delegate || !_visited.Add(value))
            {
                return;
            }

            if (value is float[] numbers)
            {
                Numbers.Add((path, numbers));
                return;
            }

            if (value is byte[] bytes)
            {
                Bytes[$"{path} {Bytes.Count}"] = bytes;
                return;
            }

            Type type = value.GetType();
            if (value is IEnumerable many && depth < 4)
            {
                foreach (object? one in many.Cast<object?>().Take(3))
                {
                    Visit(one, path + "[]", depth + 1);
                }
            }

            if (type.IsPrimitive || type.Namespace?.StartsWith("Research", StringComparison.Ordinal) != true)
            {
                return;
            }

            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.GetIndexParameters().Length == 0 && property.GetMethod?.IsPublic == true
                    && property.Name != nameof(TrainingRun.Initial))
                {
                    Follow(() => Get(property, value), $"{path}.{property.Name}", depth);
                }
            }

            foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            {
                if (!method.IsSpecialName && method.DeclaringType != typeof(object) && method.Name != "<Clone>$"
                    && method.GetParameters().All(parameter => parameter.IsOptional) && !method.ContainsGenericParameters
                    && !method.ReturnType.IsByRefLike && method.ReturnType != typeof(void))
                {
                    object?[] defaults = [.. method.GetParameters().Select(parameter => parameter.DefaultValue)];
                    Follow(() => method.Invoke(value, defaults), $"{path}.{method.Name}()", depth);
                }
            }
        }

        // Spans cannot be boxed: those of weights are copied out.
        private static object? Get(PropertyInfo property, object value) => value switch
        {
            Network network when property.Name == nameof(Network.Weights) => network.Weights.ToArray(),
            Checkpoint checkpoint when property.Name == nameof(Checkpoint.Values) => checkpoint.Values.ToArray(),
            _ => property.PropertyType.IsByRefLike ? null : property.GetValue(value),
        };

        private void Follow(Func<object?> get, string path, int depth)
        {
            object? next;
            try
            {
                next = get();
            }
            catch (Exception e) when (e is TargetInvocationException or NotSupportedException)
            {
                return; // What throws gives nothing.
            }

            Visit(next, path, depth + 1);
        }
    }
}
