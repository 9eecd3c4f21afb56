using Research.TorchSharp.Native;
using static TorchSharp.torch;

namespace Research.TorchSharp.Tests.Native;

public sealed class HeldTests
{
    // TorchSharp's own operators fail here within a second once they are compiled with optimisation
    // (DOTNET_TieredCompilation=0): "Exception raised from toFloat".
    [TorchFact]
    public async Task Operations_WhileGarbageIsCollected_HaveTheirOperands()
    {
        using CancellationTokenSource done = new();
        Task collector = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });

        List<string> wrong = [];
        for (int i = 1; i <= 20_000; i++)
        {
            using Tensor two = Held.Plus(ones(1), ones(1));
            using Tensor product = Held.Apply(ones(1), i, (one, number) => one * number);
            if ((two.item<float>(), product.item<float>()) != (2, i))
            {
                wrong.Add($"{i}: {two.item<float>()}, {product.item<float>()}");
            }
        }

        await done.CancelAsync();
        await collector;
        Assert.Empty(wrong);
    }
}
