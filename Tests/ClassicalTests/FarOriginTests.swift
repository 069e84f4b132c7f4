import ArrayFiles
import Arrays
import Classification
import ExampleData
import TestSupport
import Testing

@testable import Classical

/// Features far from the origin for what tells them apart: 290 +- 5, 1013 +- 8, 2012 +- 7.
@Suite("Far from the origin, and at large C")
struct FarOriginTests {
    private func kernel(_ name: String) -> KernelFunction {
        switch name {
        case "linear": .linear
        case "polynomial": .polynomial(degree: 2, gamma: 1e-3, constant: 1)
        case "rbf": .rbf(gamma: 0.01)
        case "flat rbf": .rbf(gamma: 1e-7)
        default: .sigmoid(gamma: 1e-6, constant: -4.2)
        }
    }

    /// The rows, and as many features again that say nothing, so that they are too wide for double precision.
    private func widened(_ rows: [[Double]], by count: Int) -> [[Double]] {
        rows.map { $0 + [Double](repeating: 0, count: count) }
    }

    @Test("decisions as libsvm has them on kernel values relative to the mean", arguments: 0..<7, [0, 70])
    func decisions(_ number: Int, extra: Int) throws {
        let far = try ExactVectors.load().far
        let item = far.cases[number]
        // Values of the RBF that differ in the seventh digit need doubles.
        if extra > 0, item.kernel == "flat rbf" { return }
        var machine = SupportVectorMachine(kernel: kernel(item.kernel), cost: item.cost)
        machine.tolerance = 1e-7
        let classifier = try machine.fit(ExactVectors.examples(widened(far.x, by: extra), far.y))
        let test = ExactVectors.numbers(widened(far.test, by: extra))
        let found = try classifier.decisionValues(of: test).elements
        let largest = item.decisions.map(\.magnitude).max() ?? 1
        let worst = largestDifference(found, item.decisions)
        #expect(
            worst < 1e-3 * max(1, largest), "\(item.kernel), C \(item.cost), \(extra): \(worst) of \(largest)"
        )
        // A file keeps rho of the kernel as it is; what comes back decides alike.
        var file = SafeTensors()
        classifier.store(in: &file, prefix: "")
        let again = try SupportVectorClassifier(from: file, prefix: "").decisionValues(of: test).elements
        #expect(paired(found, again).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, largest) })
    }

    @Test("at the usual tolerance no answer is wrong that libsvm's on centred rows is not")
    func answers() throws {
        let far = try ExactVectors.load().far
        let examples = ExactVectors.examples(far.x, far.y)
        let centred: [Int32] = far.cases[0].decisions.map { $0 > 0 ? 0 : 1 }
        for shift in [0.0, 1e4] {
            let moved = LabeledExamples(
                ExactVectors.numbers(far.x.map { $0.map { $0 - shift } }), classes: far.y,
                classNames: ["0", "1"])
            let machine = SupportVectorMachine(kernel: .linear)
            let classifier = try machine.fit(shift == 0 ? examples : moved)
            let found = try classifier.classes(
                of: ExactVectors.numbers(far.test.map { $0.map { $0 - shift } }))
            if shift == 0 { #expect(found == centred) }
            // Moved by ten thousand, features are rounded to a thousandth, which turns none of these.
            #expect(paired(found, centred).count { $0 != $1 } <= 1, "moved by \(shift)")
        }
    }

    @Test("four features, C 100: libsvm's decisions to a thousandth at its own tolerance")
    func largeCost() throws {
        let guide = try ExactVectors.load().guide
        let machine = SupportVectorMachine(kernel: .rbf(gamma: 2), cost: 100)
        let classifier = try machine.fit(ExactVectors.examples(guide.x, guide.y))
        let found = try classifier.decisionValues(of: ExactVectors.numbers(guide.test)).elements
        let worst = largestDifference(found, guide.decisions)
        #expect(worst < 1e-3, "\(worst)")
    }

    @Test("logistic regression as scikit-learn has it on centred rows, small and large sets")
    func logistic() throws {
        let vectors = try ExactVectors.load()
        let wanted = vectors.logistic
        // As many copies as make it large; C is divided by them, and the solution is the same.
        for copies in [1, 200] {
            let extra = copies == 1 ? 0 : 90
            let one = widened(vectors.far.x, by: extra)
            let widening = [Double](repeating: 0, count: extra)
            let rows = (0..<copies).flatMap { _ in one }
            let classes = (0..<copies).flatMap { _ in vectors.far.y }
            let learner = LogisticRegression(
                inverseStrength: 1 / Double(copies), tolerance: copies == 1 ? 1e-7 : 1e-4)
            let found = try learner.fit(ExactVectors.examples(rows, classes))
            #expect(found.converged, "\(copies): \(found.report)")
            let close = copies == 1 ? 1e-4 : 3e-3
            for (one, other) in paired(found.weights.elements, wanted.weights + widening) {
                #expect(abs(one - other) < close, "\(copies): \(one), not \(other)")
            }
            let answers = try found.classes(of: ExactVectors.numbers(widened(vectors.far.test, by: extra)))
            let scores = vectors.far.test.map { row in
                zip(row, wanted.weights).reduce(wanted.intercept) { $0 + $1.0 * $1.1 }
            }
            #expect(answers == scores.map { $0 > 0 ? 1 : 0 }, "\(copies)")
        }
    }

    @Test("scaling, principal components, centroid, naive Bayes: moved by 2^20, all is the same")
    func moments() throws {
        // Quarters, so that moving loses nothing.
        var random = RandomState(4)
        let values = random.randint(-40, 41, shape: [60, 3]).elements.map { Float($0) / 4 }
        let rows = NDArray(shape: [60, 3], elements: values)
        let moved = rows + Float(1 << 20)
        let standard = try StandardScaling(fitting: rows).apply(to: rows)
        #expect(
            largestDifference(try StandardScaling(fitting: moved).apply(to: moved), standard.nested) < 1e-6)
        let range = try MinMaxScaling(fitting: rows).apply(to: rows)
        #expect(try MinMaxScaling(fitting: moved).apply(to: moved) == range)
        for whitening in [false, true] {
            let one = try PrincipalComponents(fitting: rows, keeping: .all, whitening: whitening).apply(
                to: rows)
            let other = try PrincipalComponents(fitting: moved, keeping: .all, whitening: whitening)
                .apply(to: moved)
            #expect(largestDifference(other, one.nested) < 1e-5, "whitening \(whitening)")
        }
        let classes: [Int32] = (0..<60).map { $0 % 2 }
        func fitted(_ rows: NDArray<Float>) -> LabeledExamples {
            LabeledExamples(.floats(rows), classes: classes, classNames: ["a", "b"])
        }
        for learner: any Learner in [NearestCentroid(), GaussianNaiveBayes(), NearestNeighbors(k: 3)] {
            let one = try learner.fit(fitted(rows)).probabilities(of: .floats(rows))
            let other = try learner.fit(fitted(moved)).probabilities(of: .floats(moved))
            #expect(largestDifference(other, one.nested) < 1e-5, "\(learner)")
        }
    }

    @Test("principal components of 1e4 +- 1 to a millionth of what they are in double precision")
    func means() throws {
        var random = RandomState(6)
        let values = random.randn(40, 2).elements.map { Float(1e4 + $0) }
        let rows = NDArray(shape: [40, 2], elements: values)
        let pca = try PrincipalComponents(fitting: rows, keeping: .all)
        let found = try pca.apply(to: rows)
        for row in 0..<40 {
            for direction in 0..<2 {
                let exact = (0..<2).reduce(0.0) {
                    $0 + pca.components[at: direction, $1] * (Double(values[2 * row + $1]) - pca.means[$1])
                }
                #expect(abs(Double(found[at: row, direction]) - exact) <= 1e-6)
            }
        }
    }
}

extension NDArray where Scalar == Float {
    /// Rows of Doubles, as vectors from files are.
    fileprivate var nested: [[Double]] {
        (0..<shape[0]).map { row in (0..<shape[1]).map { Double(self[at: row, $0]) } }
    }
}
