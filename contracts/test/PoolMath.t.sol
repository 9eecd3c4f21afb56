// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoolMath} from "../src/libraries/PoolMath.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

/// @title PoolMathTest
/// @author The Research authors
/// @notice `PoolMath`.
contract PoolMathTest is MarketTest {
    function testFuzz_RoundPool_AnyPool_SumsToPoolAndIsEven(uint128 pool, uint256 rounds) public pure {
        rounds = bound(rounds, 1, 256);

        uint256 sum = 0;
        for (uint256 round = 0; round < rounds; ++round) {
            uint256 part = PoolMath.roundPool(pool, rounds, round);
            VM.assertLe(pool / rounds, part, "not below the floor");
            VM.assertLe(part, pool / rounds + 1, "at most one more");
            sum += part;
        }

        VM.assertEq(sum, pool, "sum");
    }

    /// @dev What an early end adds is the sum of the parts that are not played.
    function testFuzz_RoundPool_Rest_IsSumOfLaterParts(uint128 pool, uint256 rounds, uint256 round) public pure {
        rounds = bound(rounds, 1, 256);
        round = bound(round, 0, rounds - 1);
        uint256 sum;
        for (uint256 later = round + 1; later < rounds; ++later) {
            sum += PoolMath.roundPool(pool, rounds, later);
        }

        VM.assertEq(sum, pool - uint256(pool) * (round + 1) / rounds, "rest");
    }

    function testFuzz_Share_AnyPoints_IsFloorAndBelowPool(uint128 pool, uint64 points, uint64 divisor) public pure {
        if (points > divisor) (points, divisor) = (divisor, points);
        uint256 share = PoolMath.share(pool, points, divisor);

        VM.assertLe(share, pool, "at most the pool");
        VM.assertEq(share, divisor == 0 ? 0 : uint256(pool) * points / divisor, "floor");
    }

    function testFuzz_Share_Split_SumsToNoMoreThanWhole(uint128 pool, uint64 first, uint64 second, uint64 more)
        public
        pure
    {
        uint256 total = uint256(first) + second;
        uint256 divisor = total + more;
        uint256 sum = PoolMath.share(pool, first, divisor) + PoolMath.share(pool, second, divisor);

        VM.assertLe(sum, PoolMath.share(pool, total, divisor), "never more");
        VM.assertLe(PoolMath.share(pool, total, divisor), sum + 1, "a wei less at most");
    }

    /// @dev Nobody gains by making its own claim fall: a quarter is lost, and the whole of a bond of one wei.
    function testFuzz_Bounty_AnyBondAndGas_IsBelowThreeQuarters(uint64 bond, uint128 gas) public pure {
        uint256 amount = PoolMath.bounty(bond, gas);
        uint256 paid = gas < bond / 2 ? gas : bond / 2;

        VM.assertEq(amount, paid + (bond - paid) / 2, "the gas, and half of the rest");
        VM.assertLe(4 * amount, 3 * uint256(bond), "at most three quarters");
        VM.assertTrue(amount < bond || bond == 0, "less than the bond");
    }
}
