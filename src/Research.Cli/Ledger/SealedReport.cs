using System.Globalization;
using System.Text;
using Research.Interactive.Formatters;
using Research.Privacy.Ledger;

namespace Research.Cli.Ledger;

/// <summary>What is sealed in a home, as text and as JSON.</summary>
internal static class SealedReport
{
    /// <summary>Writes a line for each.</summary>
    public static string Text(IReadOnlyList<SealedArtefact> found, string home)
    {
        if (found.Count == 0)
        {
            return TerminalText.Clean($"Nothing is sealed in {home}.");
        }

        StringBuilder text = new();
        foreach (SealedArtefact one in found)
        {
            text.Append(CultureInfo.InvariantCulture, $"{one.Id}  {one.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}  ")
                .Append(CultureInfo.InvariantCulture, $"{one.Bytes} bytes, {(one.IsCharged ? "charged" : "not charged")}: ")
                .Append(LedgerText.Purpose(one.Purpose))
                .Append('\n');
        }

        return TerminalText.Clean(text.Append("research ledger recover ID --out FILE fetches one.").ToString());
    }

    /// <summary>Writes the same as one document.</summary>
    public static string Json(IReadOnlyList<SealedArtefact> found) => JsonReport.Write(json =>
    {
        json.WriteStartArray();
        foreach (SealedArtefact one in found)
        {
            json.WriteStartObject();
            json.WriteString("id", one.Id);
            json.WriteString("kind", one.Kind);
            json.WriteString("purpose", one.Purpose.Text);
            json.WriteString("time", one.Time);
            json.WriteBoolean("charged", one.IsCharged);
            json.WriteNumber("bytes", one.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
