import Support

extension Array where Element == ONNXTensor? {
    /// Whether one is of a type of 16 bits.
    var hasHalves: ONNXElementType? {
        for case let tensor? in self where tensor.type.isHalf {
            if case .tensor = tensor.form { return tensor.type }
        }
        return nil
    }
}

/// The operators that take numbers of 16 bits as they are: they only move them, or know them.
private let movers: Set<String> = [
    "Cast", "CastLike", "Identity", "Reshape", "Transpose", "Concat", "Split", "Slice", "Gather", "GatherND",
    "GatherElements", "ScatterElements", "ScatterND", "Scatter", "Squeeze", "Unsqueeze", "Flatten", "Shape",
    "Size",
    "Expand", "Tile", "Where", "Pad", "DepthToSpace", "SpaceToDepth", "If", "Constant",
    "ConstantOfShape",
    "Dropout", "Loop", "Scan", "SequenceMap", "Optional", "OptionalGetElement", "OptionalHasElement",
    "SequenceConstruct", "SequenceInsert", "SequenceErase", "SplitToSequence", "ConcatFromSequence",
    "Compress",
    "ReverseSequence", "CenterCropPad",
]

extension ONNXTensor {
    func cast(to type: ONNXElementType, _ budget: MemoryBudget) throws -> ONNXTensor {
        type == self.type ? self : try CastingKernels.cast(self, to: type, budget)
    }
}

/// Lets an operator of float32 take numbers of 16 bits: computed in float32, and rounded once.
func withHalves(_ run: @escaping Operator, _ type: String) -> Operator {
    guard !movers.contains(type) else { return run }
    return { arguments in
        guard let half = arguments.inputs.hasHalves else { return try run(arguments) }
        let wide = try arguments.inputs.map { tensor in
            tensor?.type.isHalf == true ? try tensor?.cast(to: .float32, arguments.budget) : tensor
        }
        return try run(Arguments(inputs: wide, budget: arguments.budget)).map {
            $0.type == .float32 ? try $0.cast(to: half, arguments.budget) : $0
        }
    }
}
