import CGraph
import Support

extension Program {
    /// The program with convolutions that take in what follows them: normalisations, scales of channels, a sum, an activation.
    func fused(_ budget: MemoryBudget) throws -> Program {
        var fusion = Fusion(self, budget)
        return try fusion.run()
    }
}

/// The search for runs of steps that one pass computes. A step may join only where nobody else asks for the tensor between.
private struct Fusion {
    private var program: Program
    private let budget: MemoryBudget
    private var consumers: [Int: [Int]] = [:]
    private let results: Set<Int>
    private var isGone: [Bool]

    init(_ program: Program, _ budget: MemoryBudget) {
        self.program = program
        self.budget = budget
        results = Set(program.outputSlots.map(\.slot))
        isGone = program.steps.map { _ in false }
        for (index, step) in program.steps.enumerated() {
            for slot in step.inputs where slot >= 0 { consumers[slot, default: []].append(index) }
        }
    }

    mutating func run() throws -> Program {
        for index in program.steps.indices where !isGone[index] {
            switch program.steps[index].type {
            case "Conv": try fuseConvolution(index)
            case "BatchNormalization": try fuseScaling(index)
            default: break
            }
        }
        var result = program
        result.steps = program.steps.enumerated().filter { !isGone[$0.offset] }.map(\.element)
        return result
    }

    /// The only step that asks for a tensor, once; nil where another convolution has taken that step in, such as the sum of two
    /// convolutions.
    private func next(after slot: Int) -> Int? {
        guard slot >= 0, !results.contains(slot), let all = consumers[slot], all.count == 1, !isGone[all[0]]
        else { return nil }
        return all[0]
    }

    private func constant(_ step: Step, _ input: Int) -> ONNXTensor? {
        guard input < step.inputs.count, step.inputs[input] >= 0 else { return nil }
        return program.constants[step.inputs[input]]
    }

    private func node(_ step: Step) -> Node {
        Node(
            description: step.node, version: 0, loadTensor: { _ in throw DescentError(.badData, "a tensor") },
            compileGraph: { _ in throw DescentError(.badData, "a graph") })
    }

    // MARK: Scales of channels

    /// The factor and the summand of each channel that a step is; nil where it is none.
    private func scaling(_ step: Step, of slot: Int, channels: Int?) throws -> ChannelScaling? {
        let isFirst = step.inputs.first == slot
        switch step.type {
        case "BatchNormalization":
            guard isFirst, step.outputs.dropFirst().allSatisfy({ $0 < 0 }), step.inputs.count == 5,
                try !node(step).flag("training_mode"), let scale = constant(step, 1),
                let shift = constant(step, 2),
                let mean = constant(step, 3), let variance = constant(step, 4), scale.type == .float32
            else { return nil }
            let (factor, summand) = try NormalizationKernels.folded(
                scale: scale, shift: shift, mean: mean, variance: variance,
                epsilon: node(step).float("epsilon", or: 1e-5), budget)
            return ChannelScaling(factor: factor, summand: summand)
        case "Mul", "Add", "Sub", "Div":
            guard step.inputs.count == 2, let channels,
                isFirst || step.type == "Mul" || step.type == "Add",
                let other = constant(step, isFirst ? 1 : 0), other.type == .float32
            else { return nil }
            let axes = [Int](repeating: 1, count: max(0, 4 - other.rank)) + other.shape
            guard other.count == 1 && other.rank <= 4 || axes == [1, channels, 1, 1] else { return nil }
            let values = try other.doubles(budget)
            let list = values.count == channels ? values : [Double](repeating: values[0], count: channels)
            let ones = [Double](repeating: 1, count: channels)
            let zeros = [Double](repeating: 0, count: channels)
            switch step.type {
            case "Mul": return ChannelScaling(factor: list, summand: zeros)
            case "Div": return ChannelScaling(factor: list.map { 1 / $0 }, summand: zeros)
            case "Add": return ChannelScaling(factor: ones, summand: list)
            default: return ChannelScaling(factor: ones, summand: list.map { -$0 })
            }
        default: return nil
        }
    }

    /// Takes in the scales that follow; returns the last step.
    private func follow(_ scaling: inout ChannelScaling, from index: Int) throws -> Int {
        var last = index
        while let following = next(after: program.steps[last].outputs[0]),
            let more = try self.scaling(
                program.steps[following], of: program.steps[last].outputs[0], channels: scaling.factor.count),
            more.factor.count == scaling.factor.count
        {
            for channel in scaling.factor.indices {
                scaling.factor[channel] *= more.factor[channel]
                scaling.summand[channel] =
                    scaling.summand[channel] * more.factor[channel] + more.summand[channel]
            }
            last = following
        }
        return last
    }

    private mutating func fuseScaling(_ index: Int) throws {
        let step = program.steps[index]
        guard var scaling = try scaling(step, of: step.inputs.first ?? -1, channels: nil) else { return }
        let scaled = try follow(&scaling, from: index)
        let (activation, last) = try activation(after: scaled)
        scaling.activation = activation
        let whole = scaling
        replace(from: index, to: last, inputs: [step.inputs[0]]) { [try whole($0.asLaid(0), $0.budget)] }
    }

    // MARK: Convolutions

    private mutating func fuseConvolution(_ index: Int) throws {
        let step = program.steps[index]
        guard step.inputs.count >= 2, let weights = constant(step, 1), weights.type == .float32,
            weights.rank == 4
        else { return }
        var bias = [Double](repeating: 0, count: weights.shape[0])
        if step.inputs.count > 2, step.inputs[2] >= 0 {
            guard let own = constant(step, 2), own.type == .float32, own.shape == [weights.shape[0]] else {
                return
            }
            bias = try own.doubles(budget)
        }
        let settings = try WindowSettings(node(step))
        let groups = try node(step).int("group", or: 1)
        var scaling = ChannelScaling(factor: bias.map { _ in 1 }, summand: bias)
        var last = try follow(&scaling, from: index)
        var summand: Int?
        if let following = next(after: program.steps[last].outputs[0]),
            let other = self.summand(program.steps[following], besides: program.steps[last].outputs[0])
        {
            summand = other
            last = following
        }
        let (activation, end) = try activation(after: last)
        let convolution = FusedConvolution(
            settings, groups: groups, weights: weights,
            factor: scaling.factor.allSatisfy { $0 == 1 } ? nil : scaling.factor, bias: scaling.summand,
            activation)
        replace(from: index, to: end, inputs: [step.inputs[0]] + (summand.map { [$0] } ?? [])) { arguments in
            let x = try arguments.asLaid(0)
            let (other, isOwned) = arguments.take(1)
            return [try convolution(x, adding: other, isOwned: isOwned, arguments.budget)]
        }
    }

    /// The other tensor of a sum of two.
    private func summand(_ step: Step, besides slot: Int) -> Int? {
        guard step.type == "Add" || step.type == "Sum", step.inputs.count == 2 else { return nil }
        let other = step.inputs[0] == slot ? step.inputs[1] : step.inputs[0]
        return other >= 0 && other != slot && program.constants[other] == nil ? other : nil
    }

    // MARK: Activations

    /// The activation that follows a step, and the last step of it.
    private func activation(after index: Int) throws -> (FusedActivation, last: Int) {
        let slot = program.steps[index].outputs[0]
        if let (gate, product) = gated(slot) {
            let step = program.steps[gate]
            if step.type == "Sigmoid" { return (.swish, product) }
            let alpha = try node(step).float("alpha", or: 0.2)
            if abs(alpha - 1.0 / 6) < 1e-4, try node(step).float("beta", or: 0.5) == 0.5 {
                return (.hardSwish, product)
            }
        }
        guard let following = next(after: slot) else { return (.none, index) }
        let step = program.steps[following]
        switch step.type {
        case "Relu": return (.relu(slope: 0), following)
        case "LeakyRelu": return (.relu(slope: try node(step).float("alpha", or: 0.01)), following)
        case "HardSwish": return (.hardSwish, following)
        case "Sigmoid": return (.sigmoid, following)
        case "Clip":
            guard let (low, high) = try bounds(step), low <= high else { return (.none, index) }
            return (.clip(low, high), following)
        default: return (.none, index)
        }
    }

    /// Bounds of a Clip, as attributes or as constants.
    private func bounds(_ step: Step) throws -> (Float, Float)? {
        func bound(_ input: Int, _ name: String, _ standard: Float) throws -> Float? {
            if input < step.inputs.count, step.inputs[input] >= 0 {
                guard let value = constant(step, input), value.type == .float32, value.count == 1 else {
                    return nil
                }
                return try value.floats(budget)[0]
            }
            return try node(step).float(name, or: standard)
        }
        guard let low = try bound(1, "min", -.greatestFiniteMagnitude),
            let high = try bound(2, "max", .greatestFiniteMagnitude)
        else { return nil }
        return (low, high)
    }

    /// x times a sigmoid of x: the steps of the sigmoid and of the product.
    private func gated(_ slot: Int) -> (gate: Int, product: Int)? {
        guard !results.contains(slot), let all = consumers[slot], all.count == 2 else { return nil }
        for (gate, product) in [(all[0], all[1]), (all[1], all[0])] {
            let (first, second) = (program.steps[gate], program.steps[product])
            guard first.type == "Sigmoid" || first.type == "HardSigmoid", second.type == "Mul",
                next(after: first.outputs[0]) == product, Set(second.inputs) == Set([slot, first.outputs[0]])
            else { continue }
            return (gate, product)
        }
        return nil
    }

    /// Puts one operator in the place of the last of a run of steps; those before are gone.
    private mutating func replace(
        from index: Int, to last: Int, inputs: [Int], _ run: @escaping Operator
    ) {
        var at = index
        while at != last {
            isGone[at] = true
            let users = consumers[program.steps[at].outputs[0]] ?? []
            // A gate between is gone with them.
            for user in users where user != last && users.count == 2 { isGone[user] = true }
            at = users.count == 2 ? last : users.first ?? last
        }
        isGone[last] = false
        program.steps[last].inputs = inputs
        program.steps[last].run = run
        program.steps[last].type = "fused"
    }
}
