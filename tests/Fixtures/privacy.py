"""Makes privacy.json: the rows of the reference file that tests use. Usage: python3 privacy.py REFERENCE_FILE"""
import json
import math
import pathlib
import sys

KEEP = {
    "a_poisson_subsampled_gaussian": ["id", "q", "sigma", "steps", "delta", "eps_ref", "eps_ref_abs_tol", "rdp_google"],
    "b_calibration": ["epsilon", "delta", "q", "steps", "sigma_ref", "sigma_rdp_dense_orders"],
    "d_heterogeneous": ["components", "delta", "eps_ref", "eps_ref_abs_tol", "rdp"],
    "e_discrete_gaussian": ["sigma2", "variance", "fourth_moment", "tail_P_X_ge_k", "pmf"],
    "e_discrete_laplace": ["scale", "variance", "p0", "tail_ge_1", "tail_ge_10"],
    "e_skellam": ["variance", "pmf", "tail_ge"],
    "g_zcdp_to_eps": ["rho", "delta", "epsilon_cks20", "alpha_opt"],
    "h_rdp_values_sgm": ["q", "sigma", "alpha", "rdp"],
}

reference = json.loads(pathlib.Path(sys.argv[1]).read_text())
subset = {
    "note": "Subset of shared/reference/privacy.json, made by privacy.py. eps_ref: true epsilon by contour quadrature or "
    "closed form (eps_ref_abs_tol), add or remove one record; rdp_google: dp_accounting 0.6.0; rdp: mpmath.",
    **{s: [{k: row[k] for k in keys} for row in reference[s]] for s, keys in KEEP.items()},
}
for row in subset["a_poisson_subsampled_gaussian"]:
    row["rdp_google"] = row["rdp_google"]["eps"]
for row in subset["d_heterogeneous"]:
    row["rdp_google"] = row.pop("rdp")["eps"]
# Only what this accountant composes.
subset["d_heterogeneous"] = [
    r for r in subset["d_heterogeneous"] if all(c["kind"] in ("subgauss", "gauss") for c in r["components"])
]
text = json.dumps(subset, indent=2, allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
