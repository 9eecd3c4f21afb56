using System.Runtime.InteropServices;
using TorchSharp;

namespace Research.TorchSharp.Native;

/// <summary>Has libtorch compute convolutions by itself: without oneDNN, which reads memory that nobody wrote.</summary>
/// <remarks>
/// With few channels (4, say) and more than one record, oneDNN's gradient by a convolution's input follows from what was in
/// freed memory before: percents of it differ from call to call, NaN among them, on an AMD EPYC with libtorch 2.10. What a
/// record adds must follow from the record. libtorch's own convolutions do not do so. NNPACK goes with it: it would be the
/// next in line, and where it does not know the processor it writes a warning for each convolution. TorchSharp does not
/// expose the switches (Python: <c>torch.backends.mkldnn.enabled</c>), so they are called by their C++ names; where there
/// are none, probing finds modules that depend on such memory (<see cref="UnwrittenMemory"/>).
/// </remarks>
internal static unsafe class OneDnn
{
    private static readonly bool IsWindows = OperatingSystem.IsWindows();

    private static readonly string Library = IsWindows ? "torch_cpu.dll"
        : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib"
        : "libtorch_cpu.so";

    private static readonly string Context =
        IsWindows ? "?globalContext@at@@YAAEAVContext@1@XZ" : "_ZN2at13globalContextEv";

    private static readonly string SetNnpack =
        IsWindows ? "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z" : "_ZN2at7Context20setUserEnabledNNPACKEb";

    private static readonly string SetOneDnn =
        IsWindows ? "?setUserEnabledMkldnn@Context@at@@QEAAX_N@Z" : "_ZN2at7Context20setUserEnabledMkldnnEb";

    private static readonly string IsEnabled =
        IsWindows ? "?userEnabledMkldnn@Context@at@@QEBA_NXZ" : "_ZNK2at7Context17userEnabledMkldnnEv";

    /// <summary>Turns them off for the whole process: what a row's bits are must not change on the way.</summary>
    /// <returns>Whether they are off.</returns>
    public static bool TurnOff()
    {
        if (!NativeLibrary.TryLoad(Library, typeof(torch).Assembly, null, out nint library)
            || !NativeLibrary.TryGetExport(library, Context, out nint context)
            || !NativeLibrary.TryGetExport(library, SetNnpack, out nint setNnpack)
            || !NativeLibrary.TryGetExport(library, SetOneDnn, out nint setOneDnn)
            || !NativeLibrary.TryGetExport(library, IsEnabled, out nint isEnabled))
        {
            return false;
        }

        nint global = ((delegate* unmanaged<nint>)context)();
        ((delegate* unmanaged<nint, byte, void>)setNnpack)(global, 0);
        ((delegate* unmanaged<nint, byte, void>)setOneDnn)(global, 0);
        return ((delegate* unmanaged<nint, byte>)isEnabled)(global) == 0;
    }
}
