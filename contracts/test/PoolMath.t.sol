// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoolMath} from "../src/libraries/PoolMath.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

contract PoolMathTest is MarketTest {
    function testFuzz_RoundPool_AnyPool_SumsToPoolAndIsEven(uint128 pool, uint256 rounds) public pure {
        rounds = bound(rounds, 1, 40);

        uint256 sum = 0;
        for (uint256 round = 0; round < rounds; ++round) {
            uint256 part = PoolMath.roundPool(pool, rounds, round);
            VM.assertLe(pool / rounds, part, "not below the floor");
            VM.assertLe(part, pool / rounds + 1, "at most one more");
            sum += part;
        }

        VM.assertEq(sum, pool, "sum");
    }

    function testFuzz_RoundPool_GreatestRounds_DoesNotOverflow(uint16 round) public pure {
        VM.assume(round < type(uint16).max);
        uint256 part = PoolMath.roundPool(type(uint128).max, type(uint16).max, round);

        VM.assertLe(part, uint256(type(uint128).max) / type(uint16).max + 1, "part");
    }

    function testFuzz_EqualShare_AnyPool_SumsToPoolAndNeverRises(uint128 pool, uint256 count) public pure {
        count = bound(count, 1, 60);

        uint256 sum = 0;
        uint256 previous = type(uint256).max;
        for (uint256 index = 0; index < count; ++index) {
            uint256 share = PoolMath.equalShare(pool, count, index);
            VM.assertLe(share, previous, "earlier places get no less");
            VM.assertLe(pool / count, share, "not below the floor");
            previous = share;
            sum += share;
        }

        VM.assertEq(sum, pool, "sum");
    }
}
