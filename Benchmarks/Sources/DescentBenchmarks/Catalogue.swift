/// Every benchmark there is, in the order in which they run.
var catalogue: [Benchmark] {
    [
        .loadingMNIST,
        .loadingMNISTInAProcess,
        .notebookProgram,
        .matrixProduct(rows: 100, inner: 784, columns: 50),
        .matrixProduct(rows: 1024, inner: 1024, columns: 1024),
    ]
}

/// The scripts that train the notebook's network, step by step.
let trainingPeers = [
    Peer(script: "numpy_notebook"), Peer(script: "numpy_float32"), Peer(script: "pytorch_step"),
    Peer(script: "jax_jit"), Peer(script: "jax_scan"),
]
