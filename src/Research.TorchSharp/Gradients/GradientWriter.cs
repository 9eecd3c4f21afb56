using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>Puts noisy sums where an optimiser looks for gradients, without making tensors in each step.</summary>
internal sealed class GradientWriter : IDisposable
{
    private readonly TrainedParameters _parameters;
    private readonly float _scale;
    private readonly Tensor _whole; // [P], on the processor
    private readonly Tensor[] _own; // each parameter's part of it, or a copy of another type or elsewhere

    /// <summary>Makes the gradients of all parameters, zeros.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="batchSize">What sums are divided by.</param>
    public GradientWriter(TrainedParameters parameters, int batchSize)
    {
        _parameters = parameters;
        _scale = 1f / batchSize;
        using DisposeScope scope = NewDisposeScope();
        _whole = zeros(parameters.Length, dtype: float32).DetachFromDisposeScope();
        _own =
        [
            .. parameters.Slots.Select(slot => Part(slot)
                .to(slot.Parameter.dtype, slot.Parameter.device)
                .DetachFromDisposeScope()),
        ];
        for (int i = 0; i < _own.Length; i++)
        {
            parameters.Slots[i].Parameter.grad = _own[i];
        }
    }

    /// <summary>Sets the gradients.</summary>
    /// <param name="noisySum">[P].</param>
    public void Write(ReadOnlySpan<float> noisySum)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            noisySum.CopyTo(MemoryMarshal.Cast<byte, float>(_whole.bytes));
            _whole.mul_(_scale);
            for (int i = 0; i < _own.Length; i++)
            {
                ParameterSlot slot = _parameters.Slots[i];
                if (slot.Parameter.dtype != float32 || slot.Parameter.device_type != DeviceType.CPU)
                {
                    _own[i].copy_(Part(slot));
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ParameterSlot slot in _parameters.Slots)
        {
            slot.Parameter.grad = null;
        }

        Array.ForEach(_own, own => own.Dispose());
        _whole.Dispose();
    }

    private Tensor Part(ParameterSlot slot) =>
        _whole.narrow(0, slot.Offset, slot.Length).view(slot.Parameter.shape);
}
