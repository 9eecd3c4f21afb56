using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp;

/// <summary>What a module's weights, buffers and modes were, to compare with and to put back, to the bit.</summary>
/// <remarks>
/// What a forward pass leaves in them would be released without noise, and the next record would see it. Probes look
/// before training; a table that shortens its rows when they have grown, for example, shows only later.
/// </remarks>
internal sealed class KeptState : IDisposable
{
    private readonly (string Name, Tensor Live, Tensor Before)[] _all;
    private readonly (Module Part, bool IsTraining)[] _modes; // Wholes before their parts: a mode goes down to these.

    public KeptState(Module module)
    {
        _all =
        [
            .. module.named_buffers().Select(one => ($"buffer '{one.name}'", one.buffer))
                .Concat(module.named_parameters().Select(one => ($"parameter '{one.name}'", (Tensor)one.parameter)))
                .Select(one => (one.Item1, one.Item2, one.Item2.detach().clone().DetachFromDisposeScope())),
        ];
        _modes =
        [
            .. module.modules().Prepend(module)
                .OrderByDescending(part => part.modules().Count())
                .Select(part => (part, part.training)),
        ];
    }

    /// <summary>Throws where a weight, a buffer or a mode has changed, after putting all back.</summary>
    /// <exception cref="ModuleRefusedException">It has; the message names it.</exception>
    public void Require()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable still = no_grad();
        foreach ((string name, Tensor live, Tensor before) in _all)
        {
            if (!IsSame(live, before))
            {
                Restore();
                throw new ModuleRefusedException(
                    $"{name} changes when losses are computed: what records leave there has no noise.");
            }
        }

        if (_modes.FirstOrDefault(one => one.Part.training != one.IsTraining).Part is { } switched)
        {
            Restore();
            throw new ModuleRefusedException(
                $"a {switched.GetType().Name} switches between training and evaluation when losses are computed: what "
                + "records leave there has no noise.");
        }
    }

    /// <summary>Puts everything back.</summary>
    public void Restore()
    {
        using IDisposable still = no_grad();
        foreach ((_, Tensor live, Tensor before) in _all)
        {
            live.copy_(before);
        }

        foreach ((Module part, bool isTraining) in _modes)
        {
            if (part.training != isTraining)
            {
                part.train(isTraining);
            }
        }
    }

    public void Dispose() => Array.ForEach(_all, one => one.Before.Dispose());

    private static bool IsSame(Tensor live, Tensor before) => before.is_floating_point() || before.is_complex()
        ? (live.eq(before) | (live.isnan() & before.isnan())).all().item<bool>()
        : live.eq(before).all().item<bool>();
}
