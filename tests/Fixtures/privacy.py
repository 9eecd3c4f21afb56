"""Makes privacy.json: the rows of the reference file that tests use. Usage: python3 privacy.py REFERENCE_FILE"""
import json
import math
import pathlib
import sys

KEEP = {
    "a_poisson_subsampled_gaussian": ["id", "q", "sigma", "steps", "delta", "eps_ref", "eps_ref_abs_tol", "rdp_google"],
    "b_calibration": ["epsilon", "delta", "q", "steps", "sigma_ref", "sigma_rdp_dense_orders"],
    "c_analytic_gaussian_epsilon": ["sigma", "delta", "epsilon"],
    "d_heterogeneous": ["components", "delta", "eps_ref", "eps_ref_abs_tol", "rdp"],
    "e_discrete_gaussian": ["sigma2", "variance", "fourth_moment", "tail_P_X_ge_k", "pmf"],
    "e_discrete_gaussian_delta": ["sigma2", "epsilon", "sensitivity", "delta"],
    "e_discrete_laplace": ["scale", "variance", "p0", "tail_ge_1", "tail_ge_10"],
    "e_skellam": ["variance", "pmf", "tail_ge"],
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
    "k_audit_one_run": ["m", "n_guess", "n_correct", "significance", "delta", "eps_lower_one_run", "p_value_at_eps1"],
    "k_audit_clopper_pearson": ["n_in", "n_out", "true_pos", "false_pos", "alpha", "delta", "tpr_lower", "fpr_upper",
                                "eps_lower", "eps_from_tpr_fpr", "eps_from_tnr_fnr", "mu_gdp_lower"],
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
text = json.dumps(subset, indent=2, allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
