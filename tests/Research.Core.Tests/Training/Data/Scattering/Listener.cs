namespace Research.Tests.Training.Data.Scattering;

/// <summary>Hears of progress on the thread that makes it.</summary>
internal sealed class Listener(Action<double> report) : IProgress<double>
{
    public void Report(double value) => report(value);
}
