import Classical
import Descent
import Foundation
import ImageFeatures

extension Benchmark {
    /// Features that people designed, beside OpenCV's and scikit-image's.
    static var features: [Benchmark] {
        [orientedGradients, keypoints, visualWords(grids: [1]), visualWords(grids: [2])]
    }

    private static func peer(_ variant: String) -> Peer {
        Peer(script: "features", job: .values(["--variant", variant]))
    }

    private static var orientedGradients: Benchmark {
        Benchmark(
            name: "HOG of 60,000 images: 9 orientations, cells of 7, blocks of 2 x 2, L2-Hys", unit: .seconds,
            askedRatio: 0.30 / 0.08,
            peers: ["hog-opencv", "hog-opencv-mosaics", "hog-scikit-image"].map(peer)
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let images = try DatasetSource.mnist.read(directory: folder).train.images
            let hog = HistogramOfOrientedGradients(cellSize: 7)
            return .body { _ = try hog.features(of: images) }
        }
    }

    /// The photograph is scikit-image's and not ours to give away, so its own script is asked for it.
    private static var keypoints: Benchmark {
        Benchmark(
            name: "SIFT of a photograph, 512 x 512, detect and describe, ten times", unit: .seconds,
            askedRatio: 24.0 / 12, peers: ["sift-opencv", "sift-scikit-image"].map(peer)
        ) { environment in
            let (python, script) = ("\(environment.root)/Benchmarks/peers/.venv/bin/python", "features.py")
            let picture = environment.scratch + "/camera"
            let shell = "exec \"$0\" \"$1\" --data-dir / --variant picture > \"$2\""
            guard FileManager.default.isExecutableFile(atPath: python),
                try Subprocess(
                    [
                        "/bin/sh", "-c", shell, python, "\(environment.root)/Benchmarks/peers/\(script)",
                        picture,
                    ]
                ).status == 0
            else {
                return .skipped("no photograph: Benchmarks/peers/setup.sh --classical installs scikit-image")
            }
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: picture)))
            let image = NDArray(shape: [512, 512], elements: bytes)
            return .body { for _ in 0..<10 { _ = try SIFT().localFeatures(of: image) } }
        }
    }

    /// From pixels to the answers for the test images: words learned, counted in all of MNIST, a linear SVM (C 10).
    private static func visualWords(grids: [Int]) -> Benchmark {
        Benchmark(
            name: "500 words of dense SIFT (step 3) and a linear SVM, all of MNIST, grid \(grids[0])",
            unit: .seconds, askedRatio: grids == [1] ? 45.0 / 8 : nil,
            peers: grids == [1] ? [peer("words-opencv")] : []
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            let settings = BagOfVisualWords.Settings(source: .denseSIFT(DenseSIFT(step: 3)), grids: grids)
            let classes = data.train.classes
            let truth = data.test.classes
            var machine = LinearSupportVectorMachine(cost: 10)
            machine.loss = .squaredHinge
            var found: [Int32] = []
            return .body(
                {
                    var random = RandomState(1)
                    let bag = try BagOfVisualWords(
                        learningFrom: data.train.images, settings: settings, random: &random)
                    let train = LabeledExamples(
                        .floats(try bag.features(of: data.train.images)), classes: classes,
                        classNames: (0...9).map(String.init))
                    found = try machine.fit(train).classes(
                        of: .floats(try bag.features(of: data.test.images)))
                },
                accuracy: { Double(zip(found, truth).count { $0 == $1 }) / Double(truth.count) })
        }
    }
}
