// The console, the formatters and the current directory belong to the process: one session at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
