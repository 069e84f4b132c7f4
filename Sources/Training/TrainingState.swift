import ArrayFiles
import Arrays
import ExampleData
import Networks
import Support

/// The state of a training run at one moment: everything that its next step depends on, and its history so far. A ``Checkpoint``
/// is this value written down, with what run it is of.
///
/// It shares no memory that a step changes: arrays are copied when the network writes to them.
struct TrainingState {
    /// The state of one part, by names: the optimiser's, the weight average's, a plateau's.
    struct Part: Restorable {
        var stateArrays: [(name: String, value: NDArray<Float>)]
        var stateScalars: [(name: String, value: Double)]

        init(_ part: some Restorable) { (stateArrays, stateScalars) = (part.stateArrays, part.stateScalars) }

        init(arrays: [(name: String, value: NDArray<Float>)], scalars: [(name: String, value: Double)]) {
            (stateArrays, stateScalars) = (arrays, scalars)
        }

        mutating func restore(
            arrays: [(name: String, value: NDArray<Float>)], scalars: [(name: String, value: Double)]
        ) { self = Part(arrays: arrays, scalars: scalars) }
    }

    /// The weights of an epoch.
    struct Epoch {
        let number: Int
        let weights: [NDArray<Float>]
    }

    /// The names of the weights, in the order of every list of them.
    let names: [String]
    /// The network's weights.
    var weights: [NDArray<Float>]
    /// The resulting weights of the last epoch that ended well; with an average or in the middle of an epoch they differ.
    var good: [NDArray<Float>]
    /// The best epoch's; nil before the first ended.
    var best: Epoch?
    var optimizer: Part
    var average: Part?
    var plateau: Part?
    /// The generator before it drew the running epoch's order.
    var random: RandomState
    /// The place in the run, and the history.
    var loop: LoopState

    /// What a run asks of a state that it takes: the weights' names and shapes, its length and its parts.
    struct Run {
        let members: [NamedParameter]
        let epochs: Int
        let stepsPerEpoch: Int
        let sampleCount: Int
        let hasAverage: Bool
        let hasPlateau: Bool
    }
}
