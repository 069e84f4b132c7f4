import ArgumentParser
import Descent

/// The flags of the features of images.
struct FeatureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What knn, svm, linear-svm ... see: \(FeatureChoice.names.dropLast().joined(separator: ", ")) or \(FeatureChoice.names.last ?? ""), with settings such as hog:cell=7 or sift:words=300; onnx:FILE[@TENSOR] for what a network of yours sees (default: pixels).",
            valueName: "name"), completion: .list(FeatureChoice.names))
    var features: String?

    @Flag(help: "Set slanted digits upright first.")
    var deskew = false

    @Option(
        help: ArgumentHelp("Scale features: none, standard or min-max (default: none).", valueName: "name"))
    var scale: Pipeline.Scaling?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keep so many principal components of the features.", valueName: "n"))
    var pca: Int?
}

/// The flags of a classical classifier.
struct ClassicalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Neighbours of knn: a number, or auto:50 for the best up to 50 (default: 3; of a label of numbers 5).",
            valueName: "n"))
    var k: String?

    @Option(
        help: ArgumentHelp(
            "Distance of knn: l2, l1, cosine or minkowski:3 (default: l2).", valueName: "name"),
        completion: .list(Metric.examples.map(\.description)))
    var metric: String?

    @Flag(help: "Find the neighbours of knn by a graph (HNSW): nearly all of them, faster; says how many.")
    var approximate = false

    @Flag(help: "Nearer neighbours of knn count more.")
    var distanceWeights = false

    @Option(
        help: ArgumentHelp(
            "Of svm and svr: linear, rbf, polynomial:degree=4,constant=1 or sigmoid (default: rbf).",
            valueName: "name"),
        completion: .list(KernelFunction.names))
    var kernel: String?

    @Option(
        name: .customLong("c"), parsing: .unconditional,
        help: ArgumentHelp(
            "What svm, svr, linear-svm and logistic pay for mistakes (default: 5; svr and logistic 1; linear-svm 0.1). Several for svm, as 1,10,100: the best by cross-validation.",
            valueName: "cost"))
    var cost: NumberList?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How narrow the kernel of svm and svr is (default: 1 / (D variance)). Several: the best by cross-validation.",
            valueName: "gamma")
    )
    var gamma: NumberList?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Parts of the cross-validation that chooses among several --c or --gamma (default: 5).",
            valueName: "n"))
    var folds: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Of svm, instead of --c (nu-SVC), and of svr, instead of --epsilon: at most this share of mistakes, at least this share of support vectors.",
            valueName: "share"))
    var nu: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What ridge pays for large weights (default: 1).", valueName: "penalty"))
    var alpha: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Errors of svr that cost nothing, in standard deviations of the label (default: 0.1).",
            valueName: "width"))
    var epsilon: Double?

    @Option(
        help: ArgumentHelp(
            "What mistakes in a class cost \(ClassicalModel.names(having: "class-weights")), in proportion: balanced, or as in 3=2,8=0.5.",
            valueName: "weights"))
    var classWeights: ClassWeights?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How exactly svm, svr and linear-svm are solved (default: 0.001; linear-svm 0.1).",
            valueName: "violation"))
    var tolerance: Double?

    @Option(
        name: .customLong("cache-mb"), parsing: .unconditional,
        help: ArgumentHelp(
            "Memory for the kernel rows of a pair of classes of svm (default: 1024).", valueName: "mb"))
    var cacheMegabytes: Int?

    @Option(
        help: ArgumentHelp(
            "How linear-svm tells many classes apart: one-versus-rest or crammer-singer.", valueName: "name"))
    var multiclass: LinearSupportVectorMachine.Strategy?

    @Flag(help: "Mistakes of linear-svm cost their square.")
    var squaredHinge = false

    @Flag(help: "Fit probabilities to the decisions of svm (five times as long).")
    var fitProbabilities = false

    /// The settings that were given, by their names: those of the flags.
    var given: [LearnerSetting] {
        let texts: [(name: String, value: String?)] = [
            ("k", k), ("metric", metric), ("distance-weights", distanceWeights ? "true" : nil),
            ("approximate", approximate ? "true" : nil), ("kernel", kernel), ("c", cost?.text),
            ("gamma", gamma?.text), ("alpha", alpha.map { "\($0)" }),
            ("epsilon", epsilon.map { "\($0)" }), ("nu", nu.map { "\($0)" }),
            ("folds", folds.map { "\($0)" }),
            ("class-weights", classWeights.map { "\($0)" }), ("tolerance", tolerance.map { "\($0)" }),
            ("cache-mb", cacheMegabytes.map { "\($0)" }), ("multiclass", multiclass?.rawValue),
            ("squared-hinge", squaredHinge ? "true" : nil),
            ("fit-probabilities", fitProbabilities ? "true" : nil),
        ]
        return texts.compactMap { text in text.value.map { LearnerSetting(text.name, $0) } }
    }
}

extension Pipeline.Scaling: ExpressibleByArgument {}
extension LinearSupportVectorMachine.Strategy: ExpressibleByArgument {}
