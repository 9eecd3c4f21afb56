using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Research.Cli.Stores;

/// <summary>What a writer must know (RFC 6750): only its hash is kept, and compared in constant time.</summary>
internal sealed class WriteToken
{
    /// <summary>The fewest characters: 16 of 64 kinds are 96 bits.</summary>
    public const int Shortest = 16;

    /// <summary>The most characters.</summary>
    public const int Longest = 1024;

    private readonly byte[] _hash;

    /// <summary>Takes a token.</summary>
    /// <exception cref="ArgumentException">It is too short, too long, or has other characters than visible ASCII.</exception>
    public WriteToken(string token)
    {
        if (token.Length is < Shortest or > Longest || token.Any(c => c is <= ' ' or > '~'))
        {
            throw new ArgumentException(
                $"a token: expected {Shortest} to {Longest} visible ASCII characters, got {token.Length} characters"
                + (token.Any(c => c is <= ' ' or > '~') ? ", some of them others." : "."));
        }

        _hash = SHA256.HashData(Encoding.ASCII.GetBytes(token));
    }

    /// <summary>Says whether a request brings it.</summary>
    public bool IsIn(HttpRequest request)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        bool isBearer = AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out AuthenticationHeaderValue? header)
            && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);
        SHA256.HashData(Encoding.UTF8.GetBytes(isBearer ? header?.Parameter ?? "" : ""), given);
        return CryptographicOperations.FixedTimeEquals(given, _hash);
    }
}
