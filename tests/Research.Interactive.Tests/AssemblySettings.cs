// The formatters, the host and the current directory belong to the process: one kernel at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
