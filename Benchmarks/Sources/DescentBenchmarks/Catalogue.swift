/// Every benchmark there is, in the order in which they run.
var catalogue: [Benchmark] {
    let notebook: [Benchmark] = [
        .trainingStep(hidden: 50, batch: 100, askedRatio: 25_000 / 7000),
        .trainingStep(hidden: 512, batch: 128, askedRatio: 2400 / 1320),
        .notebookProgram,
        .numericalGradient,
        .loadingMNIST,
        .loadingMNISTInAProcess,
        .matrixProduct(rows: 100, inner: 784, columns: 50),
        .matrixProduct(rows: 1024, inner: 1024, columns: 1024),
    ]
    let rest = [
        Benchmark.arrayOperations, Benchmark.networks, Benchmark.residualNetworks, Benchmark.predictions,
        Benchmark.neighbors, Benchmark.supportVectors, Benchmark.features,
        Benchmark.classifiersOnOrientedGradients, Benchmark.tables, Benchmark.pictureFolders,
    ]
    return notebook + rest.flatMap { $0 }
}
