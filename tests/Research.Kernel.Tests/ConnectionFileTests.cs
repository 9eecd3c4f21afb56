using System.Text;
using Research.Kernel;

namespace Research.Tests;

public sealed class ConnectionFileTests
{
    private const string Valid = """
        {"transport":"tcp","ip":"127.0.0.1","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,
         "key":"k","signature_scheme":"hmac-sha256","kernel_name":"x"}
        """;

    [Fact]
    public void Parse_JupytersFile_HasPortsAndKey()
    {
        ConnectionFile file = ConnectionFile.Parse(Encoding.UTF8.GetBytes(Valid));

        Assert.Equal(
            (1, 2, 3, 4, 5),
            (file.ShellPort, file.IOPubPort, file.StdinPort, file.ControlPort, file.HeartbeatPort));
        Assert.Equal("k", Encoding.UTF8.GetString(file.Key.Span));
    }

    [Theory]
    [InlineData("\"tcp\"", "\"ipc\"", "transport: expected tcp, got ipc")]
    [InlineData("127.0.0.1", "0.0.0.0", "ip: expected a loopback address, got 0.0.0.0")]
    [InlineData("127.0.0.1", "192.168.0.1", "ip: expected a loopback address")]
    [InlineData("hmac-sha256", "hmac-md5", "signature_scheme: expected hmac-sha256, got hmac-md5")]
    [InlineData("\"shell_port\":1,", "", "shell_port: expected a port, got nothing")]
    [InlineData("\"hb_port\":5", "\"hb_port\":65536", "hb_port: expected a port, got 65536")]
    [InlineData("\"hb_port\":5", "\"hb_port\":\"5\"", "hb_port: expected a port")]
    [InlineData("{", "", "Expected a connection file in JSON")]
    public void Parse_WhatIsNotSupported_NamesTheField(string old, string changed, string expected)
    {
        byte[] json = Encoding.UTF8.GetBytes(Valid.Replace(old, changed, StringComparison.Ordinal));

        Assert.Contains(
            expected, Assert.Throws<ConnectionFileException>(() => ConnectionFile.Parse(json)).Message,
            StringComparison.Ordinal);
    }
}
