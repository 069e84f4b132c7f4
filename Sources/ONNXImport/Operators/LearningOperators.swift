import Glibc
import Support

/// Support vector machines of the operator set ai.onnx.ml.
struct KernelMachine: Sendable {
    let kind: String
    /// gamma, the constant and the degree.
    let settings: [Double]
    /// [S, D].
    let vectors: ONNXTensor
    let coefficients: [Double]
    let rho: [Double]

    init(_ node: Node) throws {
        kind = try node.text("kernel_type", or: "LINEAR")
        let given = try node.floats("kernel_params")?.map { Double($0) } ?? []
        settings = given.count == 3 ? given : [0, 0, 0]
        let elements = try node.floats("support_vectors") ?? []
        coefficients = try node.floats("coefficients")?.map { Double($0) } ?? []
        rho = try node.floats("rho")?.map { Double($0) } ?? []
        let count = try node.int("n_supports") ?? (try node.ints("vectors_per_class") ?? []).reduce(0, &+)
        guard count > 0, elements.count % count == 0, !elements.isEmpty,
            ["LINEAR", "POLY", "RBF", "SIGMOID"].contains(kind)
        else {
            throw DescentError(
                .badData, "support vectors that are none",
                got: "\(elements.count) numbers for \(count) vectors")
        }
        vectors = try ONNXTensor(elements, shape: [count, elements.count / count])
    }

    /// The kernel's value of each row with each vector: [N, S].
    func values(_ x: ONNXTensor, _ budget: MemoryBudget) throws -> [[Double]] {
        try x.expectRank(2)
        let rows = try x.cast(to: .float32, budget).doubles(budget)
        let (n, d) = (x.shape[0], x.shape[1])
        let (count, width) = (vectors.shape[0], vectors.shape[1])
        guard d == width else {
            throw DescentError(.badData, "rows of another length", expected: "\(width)", got: "\(d)")
        }
        _ = try ONNXTensor(.float64, [n, count], budget)
        let support = try vectors.doubles(budget)
        return (0..<n).map { row in
            (0..<count).map { vector in
                var (product, distance) = (0.0, 0.0)
                for k in 0..<d {
                    let (a, b) = (rows[row * d + k], support[vector * d + k])
                    product += a * b
                    distance += (a - b) * (a - b)
                }
                switch kind {
                case "LINEAR": return product
                case "POLY": return pow(settings[0] * product + settings[1], settings[2])
                case "RBF": return exp(-settings[0] * distance)
                default: return tanh(settings[0] * product + settings[1])
                }
            }
        }
    }

    static let regressor: OperatorMaker = { node in
        let machine = try KernelMachine(node)
        let transform = try ScoreTransform(node)
        let isOneClass = try node.flag("one_class")
        guard machine.coefficients.count == machine.vectors.shape[0], machine.rho.count == 1 else {
            throw DescentError(.badData, "a machine with other coefficients than vectors")
        }
        return { arguments in
            let x = try arguments(0)
            let sums = try machine.values(x, arguments.budget).map { values in
                let sum = zip(values, machine.coefficients).reduce(machine.rho[0]) { $0 + $1.0 * $1.1 }
                return Float(isOneClass ? (sum > 0 ? 1 : -1) : transform([sum])[0])
            }
            return [try ONNXTensor(sums, shape: [sums.count, 1], arguments.budget)]
        }
    }

    static let classifier: OperatorMaker = { node in
        let machine = try KernelMachine(node)
        let counts = try node.ints("vectors_per_class") ?? []
        let labels = try ClassLabels(node, numbers: "classlabels_ints")
        let transform = try ScoreTransform(node)
        let slopes = try node.floats("prob_a")?.map { Double($0) } ?? []
        let offsets = try node.floats("prob_b")?.map { Double($0) } ?? []
        let classes = counts.count
        let pairs = classes * (classes - 1) / 2
        let total = machine.vectors.shape[0]
        guard let labels, classes >= 2, classes < 1 << 15, counts.allSatisfy({ $0 >= 0 && $0 <= total }),
            counts.reduce(0, +) == total, machine.rho.count == pairs,
            machine.coefficients.count == (classes - 1) * total, slopes.count == offsets.count,
            slopes.isEmpty || slopes.count == pairs, labels.count == classes
        else {
            throw DescentError(
                .badData, "a classifier of another form than is supported",
                expected: "at least two classes, with a decision for each pair")
        }
        var starts = [0]
        for count in counts { starts.append(starts[starts.count - 1] + count) }
        return { [starts] arguments in
            let budget = arguments.budget
            var places: [Int] = []
            var scores: [Float] = []
            for values in try machine.values(arguments(0), budget) {
                var decisions: [Double] = []
                var votes = [Int](repeating: 0, count: classes)
                for i in 0..<classes {
                    for j in (i + 1)..<max(classes, i + 1) {
                        var sum = machine.rho[decisions.count]
                        for s in starts[i]..<starts[i + 1] {
                            sum += machine.coefficients[(j - 1) * total + s] * values[s]
                        }
                        for s in starts[j]..<starts[j + 1] {
                            sum += machine.coefficients[i * total + s] * values[s]
                        }
                        votes[sum > 0 ? i : j] += 1
                        decisions.append(sum)
                    }
                }
                // As libsvm has it, votes decide where there are probabilities, too.
                places.append(votes.indices.reduce(0) { votes[$1] > votes[$0] ? $1 : $0 })
                if !slopes.isEmpty { decisions = coupled(decisions, slopes, offsets, classes) }
                // One decision for two classes is that of the first.
                if decisions.count == 1 { decisions = [-decisions[0], decisions[0]] }
                scores += transform(decisions).map { Float($0) }
            }
            let width = slopes.isEmpty && classes > 2 ? pairs : classes
            return [
                try labels.tensor(places, budget),
                try ONNXTensor(scores, shape: [places.count, width], budget),
            ]
        }
    }

    /// Probabilities of classes from those of pairs, by the second method of Wu, Lin and Weng (2004), as libsvm has it.
    private static func coupled(
        _ decisions: [Double], _ slopes: [Double], _ offsets: [Double], _ classes: Int
    ) -> [Double] {
        var r = [[Double]](repeating: [Double](repeating: 0, count: classes), count: classes)
        var pair = 0
        for i in 0..<classes {
            for j in (i + 1)..<max(classes, i + 1) {
                let share = 1 / (1 + exp(decisions[pair] * slopes[pair] + offsets[pair]))
                r[i][j] = min(max(share, 1e-7), 1 - 1e-7)
                r[j][i] = 1 - r[i][j]
                pair += 1
            }
        }
        var p = [Double](repeating: 1 / Double(classes), count: classes)
        var q = r
        for t in 0..<classes {
            q[t][t] = (0..<classes).reduce(0) { $1 == t ? $0 : $0 + r[$1][t] * r[$1][t] }
            for j in 0..<classes where j != t { q[t][j] = -r[j][t] * r[t][j] }
        }
        for _ in 0..<max(100, classes) {
            var product = (0..<classes).map { t in (0..<classes).reduce(0) { $0 + q[t][$1] * p[$1] } }
            var sum = zip(p, product).reduce(0) { $0 + $1.0 * $1.1 }
            let error = product.map { abs($0 - sum) }.max() ?? 0
            if error < 0.005 / Double(classes) { break }
            for t in 0..<classes {
                let step = (-product[t] + sum) / q[t][t]
                p[t] += step
                sum = (sum + step * (step * q[t][t] + 2 * product[t])) / (1 + step) / (1 + step)
                for j in 0..<classes {
                    product[j] = (product[j] + step * q[t][j]) / (1 + step)
                    p[j] /= 1 + step
                }
            }
        }
        return p
    }
}

extension OperatorRegistry {
    static var learningOperators: Family {
        [
            ("ai.onnx.ml.SVMRegressor", 1, KernelMachine.regressor),
            ("ai.onnx.ml.SVMClassifier", 1, KernelMachine.classifier),
        ]
    }
}
