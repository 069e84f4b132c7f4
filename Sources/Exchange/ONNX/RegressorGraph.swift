import Arrays
import Classical
import ExampleData
import Models
import Networks
import Pipelines
import Regression
import Support

/// Models that predict a number.
extension GraphBuilder {
    /// Adds a whole regressor; returns its numbers in the targets' own units, floats [N, 1].
    ///
    /// - Throws: `usage` that names what ONNX cannot be told.
    mutating func add(
        _ regressor: any TrainedRegressor, to examples: ExampleForm.Examples
    ) throws -> String {
        let width = examples.shape.reduce(1, *)
        var rows = Rows(name: examples.name, width: width, areBytes: examples.areBytes)
        if examples.shape.count > 1 { rows.name = reshape(rows.name, to: [width]) }
        let answers: String
        switch regressor {
        case let network as NetworkRegressor:
            let shape = network.architecture.inputShape
            var value = rows.areBytes ? cast(rows.name, to: .float) : rows.name
            if shape != [width] { value = reshape(value, to: shape) }
            answers = try add(Self.layers(of: network), to: value, shape)
        case let pipeline as PipelineRegressor:
            for transform in pipeline.transforms { rows = try add(transform, to: rows) }
            answers = try add(pipeline.regressor, to: rows)
        default:
            throw DescentError(
                .usage, "a regressor that ONNX cannot be told", at: regressor.name,
                expected: "a network or a pipeline", got: "\(type(of: regressor))")
        }
        let scaling = regressor.targetScaling
        let scaled = add("Mul", cast(answers, to: .double), scalar(scaling.scale))
        return cast(add("Add", scaled, scalar(scaling.offset)), to: .float)
    }

    /// The layers with their weights.
    private static func layers(of regressor: NetworkRegressor) -> [any Layer] {
        let network = regressor.architecture.makeNetwork()
        for (named, weights) in zip(network.namedParameters, regressor.weights) {
            named.parameter.value = weights.value
        }
        return network.layers
    }

    private mutating func add(_ regressor: any StorableRegressor, to rows: Rows) throws -> String {
        switch regressor {
        case let model as RidgeRegressor:
            var values = doubles(rows)
            if rows.areBytes { values = add("Mul", values, scalar(Double(model.byteScale))) }
            return cast(linear(values, weights: model.weights, intercepts: model.intercepts), to: .float)
        case let model as NearestNeighborsRegressor: return try add(model, to: rows)
        case let model as SupportVectorRegressor: return try add(model, to: rows)
        default:
            throw DescentError(
                .usage, "a regressor that ONNX cannot be told", at: type(of: regressor).kind,
                expected: "one of Descent's own", got: "\(type(of: regressor))",
                advice: "one of one's own has code that only Swift can run")
        }
    }

    private mutating func add(_ model: NearestNeighborsRegressor, to rows: Rows) throws -> String {
        let found = try neighbors(
            of: rows, among: model.trainingExamples, k: model.k, model.metric,
            isApproximate: model.graph != nil)
        let targets = model.trainingTargets.asType(Double.self).reshaped(model.trainingTargets.count)
        let own = add("Gather", constant(targets, "targets"), found.places)
        guard model.weights == .distance else {
            return cast(
                add("Div", sum(own, over: [1], keeping: true), scalar(Double(model.k))), to: .float)
        }
        let weights = weights(of: found, rows, model.trainingExamples, model.metric)
        let total = sum(weights, over: [1], keeping: true)
        return cast(
            add("Div", sum(add("Mul", own, weights), over: [1], keeping: true), total), to: .float)
    }

    private mutating func add(_ model: SupportVectorRegressor, to rows: Rows) throws -> String {
        var values = rows.areBytes ? cast(rows.name, to: .float) : rows.name
        if rows.areBytes { values = add("Mul", values, scalar(model.byteScale)) }
        guard !model.coefficients.isEmpty else {
            // All targets fit into one tube around a constant.
            let none = add("Mul", sum(values, over: [1], keeping: true), scalar(Float(0)))
            return add("Add", none, scalar(Float(-model.threshold)))
        }
        var support = model.supportVectors.unscaledFloats
        if case .bytes = model.supportVectors.storage { support = support * model.byteScale }
        if case .linear = model.kernel {
            let row = NDArray(model.coefficients).reshaped(1, model.coefficients.count)
            let weights = matmul(row, support.asType(Double.self))
            return cast(
                linear(cast(values, to: .double), weights: weights, intercepts: [-model.threshold]),
                to: .float)
        }
        return try machine(
            model.kernel, support: support, coefficients: model.coefficients, threshold: model.threshold,
            to: values)
    }
}
