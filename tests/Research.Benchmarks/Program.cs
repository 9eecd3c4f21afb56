using Research.Benchmarks.Kernels;

namespace Research.Benchmarks;

internal static class Program
{
    private const string Usage = """
        usage: quick NAME [--threads N] [--batch B] [--seconds S]   one JSON line a measurement
               kernels [BenchmarkDotNet's arguments]                each kernel by itself; --filter '*' runs all
               fingerprint [THREADS]                                hashes of whole training runs
               ledger [FOLDER]                                      times and sizes of privacy ledgers on FOLDER's disk
               attacks [--owners N] [--seeds K] [--ratio R] [--data D] [--records M] [--wrong-labels W]
                       [--only NAME]                                what cheating earns under the reward rule, and
                                                                    what honest owners earn; one JSON line each
               aggregations [--owners N] [--seeds K] [--data D]     accuracy under each aggregation rule when a fifth of
                                                                    the owners spoils the model; one JSON line each
               integers SPEC DATA RECORDS [STEPS RUNS OWNERS]       accuracy of a trained model on so many held-out
                                                                    records, in floats and as the program has it
               scoring --owners N [--examples R]                    seconds and memory of scoring N updates from a store
               store RESEARCH [CLIENTS MEGABYTES ROUNDS]            research store serve (RESEARCH is research.dll) and nginx
                                                                    under clients of which half are killed (64 10 3)
               chain [NODE]                                         signatures, sends and 1,024 transfers on a local chain;
                                                                    with a node's address only its newest block

        NAME is one of
          gemm            float matrix product of 256, 1024 and 2048; on one thread only, since a product runs on one
          noise           Gaussian noise on a gradient of 235,146 numbers
          train-sgd-mlp   784-256-128-10, ReLU, plain gradient descent
          train-dp-mlp    the same by DP-SGD: clip norm 1, noise multiplier 1, the operating system's randomness;
                          4·B records, each in a batch with probability 1/4, so that B are expected
          train-sgd-cnn   conv 1-16 k8 s2 p3, pool 2 s1, conv 16-32 k4 s2, pool 2 s1, fc 512-32-10, ReLU
          train-dp-cnn    the same by DP-SGD
          torch-sgd-mlp, torch-dp-mlp, torch-loop-mlp, torch-sgd-cnn, torch-dp-cnn, torch-loop-cnn
                          the same models in TorchSharp: its own SGD, private training layer by layer, and one example
                          at a time; probes before training do not count

        RULE is ref (what is built), as (the direction of the loss on the way to the mean model) or ref-shortened (no
        update's signal counts with more than a reference run's length). Shards fall from R to 1 in size and from no
        wrong labels to a share W of them; M records an owner on average. kendall is the order of points against exact
        Shapley values, kendallOfSignals that before the cap, kendallOfMeans that with noise averaged out, shapleyAgain
        and signalsAgain each against itself in a re-run, ...InOrder each against the order of the shards.

        --threads N   1 to 256 (1)
        --batch B     1 to 65536 examples (256); gemm and noise have no batch and leave it aside
        --seconds S   more than 0, at most 600: length of each of the 5 repetitions, after a warm-up (1)

        rateMedian and rateBest count GFLOP or samples in a second. Training adds allocatedBytesPerStep, after the
        warm-up, and firstStepSeconds, from the start of the process to the end of the first step.
        """;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["--help" or "-h" or "help", ..]:
            case ["quick" or "fingerprint", .., "--help" or "-h"]:
                Console.Out.WriteLine(Usage);
                return 0;
            case ["quick", string name, .. string[] rest]:
                return QuickBenchmark.Run(name, rest, Console.Out, Console.Error);
            case ["kernels", .. string[] rest]:
                return KernelBenchmarks.Run(rest); // BenchmarkDotNet is loaded here and nowhere else.
            case ["fingerprint", .. string[] rest]:
                return Fingerprint.Run(rest, Console.Out);
            case ["ledger", .. string[] rest]:
                return LedgerBenchmark.Run(rest is [string folder] ? folder : Path.GetTempPath(), Console.Out);
            case ["scoring", .. string[] rest]:
                return ScoringBenchmark.Run(rest, Console.Out, Console.Error);
            case ["integers", .. string[] rest]:
                return IntegerBenchmark.Run(rest, Console.Out, Console.Error);
            case ["chain", .. string[] rest]:
                return ChainBenchmark.RunAsync(rest, Console.Out).GetAwaiter().GetResult();
            case ["store", .. string[] rest]:
                return StoreBenchmark.RunAsync(rest, Console.Out, Console.Error).GetAwaiter().GetResult();
            case ["attacks", .. string[] rest]:
                return AttackBenchmark.Run(rest, Console.Out, Console.Error);
            case ["aggregations", .. string[] rest]:
                return AggregationBenchmark.Run(rest, Console.Out, Console.Error);
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }
}
