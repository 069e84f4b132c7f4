import Arrays

extension OptimizerState: Restorable {
    /// The rule's state of each parameter: `mean.0.weight`, `squared-mean.0.weight`.
    package var stateArrays: [(name: String, value: NDArray<Float>)] {
        let names = type(of: optimizer).stateNames
        return slots.flatMap { slot in zip(names, slot.state).map { ("\($0).\(slot.name)", $1) } }
    }

    /// `steps`, the number of steps made, and `learning-rate`, the rule's present one.
    package var stateScalars: [(name: String, value: Double)] {
        [("steps", Double(stepCount)), ("learning-rate", Double(optimizer.learningRate))]
    }

    /// Restores the state of the same rule for parameters of the same names and shapes.
    package mutating func restore(
        arrays: [(name: String, value: NDArray<Float>)], scalars: [(name: String, value: Double)]
    ) throws {
        var saved = try SavedState(of: type(of: optimizer).kind, arrays: arrays, scalars: scalars)
        let names = type(of: optimizer).stateNames
        var restored = slots
        for index in restored.indices {
            let (name, shape) = (restored[index].name, restored[index].parameter.shape)
            for (place, kept) in names.enumerated() {
                restored[index].state[place] = try saved.array("\(kept).\(name)", shape: shape)
            }
        }
        let steps = try saved.count("steps")
        let rate = Float(try saved.number("learning-rate"))
        try saved.finish()
        (slots, stepCount) = (restored, steps)
        optimizer.learningRate = rate
    }
}
