using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Probing;

/// <summary>What a module's weights and buffers were, to see that computing losses changes none of them.</summary>
/// <remarks>
/// What a forward pass leaves there would be released without noise, and the next record would see it. Probes look before
/// training; a table that shortens its rows when they have grown, for example, shows only later.
/// </remarks>
internal sealed class UnchangedState : IDisposable
{
    private readonly (string Name, Tensor Live, Tensor Before)[] _all;

    public UnchangedState(Module module) => _all =
    [
        .. module.named_buffers().Select(one => ($"buffer '{one.name}'", one.buffer))
            .Concat(module.named_parameters().Select(one => ($"parameter '{one.name}'", (Tensor)one.parameter)))
            .Select(one => (one.Item1, one.Item2, one.Item2.detach().clone().DetachFromDisposeScope())),
    ];

    /// <summary>Throws where something has changed, after putting it back.</summary>
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
    }

    /// <summary>Puts everything back.</summary>
    public void Restore()
    {
        using IDisposable still = no_grad();
        foreach ((_, Tensor live, Tensor before) in _all)
        {
            live.copy_(before);
        }
    }

    public void Dispose() => Array.ForEach(_all, one => one.Before.Dispose());

    private static bool IsSame(Tensor live, Tensor before) => before.is_floating_point() || before.is_complex()
        ? (live.eq(before) | (live.isnan() & before.isnan())).all().item<bool>()
        : live.eq(before).all().item<bool>();
}
