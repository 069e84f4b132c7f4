import ArgumentParser
import Descent

/// `descent boundary`: how a classifier divides the plane, as a picture.
struct BoundaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boundary",
        abstract: "Draw how a classifier divides the plane.",
        discussion: """
            Learns from points with two features: made ones, or those of a file in \
            libsvm's text format (a label, then 1:x 2:y). The picture shows the class at \
            every place, the boundary, and of a support vector machine of two classes the \
            margin (dashed) and the support vectors (in rings).

            EXAMPLES
              descent boundary
                  two half moons, a support vector machine, boundary.svg
              descent boundary --points circles --kernel linear
                  what no straight line can do
              descent boundary --c 0.1 --gamma 5 --noise 0.3
              descent boundary points.txt --model knn --k 1 --out overfitted.svg
            """)

    @Argument(
        help: ArgumentHelp("Points in libsvm's text format, two features each.", valueName: "file"),
        completion: .file())
    var file: String?

    @Option(help: ArgumentHelp("Made points: moons, circles, blobs, spirals or xor.", valueName: "shape"))
    var points: PlanePoints.Shape?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many points are made (default: 200).", valueName: "n"))
    var count: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How far made points stray (default: 0.15).", valueName: "standard deviation"))
    var noise: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Decides what is drawn at random.", valueName: "n"),
        transform: SeedArgument.parse)
    var seed = 1

    @Option(
        help: ArgumentHelp("The classifier: \(ClassicalModel.list).", valueName: "name"),
        completion: .list(ClassicalModel.names))
    var model = ClassicalModel.svm

    @Option(
        name: [.short, .long], help: ArgumentHelp("Where the picture goes, as SVG.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var out = "boundary.svg"

    @OptionGroup(title: "The classifier") var classical: ClassicalOptions
    /// Known, so that they can be refused with a reason.
    @OptionGroup(visibility: .hidden) var seen: FeatureOptions
    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if file != nil {
            for (flag, isGiven) in [
                ("points", points != nil), ("count", count != nil), ("noise", noise != nil),
            ] where isGiven {
                throw ValidationError("--\(flag) is for made points, not for a file")
            }
        }
        if let count, !(10...100_000).contains(count) {
            throw ValidationError("--count must be 10 to 100000, not \(count)")
        }
        if let noise, !(noise >= 0 && noise <= 100) {
            throw ValidationError("--noise must be 0 to 100, not \(noise)")
        }
        try WrittenFile.svg.checkName(out, of: "--out")
        for (flag, isGiven) in [
            ("features", seen.features != nil), ("deskew", seen.deskew),
            ("scale", seen.scale != nil), ("pca", seen.pca != nil),
        ] where isGiven {
            throw ValidationError("points are learned as they are: --\(flag) is for images")
        }
    }

    func run() throws {
        options.apply()
        try WrittenFile.svg.check(out)
        let learner = try model.learner(classical, seed: seed)
        let (examples, name) = try self.examples()
        let display = LearningDisplay(options)
        let interruption = Interruption(saying: options)
        defer { interruption.end() }
        let classifier: any Classifier
        do {
            defer { display.clear() }
            classifier = try DescentError.located(at: name) {
                try learner.fit(examples, cancellation: interruption.cancellation) { display.show($0) }
            }
        }
        let classes = try classifier.classes(of: examples.features)
        let search = (classifier as? SupportVectorClassifier)?.search
        // The learner's own words for its C, which a search chooses anew.
        let cost =
            search.map { Numerals.number($0.best.cost) }
            ?? learner.settings?.first { $0.name == "c" }?.value ?? ""
        let result = Outcome(
            model: model, name: name, classifier: classifier, count: examples.count,
            correct: zip(classes, examples.classes).filter { $0 == $1 }.count,
            constraint: classical.nu.map { "nu \(JSONText.number($0).line)" }
                ?? "C \(cost)", search: search)
        let support = (classifier as? SupportVectorClassifier)?.supportIndices ?? []
        let chart = try DecisionMap(classifier, around: examples.features.unscaledFloats).chart(
            title: result.title, subtitle: result.subtitle, examples: examples, supportVectors: Set(support))
        try WrittenFile.svg.write(chart.svg(), to: out)
        try Output.standard.write(options.json ? result.json(out) : result.text(out))
    }

    /// Returns the points, and their name.
    private func examples() throws -> (LabeledExamples, String) {
        guard let file else {
            let shape = points ?? .moons
            let made = PlanePoints(shape, count: count ?? 200, noise: noise ?? 0.15, seed: seed)
            return (
                LabeledExamples(.floats(made.points), classes: made.classes, classNames: made.classNames),
                shape.rawValue
            )
        }
        let read: LabeledExamples
        do {
            read = try LibSVMText.read(contentsOf: file)
        } catch let error as DescentError where error.kind == .badData && error.advice == nil {
            throw error.advising("a point is a line such as '1 1:0.5 2:-0.3'; files with commas are not read")
        }
        guard read.features.featureCount == 2 else {
            throw DescentError(
                .badData, "only two features can be drawn", at: file, expected: "2 features",
                got: "\(read.features.featureCount)")
        }
        // Beyond, the part of the plane around the points and squares of distances are no numbers of single precision.
        let farthest = read.features.unscaledFloats.elements.map(\.magnitude).max() ?? 0
        guard farthest <= 1e18 else {
            throw DescentError(
                .badData, "a point lies too far out to be drawn", at: file,
                expected: "coordinates up to 1e18",
                got: "\(farthest)", advice: "give the coordinates in another unit")
        }
        return (read, file)
    }
}

extension PlanePoints.Shape: ExpressibleByArgument {}

extension BoundaryCommand {
    /// The results of a classifier of points.
    struct Outcome {
        let model: ClassicalModel
        let name: String
        let classifier: any Classifier
        let count: Int
        let correct: Int
        /// The bound of the alphas: C or nu.
        let constraint: String
        /// The result of a search for C and gamma.
        let search: SupportVectorGridSearch.Result?

        private var accuracy: Double { Double(correct) / Double(max(1, count)) }
        private var machine: SupportVectorClassifier? { classifier as? SupportVectorClassifier }

        var title: String {
            "\(model.name) on \(name): training accuracy \(Numerals.percent(accuracy)) on \(Numerals.counted(count, "point"))"
        }

        /// The subtitle of the picture, beside the regions.
        var subtitle: String {
            guard let machine else { return "the class at every place, and the points that were learned" }
            let vectors = "\(Numerals.grouped(machine.supportVectors.count)) support vectors in rings"
            let kernel = "\(machine.kernel.shortText), \(constraint)"
            return machine.classNames.count == 2
                ? "\(kernel); \(vectors); dashed: the margin" : "\(kernel); \(vectors)"
        }

        func text(_ out: String) -> String {
            var text = (search.map(SearchText.table) ?? "") + "\(title)\n"
            if let machine {
                let bounded = machine.report?.pairs.reduce(0) { $0 + $1.boundedCount } ?? 0
                text += "kernel     \(machine.kernel.shortText), \(constraint)\n"
                text += "vectors    \(Numerals.counted(machine.supportVectors.count, "support vector")), "
                // Of several classes a vector has an alpha in each pair that it decides.
                text +=
                    machine.classNames.count == 2
                    ? "\(Numerals.grouped(bounded)) of them with alpha at its bound\n"
                    : "\(Numerals.counted(bounded, "alpha")) at the bound in all pairs of classes\n"
                if let report = machine.report {
                    text +=
                        "solver     \(LearningDisplay.readable("\(report)")), violation \(Numerals.loss(report.violation))\n"
                }
            }
            if machine == nil, let convergence = classifier.convergence {
                text += "solver     \(LearningDisplay.readable("\(convergence)"))\n"
            }
            if let neighbors = classifier as? NearestNeighborsClassifier {
                text += "k          \(neighbors.k)\n"
            }
            return text + "picture    \(out.showingControlCharacters)\n"
        }

        func json(_ out: String) -> String {
            let line: JSONText = [
                "version": 1, "model": .string(model.name), "points": .string(name),
                "count": .integer(count), "correct": .integer(correct),
                "accuracy": .rounded(accuracy, decimals: 6),
                "support_vectors": machine.map { .integer($0.supportVectors.count) } ?? .null,
                "violation": .rounded(machine?.report?.violation, decimals: 9),
                "converged": classifier.convergence.map { .bool($0.isReached) } ?? .null,
                "search": search.map(SearchText.json) ?? .null, "picture": .string(out),
            ]
            return line.line + "\n"
        }
    }
}

extension KernelFunction {
    /// In words with few digits: `rbf, gamma 0.914`.
    fileprivate var shortText: String {
        func text(_ gamma: KernelWidth) -> String {
            if case .value(let value) = gamma { return Numerals.loss(value) }
            return "\(gamma)"
        }
        return switch self {
        case .linear: "linear kernel"
        case .polynomial(let degree, let gamma, let constant):
            "polynomial kernel of degree \(degree), gamma \(text(gamma)), constant \(JSONText.number(constant).line)"
        case .rbf(let gamma): "rbf kernel, gamma \(text(gamma))"
        case .sigmoid(let gamma, let constant):
            "sigmoid kernel, gamma \(text(gamma)), constant \(JSONText.number(constant).line)"
        case .custom(let name, _): "kernel \(name)"
        }
    }
}
