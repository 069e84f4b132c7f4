import Arrays
import Classification
import ExampleData
import Support
import Synchronization

/// Training one classifier for each pair of classes, several at once, and putting them together.
struct PairTraining {
    let machine: SupportVectorMachine
    let examples: LabeledExamples
    /// The examples of each class, in their order.
    private let rowsByClass: [[Int]]
    /// The factor on the cost of each class.
    private let classWeights: [Double]
    private let form: FeatureRows.Form
    private let centre: KernelCentre?

    /// - `machine`: with a kernel whose gamma is a number.
    init(_ machine: SupportVectorMachine, _ examples: LabeledExamples) {
        self.machine = machine
        self.examples = examples
        var rows = [[Int]](repeating: [], count: examples.classNames.count)
        for (row, index) in examples.classes.enumerated() { rows[Int(index)].append(row) }
        rowsByClass = rows
        classWeights = machine.classWeights.values(for: examples)
        form = FeatureRows.form(of: examples.features, for: machine.kernel)
        centre = KernelCentre(examples.features, for: machine.kernel)
    }

    /// The result for one pair.
    private struct PairResult {
        var solution: BinarySolution
        var sigmoid: DecisionSigmoid?
    }

    func run(_ cancellation: Cancellation?, _ progress: ((LearningProgress) -> Void)?) throws
        -> SupportVectorClassifier
    {
        let classCount = rowsByClass.count
        let pairs = (0..<classCount).flatMap { first in
            (first + 1..<max(first + 1, classCount)).map { (first, $0) }
        }
        let results = Mutex([Result<PairResult, any Error>?](repeating: nil, count: pairs.count))
        let finished = Atomic<Int>(0)
        let stop = Atomic<Bool>(false)
        let caller = CallingThread()
        // Each part solves its own pair and writes its own result; `progress` is called on this thread only.
        inParts(pairs.count) { part in
            let result = Result {
                try solve(pairs[part]) { state in
                    if stop.load(ordering: .relaxed) || cancellation?.isCancelled == true {
                        throw Cancellation.stopped()
                    }
                    guard let progress, caller.isCurrent else { return }
                    let done = finished.load(ordering: .relaxed)
                    progress(
                        LearningProgress(
                            activity: "\(done) of \(pairs.count) pairs of classes solved",
                            fraction: Double(done) / Double(pairs.count),
                            violation: state.violation.isFinite ? state.violation : nil))
                }
            }
            if case .failure = result { stop.store(true, ordering: .relaxed) }
            finished.add(1, ordering: .relaxed)
            results.withLock { $0[part] = result }
        }
        let found = try results.withLock { try $0.compactMap { try $0?.get() } }
        let classifier = assemble(pairs, found)
        if let report = classifier.report, let progress {
            progress(LearningProgress(activity: "\(report)", fraction: 1, violation: report.violation))
        }
        return classifier
    }

    private func solve(
        _ pair: (Int, Int), _ tick: (SolverProgress) throws -> Void
    ) throws -> PairResult {
        try tick(SolverProgress(steps: 0, violation: .infinity))
        let indices = rowsByClass[pair.0] + rowsByClass[pair.1]
        let positives = rowsByClass[pair.0].count
        let rows = FeatureRows(
            examples.features, indices: indices, scale: machine.byteScale, form: form, centre: centre)
        let signs = indices.indices.map { $0 < positives ? 1.0 : -1.0 }
        let weights = [classWeights[pair.0], classWeights[pair.1]]
        var solution = try machine.solve(rows, signs: signs, weights: weights, tick)
        if case .nu(let nu) = machine.formulation, !solution.hasMargin {
            let names = "'\(examples.classNames[pair.0])' and '\(examples.classNames[pair.1])'"
            throw DescentError(
                .usage, "no margin separates the classes \(names) at this nu", at: "support vector machine",
                expected: "a larger nu, as the kernel cannot tell so many of their examples apart",
                got: "\(nu)",
                advice: "raise nu, or take a kernel that follows the classes more closely")
        }
        if let anchors = rows.anchors {
            solution.rho += zip(solution.coefficients, anchors.values).reduce(0) { $0 + $1.0 * $1.1 }
        }
        guard machine.fitsProbabilities else { return PairResult(solution: solution) }
        let decisions = try machine.heldOutDecisions(rows, signs: signs, weights: weights, tick)
        return PairResult(
            solution: solution, sigmoid: DecisionSigmoid(fitting: decisions, positive: signs.map { $0 > 0 }))
    }

    /// Support vectors by class, each with its coefficients in the K - 1 problems that its class takes part in.
    private func assemble(_ pairs: [(Int, Int)], _ found: [PairResult]) -> SupportVectorClassifier {
        let classCount = rowsByClass.count
        // Whether example k of a class supports any of its pairs.
        var supports = rowsByClass.map { [Bool](repeating: false, count: $0.count) }
        for (pair, result) in zip(pairs, found) {
            let positives = rowsByClass[pair.0].count
            for (place, value) in result.solution.coefficients.enumerated() where value != 0 {
                if place < positives {
                    supports[pair.0][place] = true
                } else {
                    supports[pair.1][place - positives] = true
                }
            }
        }
        let indices = zip(rowsByClass, supports).flatMap { rows, supports in
            zip(rows, supports).filter(\.1).map(\.0)
        }
        let counts = supports.map { $0.count { $0 } }
        var starts = [0]
        for count in counts { starts.append(starts[starts.count - 1] + count) }
        var coefficients = [Double](repeating: 0, count: (classCount - 1) * indices.count)
        for (pair, result) in zip(pairs, found) {
            let positives = rowsByClass[pair.0].count
            for (own, other, offset) in [(pair.0, pair.1, 0), (pair.1, pair.0, positives)] {
                // The problem against class `other` is row other - 1 for the classes before it, row other after it.
                let row = other > own ? other - 1 : other
                var place = starts[own]
                for (k, isSupport) in supports[own].enumerated() where isSupport {
                    coefficients[row * indices.count + place] = result.solution.coefficients[offset + k]
                    place += 1
                }
            }
        }
        let sigmoids = found.compactMap(\.sigmoid)
        return SupportVectorClassifier(
            classNames: examples.classNames, kernel: machine.kernel, byteScale: machine.byteScale,
            isNu: machine.isNu,
            supportVectors: examples.features.gathered(indices.map { Int32($0) })
                .shaped([examples.features.featureCount]), supportCounts: counts,
            coefficients: NDArray(shape: [classCount - 1, indices.count], elements: coefficients),
            thresholds: found.map(\.solution.rho), sigmoids: sigmoids.isEmpty ? nil : sigmoids,
            supportIndices: indices,
            report: SupportVectorReport(
                pairs: zip(pairs, found).map { pair, result in
                    SupportVectorReport.Pair(
                        first: examples.classNames[pair.0], second: examples.classNames[pair.1],
                        solution: result.solution)
                }))
    }
}

extension SupportVectorMachine {
    var isNu: Bool {
        if case .nu = formulation { true } else { false }
    }

    /// Solves the problem of two classes on `rows`.
    func solve(
        _ rows: FeatureRows, signs: [Double], weights: [Double], _ tick: (SolverProgress) throws -> Void
    ) throws -> BinarySolution {
        let bounds: (upper: [Double], start: [Double])
        switch formulation {
        case .cost(let cost): bounds = BinaryProblem.cost(cost * weights[0], cost * weights[1], signs: signs)
        case .nu(let nu): bounds = BinaryProblem.nu(nu, signs: signs)
        }
        let problem = BinaryProblem(
            rows: rows, kernel: kernel, signs: signs, upper: bounds.upper, start: bounds.start,
            linearTerm: [Double](repeating: isNu ? 0 : -1, count: signs.count), pairsWithinSign: isNu,
            dividesByMargin: isNu, tolerance: tolerance, cacheLimit: cacheLimit,
            stepLimit: stepLimit ?? max(10_000_000, 100 * rows.count))
        return try BinarySolver(problem).solve(tick)
    }
}
