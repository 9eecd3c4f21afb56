"""Makes extremes.json: true epsilons of plans with tiny delta, many steps and few hits, and of mixtures.
Usage: python3 extremes.py [ROWS]   (cc with libquadmath; two seconds a plan, three minutes for one of FAULTS)

Add or remove one record: epsilon is the larger of the two directions, by a contour integral in 113-bit arithmetic that leaves
out nothing of the loss (extremes.c). eps_ref_abs_tol is twice what two lines with other steps differ by, or more. Plans whose
integral would take too many points are left out, but for FAULTS: of those an earlier accountant stated less than the truth.
"""
import json
import math
import pathlib
import random
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
FAULTS = ["3.1684e-5 2.6494 6205 9.515e-18"]


def plans(seed):
    r = random.Random(seed)
    log = lambda a, b: float(f"{math.exp(r.uniform(math.log(a), math.log(b))):.5g}")

    def delta():
        k = r.random()
        return log(1e-16, 0.5) if k < 0.35 else log(1e-40, 1e-14) if k < 0.75 else log(1e-300, 1e-40)

    def hits(q):
        return max(1, min(10**9, int(log(1e-3, 1e3) / q)))

    i = 0
    while True:
        kind = i % 6
        i += 1
        if kind == 0:
            yield log(1e-5, 1), log(0.3, 100), int(log(1, 1e6)), delta()
        elif kind == 1:
            yield log(1e-10, 1), log(0.1, 1e4), int(log(1, 1e9)), delta()
        elif kind == 2:
            parts = r.choice([2, 2, 3])
            yield *(x for _ in range(parts) for x in (log(1e-4, 1), log(0.4, 50), int(log(1, 1e5)))), delta()
        elif kind == 3:
            q = log(1e-6, 1e-2)
            yield q, log(0.8, 10), hits(q), log(1e-30, 6e-17)
        elif kind == 4:  # delta from below the total variation, at most q T, to a ten-thousandth of it
            q, s = log(1e-6, 1e-1), log(0.5, 30)
            t = hits(q)
            yield q, s, t, min(0.9, float(f"{min(1, q * t) * min(1, 0.8 / s) * log(1e-4, 0.8):.5g}"))
        else:
            yield log(1e-3, 1), log(0.5, 1000), int(log(10, 1e9)), log(1e-300, 1e-14)


def ask(program, budget, text):
    done = subprocess.run([program, str(budget)], input=text + "\n", capture_output=True, text=True, check=True)
    numbers = done.stdout.split()
    return None if "SKIP" in numbers else [float(x) for x in numbers]


def row(numbers):
    plan, delta, epsilon, tolerance = numbers[:-4], numbers[-4], numbers[-3], numbers[-2]
    parts = [{"kind": "gaussian", "q": plan[i], "sigma": plan[i + 1], "steps": int(plan[i + 2])} for i in range(0, len(plan), 3)]
    return {"components": parts, "delta": delta, "eps_ref": epsilon, "eps_ref_abs_tol": tolerance}


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 160
    program = HERE / "extremes"
    subprocess.run(["cc", "-O2", "-o", program, HERE / "extremes.c", "-lquadmath", "-lm"], check=True)
    found = [ask(program, 4e9, text) for text in FAULTS]
    for plan in plans(1):
        if len(found) >= wanted:
            break
        numbers = ask(program, 2e7, " ".join(map(str, plan)))
        if numbers and (numbers[-3] > 0 or len(found) % 8 == 0):
            found.append(numbers)
    program.unlink()
    text = json.dumps({"note": __doc__, "rows": [row(numbers) for numbers in found if numbers]}, indent=1, allow_nan=False)
    (HERE / "extremes.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
