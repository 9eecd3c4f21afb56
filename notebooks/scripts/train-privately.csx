#r "../../.artifacts/bin/Research.Core/release/Research.Core.dll"

// Trains a small network on the shipped digits with differential privacy, and charges the run to a ledger.
//
//     research script notebooks/scripts/train-privately.csx [--epsilon 3] [--steps 200] [--ledger FILE]
//
// Without --ledger, a ledger in a temporary folder is used and removed: then only this one run is accounted for.
// Exit 0: trained and charged. 1: the ledger refused, nothing was charged. 2: wrong usage.

using System.Globalization;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

const double Delta = 1e-5;
const double SampleRate = 0.045;
const double EpsilonCap = 8;

double epsilon = 3;
int steps = 200;
string ledgerPath = null;
for (int i = 0; i < Args.Count; i += 2)
{
    string value = i + 1 < Args.Count ? Args[i + 1] : "";
    bool understood = Args[i] switch
    {
        "--epsilon" => double.TryParse(value, CultureInfo.InvariantCulture, out epsilon) && epsilon is > 0 and <= 100,
        "--steps" => int.TryParse(value, CultureInfo.InvariantCulture, out steps) && steps is > 0 and <= 100_000,
        "--ledger" => (ledgerPath = value).Length > 0,
        _ => false,
    };
    if (!understood)
    {
        Console.Error.WriteLine($"Expected [--epsilon above 0] [--steps above 0] [--ledger FILE]; got '{Args[i]} {value}'.");
        return 2;
    }
}

string temporary = ledgerPath is null ? Directory.CreateTempSubdirectory("research-").FullName : null;
try
{
    double noise = Calibration.NoiseMultiplier(epsilon, Delta, SampleRate, steps);
    ModelSpec spec = new()
    {
        Name = "digits-script",
        Model = new ModelSection([64], Seed: 1, [new Linear(64, 32), new ReLU(), new Linear(32, 10)]),
        Optimizer = new Sgd(LearningRate: 0.5, Momentum: 0.5),
        Training = new TrainingSection(BatchSize: 64, steps),
        Privacy = new PrivacySection(SampleRate, ClipNorm: 1, noise, Delta, EpsilonCap),
    };

    // Charged before anything about the records is computed that could get out: a crash must not make a run free.
    PrivacyLedger ledger = PrivacyLedger.Open(ledgerPath ?? Path.Combine(temporary, "digits.ledger"), "digits", EpsilonCap, Delta);
    ledger.Charge(new GaussianEvent(SampleRate, noise, steps), "train-privately.csx");

    DatasetSplit digits = Datasets.Open("digits");
    TrainingRun run = Trainer.Train(spec, digits.Train, new TrainerOptions { Threads = Environment.ProcessorCount });
    Evaluation result = run.Network.Evaluate(digits.Test);

    FormattableString report = $"""
        records    {digits.Train.Count} digits, {steps} steps, sample rate {SampleRate}, noise multiplier {noise:F3}
        privacy    epsilon {epsilon:F2} for this run at delta {Delta} (neighbours: add or remove one record)
        ledger     epsilon {ledger.Epsilon:F2} of {ledger.EpsilonCap}, charges so far: {ledger.Entries.Count}
        accuracy   {result.Accuracy:F3} on {result.Count} test records
        """;
    Console.WriteLine(FormattableString.Invariant(report));
    return 0;
}
catch (BudgetExceededException refused)
{
    Console.Error.WriteLine(refused.Message);
    return 1;
}
finally
{
    if (temporary is not null)
    {
        Directory.Delete(temporary, recursive: true);
    }
}
