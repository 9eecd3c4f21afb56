namespace Research.Chain.Abi;

/// <summary>The families of ABI types.</summary>
public enum AbiKind
{
    /// <summary>uint8 to uint256.</summary>
    UnsignedInteger,

    /// <summary>int8 to int256.</summary>
    SignedInteger,

    /// <summary>bool.</summary>
    Boolean,

    /// <summary>address.</summary>
    Address,

    /// <summary>bytes1 to bytes32.</summary>
    FixedBytes,

    /// <summary>bytes, of any length.</summary>
    Bytes,

    /// <summary>string, UTF-8.</summary>
    Text,

    /// <summary>T[], of any length.</summary>
    Array,

    /// <summary>T[k].</summary>
    FixedArray,

    /// <summary>(T1,...,Tn), which is what a struct is.</summary>
    Tuple,
}
