// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
import {MarketTest} from "./fixtures/MarketTest.sol";
import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
contract SmokeTest is MarketTest {
    function test_Smoke() public {
        uint256 taskId = publishScored();
        uint256 before = alice.balance;
        rewardAlice(taskId, 0);
        rewardBob(taskId, 0);
        VM.assertEq(alice.balance, before + 1.5 ether, "r");
        VM.assertEq(address(market).code.length, 0, "size");
    }
}
