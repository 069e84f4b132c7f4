/// Every benchmark there is, in the order in which they run.
var catalogue: [Benchmark] {
    [
        .trainingStep,
        .notebookProgram,
        .numericalGradient,
        .loadingMNIST,
        .loadingMNISTInAProcess,
        .matrixProduct(rows: 100, inner: 784, columns: 50),
        .matrixProduct(rows: 1024, inner: 1024, columns: 1024),
    ]
}
