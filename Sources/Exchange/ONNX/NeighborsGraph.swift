import Arrays
import Classical
import ExampleData
import ONNXMessages
import Support

/// Nearest neighbours: a product with all training examples gives the distances, TopK the neighbours, whose classes vote.
extension GraphBuilder {
    /// Adds nearest neighbours. Distances are exact where the features are bytes, as in Descent.
    ///
    /// - Throws: `usage` for neighbours that are searched by a graph.
    mutating func add(_ model: NearestNeighborsClassifier, to rows: Rows) throws -> Outputs {
        let found = try neighbors(
            of: rows, among: model.trainingExamples, k: model.k, model.metric,
            isApproximate: model.graph != nil)
        let classes = constant(model.trainingClasses.map { Int($0) }, "classes")
        let ballots = add(
            "OneHot", add("Gather", classes, found.places), scalar(model.classNames.count, "depth"),
            constant([Float(0), 1], "values"))
        guard model.weights == .distance else {
            let votes = sum(ballots, over: [1])
            return Outputs(
                classes: largest(votes), scores: add("Div", votes, scalar(Float(model.k))))
        }
        let weights = weights(of: found, rows, model.trainingExamples, model.metric)
        let weighed = add(
            "Mul", cast(ballots, to: .double), add("Unsqueeze", weights, constant([2], "axes")))
        let votes = sum(weighed, over: [1])
        let shares = add("Div", votes, sum(votes, over: [1], keeping: true))
        return Outputs(classes: largest(votes), scores: cast(shares, to: .float))
    }

    /// The nearest training examples of each row, the nearest first: [N, k].
    struct FoundNeighbors {
        /// Distances, or their squares for L2, in double precision.
        let keys: String
        /// Their indices among the training examples.
        let places: String
    }

    /// Adds the search for neighbours.
    ///
    /// - Throws: `usage` for neighbours that are searched by a graph.
    mutating func neighbors(
        of rows: Rows, among training: FeatureMatrix, k: Int, _ metric: Metric, isApproximate: Bool
    ) throws -> FoundNeighbors {
        guard !isApproximate else {
            throw DescentError(
                .usage, "neighbours that a graph finds cannot be exported", at: "knn",
                expected: "an exact search",
                got: "a graph, which misses some neighbours and other programs would not",
                advice: "train with the exact search")
        }
        try training.requireUnpackable(for: "knn")
        let keys =
            switch metric {
            case .l2, .minkowski(2): squares(rows, training)
            case .cosine: cosines(rows, training)
            case .l1, .minkowski: scanned(rows, training, metric)
            }
        let (values, places) = (fresh("distances"), fresh("neighbors"))
        add(
            "TopK", inputs: [keys, constant([k], "k")], outputs: [values, places],
            attributes: ["axis": .int(1), "largest": .int(0), "sorted": .int(1)])
        return FoundNeighbors(keys: values, places: places)
    }

    /// The weight of each neighbour, 1 / distance: [N, k]. Rows at distance 0, if there are any, vote alone.
    mutating func weights(
        of found: FoundNeighbors, _ rows: Rows, _ training: FeatureMatrix, _ metric: Metric
    ) -> String {
        let isSquare = metric == .l2 || metric == .minkowski(2)
        let exact = isSquare && !rows.areBytes ? refined(rows, training, found.places) : found.keys
        let none = scalar(0.0)
        return add(
            "Where", add("Equal", slice(exact, 1, from: 0, to: 1), none),
            cast(add("Equal", exact, none), to: .double),
            add("Reciprocal", isSquare ? add("Sqrt", exact) : exact))
    }

    /// |x|^2 - 2 x.t + |t|^2 for each training example t: [N, M], in double precision.
    private mutating func squares(_ rows: Rows, _ training: FeatureMatrix) -> String {
        let (product, own, theirs): (String, String, NDArray<Double>)
        // Products of bytes less 128 add up to whole numbers that a float has exactly.
        if rows.areBytes, case .bytes(let bytes) = training.dense, rows.width <= 1024 {
            let middle = scalar(Float(128))
            let matrix = bytes.reshaped(training.count, rows.width)
            let queries = add("Sub", cast(rows.name, to: .float), middle)
            let columns = cast(constant(matrix.T.contiguousCopy(), "training"), to: .float)
            product = cast(add("MatMul", queries, add("Sub", columns, middle)), to: .double)
            own = cast(sum(add("Mul", queries, queries), over: [1], keeping: true), to: .double)
            let centred = matrix.asType(Double.self) - 128
            theirs = (centred * centred).sum(axis: 1)
        } else {
            let matrix = training.unscaledFloats
            let queries = doubles(rows)
            product = add("MatMul", queries, wide(training))
            own = sum(add("Mul", queries, queries), over: [1], keeping: true)
            let precise = matrix.asType(Double.self)
            theirs = (precise * precise).sum(axis: 1)
        }
        let twice = add("Mul", product, scalar(2.0))
        let difference = add("Sub", add("Add", own, constant(theirs, "squares")), twice)
        return add("Max", difference, scalar(0.0))
    }

    /// The training examples as columns of doubles, stored as they are: [D, M].
    private mutating func wide(_ training: FeatureMatrix) -> String {
        switch training.dense {
        case .bytes(let bytes):
            let matrix = bytes.reshaped(training.count, training.featureCount)
            return cast(constant(matrix.T.contiguousCopy(), "training"), to: .double)
        case .floats(let floats):
            let matrix = floats.reshaped(training.count, training.featureCount)
            return cast(constant(matrix.T.contiguousCopy(), "training"), to: .double)
        }
    }

    /// The squared distances of the found neighbours once more, from the differences: a distance of 0 is 0 then.
    private mutating func refined(_ rows: Rows, _ training: FeatureMatrix, _ places: String) -> String {
        let matrix = constant(training.unscaledFloats.contiguousCopy(), "training")
        let found = cast(add("Gather", matrix, places), to: .double)
        let away = add("Sub", add("Unsqueeze", doubles(rows), constant([1], "axes")), found)
        return sum(add("Mul", away, away), over: [2])
    }

    /// 1 - x.t / (|x| |t|), 1 where a row is of zeros.
    private mutating func cosines(_ rows: Rows, _ training: FeatureMatrix) -> String {
        let matrix = training.unscaledFloats.asType(Double.self)
        let lengths = (matrix * matrix).sum(axis: 1).elements.map { $0 > 0 ? $0.squareRoot() : 1 }
        let queries = doubles(rows)
        let square = sum(add("Mul", queries, queries), over: [1], keeping: true)
        let length = add("Max", add("Sqrt", square), scalar(Double.leastNormalMagnitude))
        let product = add("Div", add("MatMul", queries, wide(training)), constant(lengths, "lengths"))
        return add("Sub", scalar(1.0), add("Div", product, length))
    }

    /// Distances that are no product: query by query, so that not all differences of a batch are in memory at once.
    private mutating func scanned(
        _ rows: Rows, _ training: FeatureMatrix, _ metric: Metric
    ) -> String {
        let table: String
        switch training.dense {
        case .bytes(let bytes):
            table = cast(constant(bytes.reshaped(training.count, rows.width), "training"), to: .double)
        case .floats(let floats):
            table = cast(constant(floats.reshaped(training.count, rows.width), "training"), to: .double)
        }
        // Names in the body are not those outside.
        var body = GraphBuilder(prefix: fresh("scan"))
        let (query, distances) = (body.fresh("query"), body.fresh("distances"))
        let away = body.add("Abs", body.add("Sub", table, query))
        switch metric {
        case .minkowski(.infinity):
            body.add(
                "ReduceMax", away, attributes: ["axes": .ints([1]), "keepdims": .int(0)], named: distances)
        case .minkowski(let exponent) where exponent != 1:
            let powers = body.add("Pow", away, body.scalar(exponent))
            body.add("Pow", body.sum(powers, over: [1]), body.scalar(1 / exponent), named: distances)
        default:
            body.add("Identity", body.sum(away, over: [1]), named: distances)
        }
        let graph = body.graph(
            "distances", inputs: [ValueForm(query, .double, [.count(rows.width)])],
            outputs: [ValueForm(distances, .double, [.count(training.count)])])
        return add(
            "Scan", doubles(rows), attributes: ["body": .graph(graph), "num_scan_inputs": .int(1)])
    }
}
