"""Makes bip39.json: [entropy, words, seed] of the test vectors that BIP-39 names. Usage: python3 bip39.py VECTORS.JSON

VECTORS.JSON is vectors.json of github.com/trezor/python-mnemonic; the passphrase of every seed is TREZOR.
"""
import json
import pathlib
import sys

vectors = json.loads(pathlib.Path(sys.argv[1]).read_text())["english"]
lines = ",\n".join(json.dumps(vector[:3]) for vector in vectors)
pathlib.Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")
