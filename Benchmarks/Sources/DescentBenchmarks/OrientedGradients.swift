import Classical
import Descent
import ImageFeatures

extension Benchmark {
    /// Classifiers on HOG of all of MNIST (9 orientations, cells of 7, blocks of 2 x 2, L2-Hys): 324 numbers an image.
    /// Taking the features is a row of its own and not counted here.
    static var classifiersOnOrientedGradients: [Benchmark] {
        var linear = LinearSupportVectorMachine(cost: 1)
        linear.loss = .squaredHinge
        let rbf = SupportVectorMachine(kernel: .rbf(), cost: 10)
        return [
            learning("SVM RBF, C 10", rbf, askedRatio: 18.5 / 5, "intelex-rbf train"),
            reading("SVM RBF, C 10", rbf, askedRatio: 0.6 / 0.2, "intelex-rbf predict"),
            learning("linear SVM, C 1, squared hinge", linear, askedRatio: 25.2 / 2, "scikit-learn-linear"),
            everything(
                "exact KNN, k = 3", NearestNeighbors(k: 3), askedRatio: 3.9 / 0.5, "scikit-learn-knn"),
        ]
    }

    private struct Features {
        let train: LabeledExamples
        let test: FeatureMatrix
        let truth: [Int32]

        /// nil without MNIST.
        init?(_ environment: Environment) throws {
            guard let folder = environment.mnist else { return nil }
            let data = try DatasetSource.mnist.read(directory: folder)
            let hog = HistogramOfOrientedGradients(cellSize: 7)
            train = LabeledExamples(
                .floats(try hog.features(of: data.train.images)),
                classes: data.train.classes, classNames: (0...9).map(String.init))
            test = .floats(try hog.features(of: data.test.images))
            truth = data.test.classes
        }

        func accuracy(_ found: [Int32]) -> Double {
            Double(zip(found, truth).count { $0 == $1 }) / Double(truth.count)
        }
    }

    private static func row(
        _ name: String, askedRatio: Double, _ peer: String, _ work: @escaping (Features) throws -> Preparation
    ) -> Benchmark {
        Benchmark(
            name: "\(name), on HOG of all of MNIST", unit: .seconds, askedRatio: askedRatio,
            peers: [Peer(script: "hog_classifiers", job: .values(["--variant", peer]))]
        ) { environment in
            guard let features = try Features(environment) else {
                return .skipped("no MNIST: give --data-dir")
            }
            return try work(features)
        }
    }

    private static func learning(
        _ name: String, _ learner: some Learner, askedRatio: Double, _ peer: String
    ) -> Benchmark {
        row("\(name): train", askedRatio: askedRatio, peer) { features in
            .body(
                { _ = try learner.fit(features.train) },
                accuracy: { features.accuracy(try learner.fit(features.train).classes(of: features.test)) })
        }
    }

    private static func reading(
        _ name: String, _ learner: some Learner, askedRatio: Double, _ peer: String
    ) -> Benchmark {
        row("\(name): predict 10,000", askedRatio: askedRatio, peer) { features in
            let classifier = try learner.fit(features.train)
            var found: [Int32] = []
            return .body(
                { found = try classifier.classes(of: features.test) }, accuracy: { features.accuracy(found) })
        }
    }

    private static func everything(
        _ name: String, _ learner: some Learner, askedRatio: Double, _ peer: String
    ) -> Benchmark {
        row(name, askedRatio: askedRatio, peer) { features in
            var found: [Int32] = []
            return .body(
                { found = try learner.fit(features.train).classes(of: features.test) },
                accuracy: { features.accuracy(found) })
        }
    }
}
