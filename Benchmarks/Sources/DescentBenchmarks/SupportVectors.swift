import Classical
import Descent

extension Benchmark {
    /// Support vector machines on MNIST's pixels over 255: training, and classifying the 10,000 test images.
    static var supportVectors: [Benchmark] {
        let rbf = SupportVectorMachine(kernel: .rbf(gamma: 0.02), cost: 5)
        let polynomial = SupportVectorMachine(
            kernel: .polynomial(degree: 4, gamma: 0.02, constant: 1), cost: 5)
        var crammerSinger = LinearSupportVectorMachine(cost: 0.1)
        crammerSinger.strategy = .crammerSinger
        return
            kernelMachine(
                "RBF", rbf, 10_000, askedRatios: (2.6 / 0.9, 1.5 / 0.25), "rbf", ["intelex", "scikit-learn"])
            + kernelMachine("RBF", rbf, 60_000, askedRatios: (28.5 / 8, 3.4 / 0.6), "rbf", ["intelex"])
            + kernelMachine(
                "polynomial, degree 4", polynomial, 60_000, askedRatios: (30.8 / 8, 2.2 / 0.5), "polynomial",
                ["intelex"])
            + [
                linearMachine(
                    "one versus rest", LinearSupportVectorMachine(cost: 0.1), askedRatio: 7.9,
                    "liblinear-dual-l1"),
                linearMachine("Crammer-Singer", crammerSinger, askedRatio: 3.3, "liblinear-crammer-singer"),
            ]
    }

    private static func examples(_ images: LabeledExamples, _ count: Int) -> LabeledExamples {
        LabeledExamples(
            .bytes(images.images[0..<count]), classes: Array(images.classes[0..<count]),
            classNames: (0...9).map(String.init))
    }

    private static func accuracy(_ found: [Int32], _ images: LabeledExamples) -> Double {
        Double(zip(found, images.classes).count { $0 == $1 }) / Double(images.count)
    }

    private static func kernelMachine(
        _ name: String, _ machine: SupportVectorMachine, _ count: Int, askedRatios: (Double, Double),
        _ kernel: String,
        _ peers: [String]
    ) -> [Benchmark] {
        func peersFor(_ part: String) -> [Peer] {
            peers.map {
                Peer(
                    script: "support_vectors",
                    job: .values(["--variant", "\($0) \(kernel) \(count) \(part)"]))
            }
        }
        let training = Benchmark(
            name: "SVM \(name), first \(count) of MNIST: train", unit: .seconds, askedRatio: askedRatios.0,
            peers: peersFor("train")
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            let train = examples(data.train, count)
            return .body(
                { _ = try machine.fit(train) },
                accuracy: {
                    accuracy(try machine.fit(train).classes(of: .bytes(data.test.images)), data.test)
                })
        }
        let predicting = Benchmark(
            name: "SVM \(name), first \(count) of MNIST: predict 10,000", unit: .seconds,
            askedRatio: askedRatios.1,
            peers: peersFor("predict")
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            let classifier = try machine.fit(examples(data.train, count))
            var found: [Int32] = []
            return .body(
                { found = try classifier.classes(of: .bytes(data.test.images)) },
                accuracy: { accuracy(found, data.test) })
        }
        return [training, predicting]
    }

    private static func linearMachine(
        _ name: String, _ machine: LinearSupportVectorMachine, askedRatio: Double, _ peer: String
    ) -> Benchmark {
        Benchmark(
            name: "linear SVM \(name), C 0.1, all of MNIST: train", unit: .seconds, askedRatio: askedRatio,
            peers: [Peer(script: "support_vectors", job: .values(["--variant", peer]))]
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            let train = examples(data.train, data.train.count)
            return .body(
                { _ = try machine.fit(train) },
                accuracy: {
                    accuracy(try machine.fit(train).classes(of: .bytes(data.test.images)), data.test)
                })
        }
    }
}
