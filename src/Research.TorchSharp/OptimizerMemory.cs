using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Research.TorchSharp;

/// <summary>What an optimiser remembers from step to step.</summary>
internal static class OptimizerMemory
{
    /// <summary>Writes it.</summary>
    public static byte[] Save(optim.Optimizer optimizer)
    {
        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            Known(optimizer).save_state_dict(writer);
        }

        return stream.ToArray();
    }

    /// <summary>Reads it back.</summary>
    public static void Load(optim.Optimizer optimizer, byte[] memory)
    {
        using BinaryReader reader = new(new MemoryStream(memory));
        Known(optimizer).load_state_dict(reader);
    }

    private static OptimizerHelper Known(optim.Optimizer optimizer) => optimizer as OptimizerHelper
        ?? throw new NotSupportedException(
            $"Expected an optimiser whose state TorchSharp saves; got {optimizer.GetType().Name}.");
}
