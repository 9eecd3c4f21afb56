using System.ComponentModel;
using System.Runtime.CompilerServices;
using Research.Scripting.Compilation;

namespace Research.Scripting;

/// <summary>Asked by the loops and functions of cells, so that an interrupt stops them wherever they run.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Interrupt
{
    private static int _raised;

    /// <summary>Goes on, unless the cell it is called from was interrupted. One load and one branch.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check()
    {
        if (Volatile.Read(ref _raised) != 0)
        {
            ThrowIfMeant();
        }
    }

    internal static void Raise() => Interlocked.Increment(ref _raised);

    internal static void Lower() => Interlocked.Decrement(ref _raised);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowIfMeant()
    {
        if (Interruptible.IsInterrupted)
        {
            throw new OperationCanceledException("The cell was interrupted.");
        }
    }
}
