"""Runs a module's tests; a skipped test is a failure, and so is a module without tests."""
import sys
import unittest


def main(module="__main__"):
    suite = unittest.defaultTestLoader.loadTestsFromName(module)
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    sys.stdout.flush()
    passed = result.wasSuccessful() and not result.skipped and result.testsRun > 0
    sys.exit(0 if passed else 1)
