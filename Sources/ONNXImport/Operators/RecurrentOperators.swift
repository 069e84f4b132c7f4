import COneDNN
import Support

/// A layer that goes through a sequence and hands its state on: RNN, GRU and LSTM.
struct RecurrentLayer: Sendable {
    /// The gates of a cell: 1, 3 or 4.
    let gates: Int
    let hidden: Int?
    let directions: Int
    let isReversed: Bool
    /// Whether the batch is the first axis.
    let isBatchFirst: Bool
    let clip: Float
    /// For each direction as many as a cell has: RNN 1, GRU 2, LSTM 3.
    let activations: [CellActivation]
    let resetsAfter: Bool
    let couplesGates: Bool

    init(_ node: Node, gates: Int, _ standard: [String]) throws {
        self.gates = gates
        hidden = try node.int("hidden_size")
        let direction = try node.text("direction", or: "forward")
        guard ["forward", "reverse", "bidirectional"].contains(direction) else {
            throw DescentError(.badData, "a direction that is none", got: "'\(direction)'")
        }
        directions = direction == "bidirectional" ? 2 : 1
        isReversed = direction == "reverse"
        isBatchFirst = try node.flag("layout")
        clip = try node.float("clip", or: .infinity)
        resetsAfter = try node.flag("linear_before_reset")
        couplesGates = try node.flag("input_forget")
        let names =
            try node.texts("activations") ?? Array(repeating: standard, count: directions).flatMap { $0 }
        guard names.count == standard.count * directions, !clip.isNaN, clip >= 0 else {
            throw DescentError(
                .badData, "another number of activations than of gates",
                expected: "\(standard.count * directions)", got: "\(names)")
        }
        // Numbers are given to those activations that have some, in order.
        var (alphas, betas) = (
            (try node.floats("activation_alpha") ?? [])[...], (try node.floats("activation_beta") ?? [])[...]
        )
        activations = try names.map { name in
            let lower = name.lowercased()
            let takesBeta = ["affine", "scaledtanh", "hardsigmoid"].contains(lower)
            let takesAlpha = takesBeta || ["leakyrelu", "thresholdedrelu", "elu"].contains(lower)
            return try CellActivation(
                name, alpha: takesAlpha ? alphas.popFirst() : nil, beta: takesBeta ? betas.popFirst() : nil)
        }
    }

    /// The tensors of a layer, checked: [T, B, I], [D, gates H, I], [D, gates H, H].
    private struct Given {
        var x, w, r: ONNXTensor
        /// [D, 2 gates H], [D, B, H], [D, B, H], [D, 3 H]; zeros where they are left out.
        var bias, state, cell, peepholes: [Float]
        var lengths: [Int]
        var (steps, batch, width, hidden) = (0, 0, 0, 0)
    }

    private func given(_ arguments: Arguments) throws -> Given {
        let budget = arguments.budget
        var x = try arguments(0)
        let (w, r) = (try arguments(1), try arguments(2))
        for tensor in [x, w, r] {
            try tensor.expect(.float32)
            try tensor.expectRank(3)
        }
        if isBatchFirst { x = try ShapeKernels.transpose(x, [1, 0, 2], budget) }
        let (steps, batch, width, hidden) = (x.shape[0], x.shape[1], x.shape[2], r.shape[2])
        guard self.hidden ?? hidden == hidden, hidden > 0, hidden < 1 << 24 else {
            throw DescentError(
                .badData, "another hidden size than the weights have", expected: "\(self.hidden ?? 1)",
                got: "\(hidden)")
        }
        try w.expectShape([directions, gates * hidden, width])
        try r.expectShape([directions, gates * hidden, hidden])
        func floats(_ index: Int, _ shape: [Int], batchFirst: Bool = false) throws -> [Float] {
            guard var tensor = try arguments.optional(index) else {
                _ = try ONNXTensor(.float32, shape, budget)
                return [Float](repeating: 0, count: Shapes.product(shape))
            }
            try tensor.expect(.float32)
            if batchFirst { tensor = try ShapeKernels.transpose(tensor, [1, 0, 2], budget) }
            try tensor.expectShape(shape)
            return try tensor.floats(budget)
        }
        let states = [directions, batch, hidden]
        if isBatchFirst {
            for index in 5...6 { try arguments.optional(index)?.expectRank(3) }
        }
        let lengths = try arguments.optional(4)?.ints() ?? Array(repeating: steps, count: batch)
        guard lengths.count == batch, lengths.allSatisfy({ 0...steps ~= $0 }) else {
            throw DescentError(.badData, "lengths of sequences that they do not have", got: "\(lengths)")
        }
        return Given(
            x: x, w: w, r: r, bias: try floats(3, [directions, 2 * gates * hidden]),
            state: try floats(5, states, batchFirst: isBatchFirst),
            cell: gates == 4 ? try floats(6, states, batchFirst: isBatchFirst) : [],
            peepholes: gates == 4 ? try floats(7, [directions, 3 * hidden]) : [], lengths: lengths,
            steps: steps, batch: batch, width: width, hidden: hidden)
    }

    func callAsFunction(_ arguments: Arguments) throws -> [ONNXTensor] {
        let budget = arguments.budget
        let g = try given(arguments)
        let y = try ONNXTensor(.float32, [g.steps, directions, g.batch, g.hidden], budget)
        let last = try ONNXTensor(.float32, [directions, g.batch, g.hidden], budget)
        let lastCell = gates == 4 ? try ONNXTensor(.float32, last.shape, budget) : nil
        y.view(as: Float.self).update(repeating: 0)
        let rows = gates * g.hidden
        // The products of all steps at once, and those of one step with the state.
        let inputs = try ONNXTensor(.float32, [g.steps * g.batch, rows], budget)
        let (step, state, product) = (
            try ONNXTensor(.float32, [g.batch, rows], budget),
            try ONNXTensor(.float32, [g.batch, g.hidden], budget),
            try ONNXTensor(.float32, [g.batch, g.hidden], budget)
        )
        let view = { (tensor: ONNXTensor) in tensor.view(as: Float.self) }
        for direction in 0..<directions {
            let states = direction * g.batch * g.hidden
            let h = view(state)
            for index in 0..<h.count { h[index] = g.state[states + index] }
            var cell = gates == 4 ? Array(g.cell[states..<states + g.batch * g.hidden]) : []
            try multiply(
                g.x, times: g.w, direction * rows * g.width, to: inputs, rows: g.steps * g.batch, rows,
                g.width)
            let goesBack = isReversed || direction == 1
            for t in 0..<g.steps {
                try multiply(
                    state, times: g.r, direction * rows * g.hidden, to: step, rows: g.batch, rows, g.hidden)
                for row in 0..<g.batch where t < g.lengths[row] {
                    let time = goesBack ? g.lengths[row] - 1 - t : t
                    let own = UnsafeMutableBufferPointer(rebasing: h[row * g.hidden..<(row + 1) * g.hidden])
                    advance(
                        g, direction, view(inputs)[((time * g.batch + row) * rows)...],
                        view(step)[(row * rows)...], own, &cell, row)
                    if gates == 3, !resetsAfter {
                        // The candidate asks for the state that is reset: another product.
                        try resetFirst(
                            g, direction, view(inputs)[((time * g.batch + row) * rows)...],
                            view(step)[(row * rows)...], own, product)
                    }
                    let start = ((time * directions + direction) * g.batch + row) * g.hidden
                    for k in 0..<g.hidden { view(y)[start + k] = own[k] }
                }
            }
            for index in 0..<h.count { view(last)[states + index] = h[index] }
            if let lastCell { for index in cell.indices { view(lastCell)[states + index] = cell[index] } }
        }
        let results = [y, last] + (lastCell.map { [$0] } ?? [])
        guard isBatchFirst else { return results }
        return try [ShapeKernels.transpose(y, [2, 0, 1, 3], budget)]
            + results.dropFirst().map { try ShapeKernels.transpose($0, [1, 0, 2], budget) }
    }

    private func multiply(
        _ a: ONNXTensor, times b: ONNXTensor, _ start: Int, to c: ONNXTensor, rows m: Int, _ n: Int, _ k: Int
    ) throws {
        guard m > 0, k > 0 else { return c.view(as: Float.self).update(repeating: 0) }
        func at(_ tensor: ONNXTensor) -> UnsafeMutablePointer<Float> {
            tensor.base.assumingMemoryBound(to: Float.self)
        }
        try ProductKernels.expectDone(
            cdnn_matmul_f32(0, 1, m, n, k, at(a), k, at(b) + start, k, 0, at(c), n))
    }

    private func clipped(_ x: Float) -> Float { min(max(x, -clip), clip) }

    /// One step of one sequence: `x` and `r` are the products of the input and of the state with the weights of all gates.
    private func advance(
        _ g: Given, _ direction: Int, _ x: Slice<UnsafeMutableBufferPointer<Float>>,
        _ r: Slice<UnsafeMutableBufferPointer<Float>>, _ state: UnsafeMutableBufferPointer<Float>,
        _ cell: inout [Float], _ row: Int
    ) {
        let hidden = g.hidden
        let (x0, r0) = (x.startIndex, r.startIndex)
        let bias = direction * 2 * gates * hidden
        func sum(_ gate: Int, _ k: Int) -> Float {
            let at = gate * hidden + k
            return x[x0 + at] + r[r0 + at] + g.bias[bias + at] + g.bias[bias + gates * hidden + at]
        }
        let own = activations[(direction * activations.count / directions)...]
        let first = own.startIndex
        switch gates {
        case 1: for k in 0..<hidden { state[k] = own[first](clipped(sum(0, k))) }
        case 4:
            let holes = direction * 3 * hidden
            for k in 0..<hidden {
                let at = row * hidden + k
                let old = cell[at]
                let input = own[first](clipped(sum(0, k) + g.peepholes[holes + k] * old))
                let forget =
                    couplesGates
                    ? 1 - input : own[first](clipped(sum(2, k) + g.peepholes[holes + 2 * hidden + k] * old))
                let new = forget * old + input * own[first + 1](clipped(sum(3, k)))
                let output = own[first](clipped(sum(1, k) + g.peepholes[holes + hidden + k] * new))
                cell[at] = new
                state[k] = output * own[first + 2](new)
            }
        default:
            guard resetsAfter else { return }
            for k in 0..<hidden {
                let at = 2 * hidden + k
                let update = own[first](clipped(sum(0, k)))
                let reset = own[first](clipped(sum(1, k)))
                let candidate = own[first + 1](
                    clipped(
                        x[x0 + at] + g.bias[bias + at]
                            + reset * (r[r0 + at] + g.bias[bias + 3 * hidden + at])))
                state[k] = (1 - update) * candidate + update * state[k]
            }
        }
    }

    /// A step of a GRU whose state is reset before it is multiplied.
    private func resetFirst(
        _ g: Given, _ direction: Int, _ x: Slice<UnsafeMutableBufferPointer<Float>>,
        _ r: Slice<UnsafeMutableBufferPointer<Float>>, _ state: UnsafeMutableBufferPointer<Float>,
        _ scratch: ONNXTensor
    ) throws {
        let hidden = g.hidden
        let (x0, r0) = (x.startIndex, r.startIndex)
        let bias = direction * 6 * hidden
        let first = direction * activations.count / directions
        let view = scratch.view(as: Float.self)
        func gate(_ gate: Int, _ k: Int) -> Float {
            let at = gate * hidden + k
            return activations[first](
                clipped(x[x0 + at] + r[r0 + at] + g.bias[bias + at] + g.bias[bias + 3 * hidden + at]))
        }
        for k in 0..<hidden { view[k] = gate(1, k) * state[k] }
        var products = [Float](repeating: 0, count: hidden)
        try products.withUnsafeMutableBufferPointer { to in
            guard let base = to.baseAddress else { return }
            let weights = g.r.base.assumingMemoryBound(to: Float.self) + (direction * 3 + 2) * hidden * hidden
            try ProductKernels.expectDone(
                cdnn_matmul_f32(
                    0, 1, 1, hidden, hidden, scratch.base.assumingMemoryBound(to: Float.self), hidden,
                    weights,
                    hidden, 0, base, hidden))
        }
        for k in 0..<hidden {
            let at = 2 * hidden + k
            let candidate = activations[first + 1](
                clipped(x[x0 + at] + products[k] + g.bias[bias + at] + g.bias[bias + 3 * hidden + at]))
            let update = gate(0, k)
            state[k] = (1 - update) * candidate + update * state[k]
        }
    }
}

extension OperatorRegistry {
    static var recurrentOperators: Family {
        func maker(_ gates: Int, _ standard: [String]) -> OperatorMaker {
            { node in
                let layer = try RecurrentLayer(node, gates: gates, standard)
                return { try layer($0) }
            }
        }
        return [
            ("RNN", 7, maker(1, ["Tanh"])), ("GRU", 7, maker(3, ["Sigmoid", "Tanh"])),
            ("LSTM", 7, maker(4, ["Sigmoid", "Tanh", "Tanh"])),
        ]
    }
}
