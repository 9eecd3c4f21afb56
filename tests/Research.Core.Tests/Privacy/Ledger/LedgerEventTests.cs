using System.Text;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

namespace Research.Tests.Privacy.Ledger;

public sealed class LedgerEventTests : IDisposable
{
    private readonly TemporaryLedger _file = new();

    /// <summary>Gets each kind of event with the one form in which it is written.</summary>
    public static TheoryData<PrivacyEvent, string> Forms { get; } = new()
    {
        { new GaussianEvent(0.1, 1.2, 40), "{\"sampleRate\":0.1,\"noiseMultiplier\":1.2,\"steps\":40}" },
        { new LaplaceEvent(2, 1), "{\"kind\":\"laplace\",\"scale\":2,\"steps\":1}" },
        { new DiscreteGaussianEvent(2.5, 3), "{\"kind\":\"discrete-gaussian\",\"sigma\":2.5,\"steps\":3}" },
        {
            new RandomizedResponseEvent(0.5, 10, 4),
            "{\"kind\":\"randomized-response\",\"epsilon\":0.5,\"categories\":10,\"steps\":4}"
        },
        { new PureEvent(1e-3, 7), "{\"kind\":\"pure\",\"epsilon\":0.001,\"steps\":7}" },
        { new ConcentratedEvent(0.25, 2), "{\"kind\":\"concentrated\",\"rho\":0.25,\"steps\":2}" },
    };

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public void Write_EachKind_HasOneFormAndIsReadBack(PrivacyEvent e, string form)
    {
        byte[] line = LedgerLine.Write(Entry(e));

        Assert.StartsWith(
            $"{{\"sequence\":1,\"time\":\"1970-01-01T00:00:00.0000000Z\",\"purpose\":\"x\",\"plan\":[{form}],",
            Encoding.UTF8.GetString(line),
            StringComparison.Ordinal);
        LedgerEntry read = LedgerLine.ReadEntry(line, out string? problem);
        Assert.Equal((null, e), (problem, Assert.Single(read.Plan)));
    }

    [Theory]
    [InlineData("\"kind\":\"gauss\",\"sigma\":1,\"steps\":1", "event.kind: expected laplace, discrete-gaussian")]
    [InlineData("\"kind\":\"laplace\",\"steps\":1", "'scale'")]
    [InlineData("\"kind\":\"laplace\",\"scale\":2", "'steps'")]
    [InlineData("\"kind\":\"laplace\",\"scale\":-2,\"steps\":1", "scale")]
    [InlineData("\"kind\":\"pure\",\"epsilon\":1,\"steps\":1.5", "event.steps: expected a whole number, got 1.5")]
    [InlineData("\"kind\":\"laplace\",\"scale\":2,\"steps\":1,\"more\":1", "not in the one form")]
    [InlineData("\"kind\":\"gaussian\",\"sampleRate\":1,\"noiseMultiplier\":1,\"steps\":1", "event.kind: expected")]
    public void Verify_EventOfAnotherForm_IsRefusedAndNamed(string members, string problem)
    {
        PrivacyLedger.Open(_file.Home, 8, 1e-5, LedgerFilter.Gaussian)
            .Charge(new GaussianEvent(1, 20, 1), "one");
        File.Delete(_file.Seen);
        string text = File.ReadAllText(_file.Path).Replace(
            "\"sampleRate\":1,\"noiseMultiplier\":20,\"steps\":1", members, StringComparison.Ordinal);
        File.WriteAllText(_file.Path, text);

        LedgerVerification found = PrivacyLedger.Verify(_file.Home);

        Assert.Equal((false, 2), (found.IsIntact, found.Line));
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(() => PrivacyLedger.OpenExisting(_file.Home));
    }

    private static LedgerEntry Entry(PrivacyEvent e) => new()
    {
        Sequence = 1,
        Time = DateTimeOffset.UnixEpoch,
        Purpose = "x",
        Plan = [e],
        Epsilon = 1,
        Previous = new string('0', 64),
    };
}
