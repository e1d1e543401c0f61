from __future__ import annotations

from augury.data import available, info, node_graph, node_graphs


def test_all_benchmarks_and_graphs_are_listed(run):
    result = run("data", "list")
    assert result.code == 0
    for name in (*available(), *node_graphs()):
        assert name in result.out
    assert "26,206" in result.out


def test_a_benchmark_tells_tasks_metrics_licence_and_source(run):
    text = run("data", "info", "nas-bench-graph").out
    about = info("nas-bench-graph")
    for words in (*about.tasks, *about.metrics, about.licence, about.package, "2,021", "less", "more", "million"):
        assert words in text


def test_distinct_forms_are_told(run):
    assert f"{info('nas-bench-201').tasks['cifar10'].distinct:,}" in run("data", "info", "nas-bench-201").out


def test_a_graph_tells_its_size(run):
    text = run("data", "info", "digits-graph").out
    graph = node_graph("digits-graph")
    for number in (len(graph), graph.edges, graph.classes, graph.x.shape[1], int(graph.test_mask.sum())):
        assert f"{number:,}" in text
