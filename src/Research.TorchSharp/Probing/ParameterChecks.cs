using Research.TorchSharp.Gradients;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Probing;

/// <summary>What must hold of weights and optimiser before anything is computed.</summary>
internal static class ParameterChecks
{
    private const double Largest = 1e6;  // No weight that was ever initialised is as large,
    private const double Least = 1e-30;  // or as small, but for zeros.

    /// <summary>Throws unless all weights are numbers that somebody has set.</summary>
    public static void RequireSound(Module module, TrainedParameters parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            if (parameter.dtype != float32 && parameter.dtype != float64 && parameters.Find(parameter) is not null)
            {
                throw new ArgumentException(
                    $"Expected trained parameters of float32 or float64; '{name}' is {parameter.dtype}.",
                    nameof(module));
            }

            Tensor sizes = parameter.detach().abs().to(float64);
            double largest = sizes.max().item<double>();
            double least = sizes.gt(0).any().item<bool>() ? sizes.masked_select(sizes.gt(0)).min().item<double>() : 1;
            if (!(largest <= Largest && least >= Least))
            {
                throw Uninitialised(name, largest <= Largest ? least : largest);
            }
        }

        foreach ((string name, Module part) in module.named_modules())
        {
            if (part is GroupNorm { weight: { } gain } && gain.detach().count_nonzero().item<long>() == 0)
            {
                throw Uninitialised($"{name}.weight", 0);
            }
        }
    }

    private static ArgumentException Uninitialised(string name, double value) => new(
        $"Expected weights that are initialised; parameter '{name}' holds {value:G3} (NaN, infinite or left as memory "
        + "was: TorchSharp does not initialise every layer).");

    /// <summary>Throws unless the optimiser sees gradients only, and of these parameters.</summary>
    public static void RequireSame(TrainedParameters parameters, optim.Optimizer optimizer)
    {
        if (optimizer is LBFGS)
        {
            throw new ArgumentException(
                "Expected an optimiser that only sees gradients; LBFGS computes losses again and again, each time a "
                + "look at the records that no plan counts.",
                nameof(optimizer));
        }

        HashSet<ParameterSlot> seen = [];
        foreach (Parameter parameter in optimizer.parameters())
        {
            if (parameters.Find(parameter) is { } slot)
            {
                seen.Add(slot);
            }
            else if (parameter.requires_grad)
            {
                throw new ArgumentException(
                    $"Expected an optimiser of the module's parameters; it has one of shape "
                    + $"[{string.Join(", ", parameter.shape)}] that is not the module's.",
                    nameof(optimizer));
            }
        }

        if (parameters.Slots.FirstOrDefault(slot => !seen.Contains(slot)) is { } missed)
        {
            throw new ArgumentException(
                $"Expected an optimiser of all trained parameters; '{missed.Name}' is not among its own (freeze it: "
                + "requires_grad = false).",
                nameof(optimizer));
        }
    }
}
