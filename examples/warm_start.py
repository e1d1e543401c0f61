"""Does it pay to have seen other data sets? One search on a table, cold and warm; about ten seconds.

Run it from anywhere:  python examples/warm_start.py
"""

import augury
from augury.meta.leave_out import other_tasks

benchmark = augury.load_benchmark("nas-bench-graph")
target = benchmark["cora"]

# what was seen before: 100 evaluated architectures on each of the other graphs
sources = other_tasks(benchmark, "cora", n=100, seed=0)
meta = augury.meta.make("auto").for_search().fit(sources)

strategies = {
    "cold": augury.search.make("bayesian"),
    "warm": augury.search.make("bayesian", meta=meta),
}
for name, strategy in strategies.items():
    history = augury.simulate(strategy, target, budget=20, seed=0)
    best = history.best_so_far()
    print(f"{name}:  " + "  ".join(f"{best[n - 1]:.2f} % after {n}" for n in (1, 5, 10, 20)))
print(f"the best of all {len(target):,} is {target.y.max():.2f} %")
