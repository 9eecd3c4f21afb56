using System.Runtime.CompilerServices;
using Research.Tensors;

namespace Research.Tests.Tensors;

/// <summary>Memory whose address is in use is never collected, whoever forgets it; memory let go is.</summary>
/// <remarks>
/// What could go wrong is that a collection frees the array behind an address and the next one lies there. So these
/// tests forget everything but the address, collect, fill what was freed with other numbers, and read. The methods that
/// forget are not inlined: whatever their frames held is gone when they return.
/// </remarks>
public sealed unsafe class AlignedBufferTests
{
    private const int Length = 4096;
    private const int Rounds = 10;

    [Fact]
    public void Pointer_OwnerForgotten_StillReadsItsOwnNumbers()
    {
        for (int round = 0; round < Rounds; round++)
        {
            nint address = Forgotten(round);
            CollectAndReuse();
            AssertHolds((float*)address, round);
        }
    }

    [Fact]
    public void Fixed_NothingElseKnowsTheBuffer_StillReadsItsOwnNumbers()
    {
        for (int round = 0; round < Rounds; round++)
        {
            fixed (float* numbers = Filled(round))
            {
                CollectAndReuse();
                AssertHolds(numbers, round);
            }
        }
    }

    [Fact]
    public void Span_OwnerDisposedOf_StillReadsItsOwnNumbers()
    {
        PinnedBuffer<float> owner = Filled(1).Pin();
        Span<float> numbers = owner.Span;
        owner.Dispose();
        CollectAndReuse();
        fixed (float* first = numbers)
        {
            AssertHolds(first, 1);
        }
    }

    [Fact]
    public void Pin_OfABufferThatIsForgotten_HoldsItUntilEveryOwnerLetsGo()
    {
        Stack<PinnedBuffer<float>> owners = [];
        WeakReference buffer = Hold(owners);
        nint address = AddressOf(owners);

        DisposeOfOne(owners);
        CollectAndReuse();
        AssertHolds((float*)address, 7);
        Assert.True(buffer.IsAlive);

        DisposeOfOne(owners);
        CollectAndReuse();
        Assert.False(buffer.IsAlive);
    }

    [Fact]
    public void Dispose_ThenPointerOrSpan_Throws()
    {
        PinnedBuffer<float> buffer = new(10);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => (nint)buffer.Pointer);
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Pointer_AnyElement_LiesOnACacheLineAndSpanStartsThere(int length)
    {
        AssertAligned<byte>(length);
        AssertAligned<short>(length);
        AssertAligned<int>(length);
        AssertAligned<float>(length);
        AssertAligned<long>(length);
        AssertAligned<double>(length);
    }

    [Fact]
    public void Constructor_ElementThatDoesNotDivideALine_IsRefused() =>
        Assert.Throws<NotSupportedException>(() => new AlignedBuffer<decimal>(1));

    private static void AssertAligned<T>(int length)
        where T : unmanaged
    {
        // Several, since the first may lie on a line by chance.
        for (int i = 0; i < 8; i++)
        {
            using PinnedBuffer<T> buffer = new(length);
            Assert.Equal(0, (nint)buffer.Pointer % 64);
            Assert.Equal(length, buffer.Length);
            Assert.Equal(length, buffer.Span.Length);
            fixed (T* span = buffer.Span)
            {
                Assert.True(length == 0 || span == buffer.Pointer);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AlignedBuffer<float> Filled(int number)
    {
        AlignedBuffer<float> buffer = new(Length);
        buffer.Span.Fill(number);
        return buffer;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Forgotten(int number) => (nint)Filled(number).Pin().Pointer;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Hold(Stack<PinnedBuffer<float>> owners)
    {
        AlignedBuffer<float> buffer = Filled(7);
        owners.Push(buffer.Pin());
        owners.Push(buffer.Pin());
        return new WeakReference(buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint AddressOf(Stack<PinnedBuffer<float>> owners) => (nint)owners.Peek().Pointer;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DisposeOfOne(Stack<PinnedBuffer<float>> owners) => owners.Pop().Dispose();

    // Two collections: what the first finds dead may be given out again, and then holds NaN.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CollectAndReuse()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            for (int array = 0; array < 16; array++)
            {
                GC.AllocateUninitializedArray<float>(Length + 16, pinned: true).AsSpan().Fill(float.NaN);
            }
        }
    }

    private static void AssertHolds(float* numbers, float number)
    {
        int changed = new ReadOnlySpan<float>(numbers, Length).IndexOfAnyExcept(number);
        Assert.True(changed < 0, $"{number} was overwritten at {changed}.");
    }
}
