"""Makes privacy.json: the rows of the reference file that tests use. Usage: python3 privacy.py REFERENCE_FILE"""
import json
import math
import pathlib
import sys

KEEP = {
    "a_poisson_subsampled_gaussian": ["id", "q", "sigma", "steps", "delta", "eps_ref", "eps_ref_abs_tol", "rdp_google"],
    "b_calibration": ["epsilon", "delta", "q", "steps", "sigma_ref", "sigma_rdp_dense_orders"],
    "d_heterogeneous": ["components", "delta", "eps_ref", "eps_ref_abs_tol", "rdp"],
    "f_k_randomized_response": ["eps0", "k", "p_truth", "p_other"],
    "f_shuffle_amplification": ["n", "eps0", "delta", "eps_exact_clones", "apple_upper", "apple_lower"],
    "g_zcdp_to_eps": ["rho", "delta", "epsilon_cks20", "alpha_opt", "epsilon_exact_gaussian_same_rho"],
    "g_eps_to_zcdp": ["epsilon", "delta", "rho_cks20"],
    "g_zcdp_delta": ["rho", "epsilon", "delta_cks20"],
    "h_rdp_values_sgm": ["q", "sigma", "alpha", "rdp"],
    "h_rdp_values_other": ["mechanism", "scale", "p", "epsilon", "alpha", "rdp"],
    "i_tree_aggregation": ["noise_multiplier", "step_counts", "delta", "eps_rdp"],
    "i_sampling_without_replacement": ["dataset_size", "batch", "sigma", "steps", "delta", "eps_rdp_wor"],
    "i_truncated_poisson": [
        "dataset_size", "q", "truncated_batch_size", "sigma", "steps", "delta", "eps_pld_truncated", "eps_pld_untruncated"
    ],
    "i_bandmf_cyclic_poisson": [
        "dataset_size", "expected_batch", "bands", "noise_multiplier_sens1", "steps", "delta", "q_effective", "rounds",
        "eps_pld"
    ],
    "i_toeplitz_sqrt": ["n", "coef_last", "sensitivity_single_participation"],
    "i_banded_toeplitz_sensitivity": ["n", "bands", "min_sep", "max_participations", "sensitivity"],
    "i_gdp_clt": ["q", "sigma", "steps", "delta", "eps_clt_poisson"],
    "j_distributed_discrete_gaussian": [
        "gamma", "local_stddev", "num_clients", "l2_clip", "beta", "dim", "q", "steps", "delta", "eps", "tau",
        "rounded_l2"
    ],
    "j_distributed_skellam": ["scale", "central_stddev", "l2_clip", "beta", "dim", "q", "steps", "delta", "eps"],
}

reference = json.loads(pathlib.Path(sys.argv[1]).read_text())
subset = {
    "note": "Subset of shared/reference/privacy.json, made by privacy.py. eps_ref: true epsilon by contour quadrature or "
    "closed form (eps_ref_abs_tol), add or remove one record; rdp_google: dp_accounting 0.6.0; rdp: mpmath.",
    **{s: [{k: row[k] for k in keys if k in row} for row in reference[s]] for s, keys in KEEP.items()},
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
