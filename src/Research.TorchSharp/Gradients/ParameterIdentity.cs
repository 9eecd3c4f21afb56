using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>Which numbers a parameter is: where they lie, for TorchSharp may give one tensor several handles.</summary>
/// <param name="Address">The storage.</param>
/// <param name="Offset">The first number in it.</param>
internal readonly record struct ParameterIdentity(nint Address, long Offset)
{
    /// <summary>Identifies a parameter.</summary>
    public static ParameterIdentity Of(Parameter parameter) => new(
        parameter.dtype switch
        {
            ScalarType.Float64 => parameter.storage<double>().data_ptr(),
            ScalarType.Float16 or ScalarType.BFloat16 => parameter.storage<short>().data_ptr(),
            _ => parameter.storage<float>().data_ptr(),
        },
        parameter.storage_offset());

    /// <summary>Gets the slot of a parameter among a layer's own.</summary>
    public static ParameterSlot? Find(IReadOnlyList<ParameterSlot> slots, Parameter? parameter) => parameter is null
        ? null
        : slots.FirstOrDefault(slot => Of(slot.Parameter) == Of(parameter));
}
