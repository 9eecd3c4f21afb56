using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Gradients;

/// <summary>The layers of a module that have trained parameters, each with its rule or with why it has none.</summary>
internal sealed class LayerMap : IDisposable
{
    private readonly Dictionary<TrainedLayer, (GradientRule Rule, string Reason)> _notes = [];

    /// <summary>Finds the layers, and puts hooks on those that have rules.</summary>
    public LayerMap(Module module, TrainedParameters parameters)
    {
        Parameters = parameters;
        HashSet<ParameterSlot> found = [];
        List<TrainedLayer> layers = [];
        List<LayerRule> rules = [];
        foreach ((string name, Module part) in All(module))
        {
            ParameterSlot[] own = [.. Own(part).Select(parameters.Find).OfType<ParameterSlot>()];
            if (own.Length == 0)
            {
                continue;
            }

            TrainedLayer layer = new(name, part, own);
            layers.Add(layer);
            if (own.FirstOrDefault(slot => !found.Add(slot)) is { } tied)
            {
                Note(layer, GradientRule.Loop, $"its parameter '{tied.Name}' is tied to another layer's");
            }
            else if (part is BatchNorm)
            {
                Note(layer, GradientRule.Refused, "it computes with the whole batch and keeps running statistics");
            }
            else if (RuleOf(layer) is { } rule)
            {
                rules.Add(rule);
            }
            else
            {
                Note(layer, GradientRule.Loop, "TorchSharp gives no hook that sees what it computes");
            }
        }

        if (parameters.Slots.FirstOrDefault(slot => !found.Contains(slot)) is { } lost)
        {
            TrainedLayer whole = new(string.Empty, module, [.. parameters.Slots.Where(slot => !found.Contains(slot))]);
            layers.Add(whole);
            Note(whole, GradientRule.Loop, $"'{lost.Name}' belongs to no layer that can be seen");
        }

        Layers = layers;
        Rules = rules;
        Dropout = new RecordDropout(module);
    }

    /// <summary>Gets the parameters.</summary>
    public TrainedParameters Parameters { get; }

    /// <summary>Gets the layers.</summary>
    public IReadOnlyList<TrainedLayer> Layers { get; }

    /// <summary>Gets the rules of those that have one.</summary>
    public IReadOnlyList<LayerRule> Rules { get; }

    /// <summary>Gets what hooks see.</summary>
    public TapRecorder Recorder { get; } = new();

    /// <summary>Gets what makes dropout follow the records.</summary>
    public RecordDropout Dropout { get; }

    /// <summary>Gets why the whole module goes to the loop; null where every layer has a rule.</summary>
    public string? WholeLoopReason => _notes
        .Where(note => note.Value.Rule == GradientRule.Loop)
        .Select(note => $"{note.Key.Title} ({note.Key.Module.GetType().Name}): {note.Value.Reason}")
        .FirstOrDefault();

    /// <summary>Gets the first layer that is refused, and why; null where none is.</summary>
    public (TrainedLayer Layer, string Reason)? Refused => _notes
        .Where(note => note.Value.Rule == GradientRule.Refused)
        .Select(note => ((TrainedLayer, string)?)(note.Key, note.Value.Reason))
        .FirstOrDefault();

    /// <summary>Says of a layer why it has no rule.</summary>
    public void Note(TrainedLayer layer, GradientRule rule, string reason) => _notes.TryAdd(layer, (rule, reason));

    /// <summary>Describes all layers.</summary>
    /// <param name="wholeLoop">Why the whole module goes to the loop; null where it does not.</param>
    public IReadOnlyList<LayerGradient> Describe(string? wholeLoop = null) =>
    [
        .. Layers.Select(layer => _notes.TryGetValue(layer, out (GradientRule Rule, string Reason) note)
            ? layer.Describe(note.Rule, note.Reason)
            : wholeLoop is not null
                ? layer.Describe(GradientRule.Loop, wholeLoop)
                : layer.Describe(Rules.First(rule => rule.Layer == layer).Kind)),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LayerRule rule in Rules)
        {
            rule.Remove();
        }

        Dropout.Dispose();
        Recorder.Dispose();
    }

    // A module under two names is one layer.
    private static IEnumerable<(string Name, Module Module)> All(Module module) =>
        module.named_modules()
            .Select(part => (part.name, part.module))
            .Prepend((string.Empty, module))
            .DistinctBy(part => part.Item2, ReferenceEqualityComparer.Instance);

    // Modules of native code list their parameters as a whole only.
    private static IEnumerable<Parameter> Own(Module module) =>
        module.named_parameters(recurse: false).Any() || module.children().Any()
            ? module.named_parameters(recurse: false).Select(parameter => parameter.parameter)
            : module.named_parameters().Select(parameter => parameter.parameter);

    private LayerRule? RuleOf(TrainedLayer layer) => layer.Module switch
    {
        Linear linear => new LinearRule(layer, Recorder, linear),
        Convolution convolution when ConvolutionRule.Knows(convolution) =>
            new ConvolutionRule(layer, Recorder, convolution),
        Embedding embedding when EmbeddingRule.Knows(embedding) => new EmbeddingRule(layer, Recorder, embedding),
        LayerNorm norm => new NormalizationRule(layer, Recorder, norm),
        GroupNorm norm => new NormalizationRule(layer, Recorder, norm),
        _ => ReplayRule.Of(layer, Recorder),
    };
}
