namespace Research.Benchmarks;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["quick", string name, .. string[] rest]:
                return QuickBenchmark.Run(name, rest, Console.Out, Console.Error);
            case ["fingerprint", .. string[] rest]:
                return Fingerprint.Run(rest, Console.Out);
            default:
                Console.Error.WriteLine("usage: quick gemm|noise|train-sgd-mlp|train-dp-mlp|train-sgd-cnn|train-dp-cnn"
                    + " [--threads N] [--batch B] [--seconds S], or fingerprint [THREADS]");
                return 2;
        }
    }
}
